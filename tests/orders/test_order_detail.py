"""/api/v1/orders/<number>/: for the owner, or for whoever has the secret."""

import pytest
from django.conf import settings as django_settings
from rest_framework.test import APIClient

from orders.guest_secrets import order_secret
from orders.models import Order
from tests.conftest import Customer
from tests.orders.shopping import ADDRESS, make_order

pytestmark = pytest.mark.django_db


def url(order: Order) -> str:
    return f"/api/v1/orders/{order.number}/"


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def test_an_order_of_before_in_full(customer: Customer) -> None:
    order = make_order(user=customer.user)

    response = customer.get(url(order))

    assert response.status_code == 200
    assert response.json() == {
        "number": order.number,
        "status": "open",
        "payment_status": "none",
        "fulfilment_status": "unfulfilled",
        "reason": "",
        "email": "ada@example.com",
        "placed_at": "2026-03-01T12:00:00Z",
        "updated_at": "2026-03-01T12:00:00Z",
        "lines": [
            {
                "sku": "MUG-RED",
                "name": "Product MUG-RED",
                "slug": "product-mug-red",
                "image": "",
                "options": {"colour": "Red"},
                "quantity": 2,
                "unit_price": eur("12.00"),
                "list_price": None,
                "line_total": eur("24.00"),
                "tax": None,
                "tax_rate": None,
                "adjustments": [],
            }
        ],
        "totals": {
            "subtotal": eur("24.00"),
            "shipping": eur("4.90"),
            "tax": eur("4.61"),
            "total": eur("28.90"),
        },
        "taxes": [],
        "adjustments": [],
        "shipping_address": ADDRESS,
        "payment_method": "test-ok",
        "history": [{"state": "created", "at": "2026-03-01T12:00:00Z"}],
    }


def test_a_guest_with_the_secret(guest: APIClient) -> None:
    order = make_order()
    secret = order_secret(order.number)

    assert guest.get(url(order), headers={"Order-Secret": secret}).status_code == 200
    typed = f"/api/v1/orders/{order.number.lower()}/"
    assert guest.get(typed, headers={"Order-Secret": secret}).status_code == 200


def test_a_secret_in_the_address_opens_nothing(guest: APIClient) -> None:
    """It would lie in every log on the way."""
    order = make_order()

    response = guest.get(url(order), {"secret": order_secret(order.number)})

    assert (response.status_code, response.json()["code"]) == (400, "unknown_parameter")


def test_a_secret_of_an_earlier_key(guest: APIClient, settings) -> None:
    order = make_order()
    secret = order_secret(order.number)
    settings.SECRET_KEY_FALLBACKS = [django_settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one, of fifty characters and some more of them"

    assert guest.get(url(order), headers={"Order-Secret": secret}).status_code == 200


@pytest.mark.parametrize("secret", ["", "x", "Ü", ":", "a:b", "0" * 5000])
def test_no_secret_or_a_wrong_one(guest: APIClient, secret: str) -> None:
    order = make_order()

    response = guest.get(url(order), headers={"Order-Secret": secret})

    assert (response.status_code, response.json()["code"]) == (404, "order_not_found")


def test_the_secret_of_another_order(guest: APIClient) -> None:
    order, other = make_order(), make_order()

    response = guest.get(url(order), headers={"Order-Secret": order_secret(other.number)})

    assert response.status_code == 404


def test_a_stranger(customer: Customer, other_customer: Customer) -> None:
    mine, a_guest_s = make_order(user=customer.user), make_order()

    assert other_customer.get(url(mine)).status_code == 404
    assert other_customer.get(url(a_guest_s)).status_code == 404
    assert other_customer.get(url(mine)).json() == other_customer.get(url(a_guest_s)).json()


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "AAAA-AAAA-AAAA", "%C3%9C", "x" * 3000])
def test_unknown_numbers(customer: Customer, number: str) -> None:
    response = customer.get(f"/api/v1/orders/{number}/")

    assert (response.status_code, response.json()["code"]) == (404, "order_not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_changes_an_order(customer: Customer, method: str) -> None:
    order = make_order(user=customer.user)

    response = getattr(customer, method)(url(order), {"status": "confirmed"})

    assert response.status_code == 405
    assert Order.objects.get(pk=order.pk).state == "created"
