"""/api/v1/checkout/: from a cart to an accepted order, once."""

import json
from typing import Any

import pytest
from django.db.models import Model
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from cart.keys import guest_key
from cart.models import Cart
from catalog.models import Variant
from orders.guest_secrets import order_secret
from orders.models import Order
from orders.numbers import NUMBER
from outbox.models import OutboxMessage
from shop.models import IdempotencyKey
from tests.cart.articles import set_stock, stock_article
from tests.cart.shoppers import Shopper
from tests.conftest import Customer
from tests.orders.shopping import ADDRESS, CHECKOUT, check_out, fill_cart
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/checkout/"
KEY = "a-key-of-some-length"


def count(model: type[Model]) -> int:
    return len(model._default_manager.all())


def cart_lines(client: Shopper) -> dict[str, Any]:
    return Cart.objects.get(pk=guest_key(client.token)).lines


def test_a_guest_orders(buyer: Shopper, order_queue: TestQueue) -> None:
    response = check_out(buyer)

    assert response.status_code == 202
    order = Order.objects.get()
    assert NUMBER.fullmatch(order.number)
    assert response.json() == {
        "number": order.number,
        "status": "open",
        "secret": order_secret(order.number),
        "total": {"amount": "28.90", "currency": "EUR"},
        "url": f"http://testserver/api/v1/orders/{order.number}/",
    }
    assert response.headers["Location"] == response.json()["url"]
    assert order.user_id is None
    assert cart_lines(buyer) == {}
    message = OutboxMessage.objects.get()
    (body,) = map(json.loads, order_queue.receive())
    assert (body["message"], body["order"]) == (message.pk, order.number)
    assert (body["event"]["type"], body["event"]["subscriber"]) == (
        "order.placed",
        "orders.process",
    )


def test_the_order_is_a_snapshot(buyer: Shopper, order_queue: TestQueue) -> None:
    check_out(buyer)
    Variant.objects.filter(pk="MUG-RED").update(price="99.00", product_name="Renamed")

    order = Order.objects.get()

    assert order.lines == [
        {
            "sku": "MUG-RED",
            "n": "Product MUG-RED",
            "l": "product-mug-red",
            "i": "",
            "o": {"colour": "Red"},
            "quantity": 2,
            "p": "12.00",
            "r": "19",
            "t": "3.83",
        }
    ]
    assert order.shipping_parts == [
        {
            "r": "19",
            "t": "0.78",
            "x": [{"k": "shipping", "s": "standard", "a": "4.90", "t": "0.78"}],
        }
    ]
    assert order.history == [{"status": "created", "us": 0}]
    assert (order.email, order.shipping_address) == ("ada@example.com", ADDRESS)


def test_a_customer_orders(customer: Customer, mug: Variant, order_queue: TestQueue) -> None:
    fill_cart(customer, {"MUG-RED": 1})

    response = check_out(customer, email="Ada@Example.COM")

    order = Order.objects.get(pk=response.json()["number"])
    assert (order.user_id, order.email) == (customer.user.pk, "ada@example.com")


def test_today_s_price_counts(buyer: Shopper, order_queue: TestQueue) -> None:
    Variant.objects.filter(pk="MUG-RED").update(price="15.50")

    refused = check_out(buyer, total="0.01", price="0.01", status="confirmed", user=1)
    response = check_out(buyer)

    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["price", "status", "total", "user"]
    assert response.json()["total"] == {"amount": "35.90", "currency": "EUR"}
    assert Order.objects.get().state == "created"


def test_stock_is_the_saga_s_business(buyer: Shopper, order_queue: TestQueue) -> None:
    set_stock("MUG-RED", 0)

    assert check_out(buyer).status_code == 202


def test_a_queue_that_is_away_loses_no_order(buyer: Shopper, order_queue: TestQueue) -> None:
    order_queue.delete()

    assert check_out(buyer).status_code == 202
    assert OutboxMessage.objects.get().body == {"order": Order.objects.get().number}


def test_the_same_key_gives_the_same_answer(buyer: Shopper, order_queue: TestQueue) -> None:
    first, again = check_out(buyer, key=KEY), check_out(buyer, key=KEY)

    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (count(Order), count(OutboxMessage)) == (1, 1)
    assert len(order_queue.receive()) == 1


def test_the_same_key_with_the_scheme_in_another_case(
    customer: Customer, mug: Variant, order_queue: TestQueue
) -> None:
    fill_cart(customer, {"MUG-RED": 1})
    first = check_out(customer, key=KEY)
    token = RefreshToken.for_user(customer.user).access_token
    customer.credentials(HTTP_AUTHORIZATION=f"bearer {token}")

    again = check_out(customer, key=KEY)

    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count(Order) == 1


def test_the_same_key_orders_no_second_cart(buyer: Shopper, order_queue: TestQueue) -> None:
    first = check_out(buyer, key=KEY)
    fill_cart(buyer, {"MUG-RED": 5})

    assert check_out(buyer, key=KEY).json() == first.json()
    assert count(Order) == 1
    assert cart_lines(buyer)["MUG-RED"]["quantity"] == 5


