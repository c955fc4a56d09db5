"""/api/v1/cart/: making a guest's cart, and looking into one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from cart.keys import guest_key, user_key
from cart.models import Cart
from catalog.models import Variant
from tests.cart.articles import set_stock, stock_article
from tests.cart.shoppers import Shopper
from tests.conftest import Customer

pytestmark = pytest.mark.django_db

URL, LINES = "/api/v1/cart/", "/api/v1/cart/lines/"
NOTHING = {"amount": "0.00", "currency": "EUR"}


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def stored(shopper: Shopper) -> Cart:
    return Cart.objects.get(pk=guest_key(shopper.token))


def test_a_guest_gets_a_cart_and_its_token(guest: APIClient) -> None:
    response = guest.post(URL)

    assert response.status_code == 201
    token = response.headers["Cart-Token"]
    cart = Cart.objects.get(pk=guest_key(token))
    assert response.json() == {
        "lines": [],
        "totals": dict.fromkeys(("subtotal", "shipping", "tax", "total"), NOTHING),
        "expires_at": cart.expires_at.isoformat().replace("+00:00", "Z"),
        "token": token,
    }
    assert cart.expires_at - cart.updated_at == timedelta(days=7)
    assert token not in cart.key


def test_a_cart_in_full(shopper: Shopper, mug: Variant) -> None:
    Variant.objects.filter(pk="MUG-RED").update(image="products/mug.webp")
    shopper.post(LINES, {"sku": "MUG-RED", "quantity": 2})

    response = shopper.get(URL)

    assert response.status_code == 200
    data = response.json()
    image = data["lines"][0].pop("image")
    assert image.endswith("/products/mug.webp")
    assert data == {
        "lines": [
            {
                "sku": "MUG-RED",
                "name": "Product MUG-RED",
                "slug": "product-mug-red",
                "options": {"colour": "Red"},
                "quantity": 2,
                "unit_price": eur("12.00"),
                "list_price": None,
                "line_total": eur("24.00"),
                "old_price": None,
                "problem": None,
            }
        ],
        "totals": {
            "subtotal": eur("24.00"),
            "shipping": eur("4.90"),
            "tax": eur("4.61"),
            "total": eur("28.90"),
        },
        "expires_at": stored(shopper).expires_at.isoformat().replace("+00:00", "Z"),
    }


def test_a_changed_price_is_reported_and_charged(shopper: Shopper, mug: Variant) -> None:
    shopper.post(LINES, {"sku": "MUG-RED", "quantity": 1})
    Variant.objects.filter(pk="MUG-RED").update(price="15.50")

    data = shopper.get(URL).json()

    assert data["lines"][0]["unit_price"] == eur("15.50")
    assert data["lines"][0]["old_price"] == eur("12.00")
    assert data["totals"]["subtotal"] == eur("15.50")


@pytest.mark.parametrize(
    ("left", "problem"),
    [
        (0, {"code": "sold_out", "detail": "Sold out."}),
        (2, {"code": "not_enough_stock", "detail": "Only 2 left."}),
        (3, None),
    ],
)
def test_stock_that_went_is_reported(
    shopper: Shopper, mug: Variant, left: int, problem: dict[str, str] | None
) -> None:
    shopper.post(LINES, {"sku": "MUG-RED", "quantity": 3})
    set_stock("MUG-RED", left)

    data = shopper.get(URL).json()

    assert data["lines"][0]["problem"] == problem
    assert data["totals"]["subtotal"] == eur("36.00")


def test_what_is_no_longer_for_sale_is_shown_but_not_counted(
    shopper: Shopper, mug: Variant
) -> None:
    stock_article("CUP", price="3.00")
    stock_article("JUG", price="20.00")
    for sku in ("MUG-RED", "CUP", "JUG"):
        shopper.post(LINES, {"sku": sku, "quantity": 1})
    Variant.objects.filter(pk="MUG-RED").update(for_sale=False)
    Variant.objects.filter(pk="JUG").delete()

    data = shopper.get(URL).json()

    gone = {"code": "unavailable", "detail": "No longer for sale."}
    assert [(line["sku"], line["name"], line["problem"]) for line in data["lines"]] == [
        ("MUG-RED", "Product MUG-RED", gone),
        ("CUP", "Product CUP", None),
        ("JUG", "JUG", gone),
    ]
    assert data["totals"]["subtotal"] == eur("3.00")


def test_no_token(guest: APIClient) -> None:
    response = guest.get(URL)

    assert response.status_code == 401
    assert response.json()["code"] == "cart_token_missing"
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("token", ["unknown", "x" * 5000, "Ünïcode", "user:1", "'\""])
def test_a_foreign_token(guest: APIClient, token: str) -> None:
    response = guest.get(URL, headers={"Cart-Token": token})

    assert response.status_code == 404
    assert response.json()["code"] == "cart_not_found"


def test_an_expired_cart_is_absent(shopper: Shopper, mug: Variant) -> None:
    Cart.objects.filter(pk=stored(shopper).pk).update(expires_at=timezone.now())

    assert shopper.get(URL).status_code == 404
    assert shopper.post(LINES, {"sku": "MUG-RED", "quantity": 1}).status_code == 404


def test_a_customer_without_a_cart(customer: Customer) -> None:
    response = customer.get(URL)

    assert response.status_code == 200
    assert response.json() == {
        "lines": [],
        "totals": dict.fromkeys(("subtotal", "shipping", "tax", "total"), NOTHING),
        "expires_at": None,
    }
    assert not Cart.objects.filter(pk=user_key(customer.user.pk)).exists()


def test_a_customer_s_cart_is_theirs_alone(
    customer: Customer, other_customer: Customer, mug: Variant
) -> None:
    customer.post(LINES, {"sku": "MUG-RED", "quantity": 2})

    assert customer.get(URL).json()["lines"][0]["quantity"] == 2
    assert other_customer.get(URL).json()["lines"] == []


def test_a_customer_s_expired_cart_starts_anew(customer: Customer, mug: Variant) -> None:
    key = user_key(customer.user.pk)
    customer.post(LINES, {"sku": "MUG-RED", "quantity": 2})
    Cart.objects.filter(pk=key).update(expires_at=timezone.now())

    assert customer.get(URL).json()["lines"] == []
    response = customer.post(LINES, {"sku": "MUG-RED", "quantity": 1})

    assert response.json()["lines"][0]["quantity"] == 1
    assert Cart.objects.get(pk=key).expires_at > timezone.now()


def test_signed_in_with_a_guest_s_token(customer: Customer, shopper: Shopper, mug: Variant) -> None:
    """The token names the cart: what was put in as a guest can still be ordered."""
    shopper.post(LINES, {"sku": "MUG-RED", "quantity": 2})
    token = shopper.token

    assert len(customer.get(URL, headers={"Cart-Token": token}).json()["lines"]) == 1
    assert customer.get(URL).json()["lines"] == []