def test_the_same_key_with_another_body(buyer: Shopper, order_queue: TestQueue) -> None:
    check_out(buyer, key=KEY)

    response = check_out(buyer, key=KEY, email="eve@example.com")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert count(Order) == 1


def test_somebody_else_s_key_is_nothing_to_me(
    buyer: Shopper, customer: Customer, order_queue: TestQueue
) -> None:
    fill_cart(customer, {"MUG-RED": 1})

    numbers = {check_out(client, key=KEY).json()["number"] for client in (buyer, customer)}

    assert len(numbers) == 2


def test_without_a_key(buyer: Shopper) -> None:
    response = buyer.post(URL, CHECKOUT)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")
    assert count(Order) == 0


def assert_refused(client: APIClient, response: Any, status: int = 400) -> dict[str, Any]:
    """Nothing was written; the problem."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (count(Order), count(OutboxMessage), count(IdempotencyKey)) == (0, 0, 0)
    return response.json()


def test_an_empty_cart(shopper: Shopper) -> None:
    problem = assert_refused(shopper, check_out(shopper))
    assert problem["errors"] == {"cart": ["The cart is empty. Add something first."]}


def test_a_customer_without_a_cart(customer: Customer) -> None:
    assert list(assert_refused(customer, check_out(customer))["errors"]) == ["cart"]


def test_lines_no_longer_for_sale(buyer: Shopper) -> None:
    stock_article("CUP")
    fill_cart(buyer, {"CUP": 1})
    Variant.objects.filter(pk="MUG-RED").update(for_sale=False)

    problem = assert_refused(buyer, check_out(buyer))

    assert problem["errors"] == {
        "cart": ["No longer for sale: MUG-RED. Remove and try again."],
    }
    assert set(cart_lines(buyer)) == {"MUG-RED", "CUP"}


@pytest.mark.parametrize(
    ("token", "status", "code"), [(None, 401, "cart_token_missing"), ("x", 404, "cart_not_found")]
)
def test_whose_cart(guest: APIClient, token: str | None, status: int, code: str) -> None:
    if token:
        guest.credentials(HTTP_CART_TOKEN=token)
    assert assert_refused(guest, check_out(guest), status)["code"] == code


@pytest.mark.parametrize("field", ["email", "shipping_address", "payment_method"])
@pytest.mark.parametrize("value", [None, "", 5, 1.5, True, [], "x\x00", "ü" * 300])
def test_bad_fields(buyer: Shopper, field: str, value: Any) -> None:
    assert list(assert_refused(buyer, check_out(buyer, **{field: value}))["errors"]) == [field]
    assert cart_lines(buyer)["MUG-RED"]["quantity"] == 2


@pytest.mark.parametrize("field", ["name", "line1", "postal_code", "city", "country"])
@pytest.mark.parametrize("value", [None, "", " ", 5, True, [], {}, "x\x00", "ü" * 300])
def test_bad_addresses(buyer: Shopper, field: str, value: Any) -> None:
    response = check_out(buyer, shipping_address={**ADDRESS, field: value})

    problem = assert_refused(buyer, response)
    assert list(problem["errors"]["shipping_address"]) == [field]


@pytest.mark.parametrize("field", ["name", "line1", "line2", "postal_code", "city"])
@pytest.mark.parametrize("control", ["\n", "\r", "\x85", "\u2028", "\u2029", "\t", "\x1b"])
def test_paragraphs_of_one_s_own(buyer: Shopper, field: str, control: str) -> None:
    """Addresses stand in the shop's mails."""
    text = f"N{control}Pay again"
    response = check_out(buyer, shipping_address={**ADDRESS, field: text})

    problem = assert_refused(buyer, response)
    assert problem["errors"] == {
        "shipping_address": {field: ["One line, without control characters."]}
    }


@pytest.mark.parametrize("country", ["XX", "D", "DEU", "Germany", "1"])
def test_countries_that_are_none(buyer: Shopper, country: str) -> None:
    response = check_out(buyer, shipping_address={**ADDRESS, "country": country})

    assert assert_refused(buyer, response)["errors"] == {
        "shipping_address": {"country": ["Two letters that name a country, like DE."]}
    }


def test_fields_missing(buyer: Shopper) -> None:
    response = buyer.post(URL, {}, headers={"Idempotency-Key": KEY})

    required = ["This field is required."]
    assert assert_refused(buyer, response)["errors"] == dict.fromkeys(CHECKOUT, required)


def test_an_unknown_payment_method(buyer: Shopper) -> None:
    response = check_out(buyer, payment_method="gold")

    assert assert_refused(buyer, response)["errors"] == {
        "payment_method": [
            "One of test-ok, test-declined, test-unavailable, test-action, test-later."
        ]
    }


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"', b"\xff", b""])
def test_malformed_bodies(buyer: Shopper, body: bytes) -> None:
    headers = {"Idempotency-Key": KEY}
    response = buyer.post(URL, body, content_type="application/json", headers=headers)

    assert_refused(buyer, response)
