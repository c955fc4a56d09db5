"""What is answered when DynamoDB does not: over HTTP, through a proxy that injects faults."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from cart.models import Cart
from dynamodb.client.retries import ATTEMPTS
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.patience import deadline, time_left
from orders.models import Order
from shop.api import failures
from tests.conftest import PASSWORD, Customer
from tests.dynamodb.faults import Fault, Proxy, cancelled, cut_after, refused
from tests.orders.shopping import CHECKOUT
from tests.outbox.queues import TestQueue, order_queue
from tests.shop.failing import ALWAYS, KEY, LINES, Answer, cart, mug, one_second, proxy, quick, send

__all__ = ["cart", "mug", "one_second", "order_queue", "proxy", "quick", "send"]

pytestmark = pytest.mark.django_db(transaction=True)


# Nobody answers ------------------------------------------------------------------------

EVERYWHERE = [
    ("GET", "/api/v1/health/", None),
    ("GET", "/api/v1/products/", None),
    ("GET", "/api/v1/products/mug/", None),
    ("GET", "/api/v1/categories/", None),
    ("GET", "/api/v1/cart/", None),
    ("POST", "/api/v1/cart/", None),
    ("POST", LINES, {"sku": "MUG-RED", "quantity": 1}),
    ("DELETE", LINES, None),
    ("PATCH", LINES + "MUG-RED/", {"quantity": 1}),
    ("DELETE", LINES + "MUG-RED/", None),
    ("POST", "/api/v1/checkout/", CHECKOUT),
    ("GET", "/api/v1/customer/", None),
    ("PATCH", "/api/v1/customer/", {"phone": "030 1"}),
    ("POST", "/api/v1/customer/addresses/", {"address": CHECKOUT["shipping_address"]}),
    ("POST", "/api/v1/customer/consents/", {"purpose": "sms", "given": False}),
    ("GET", "/api/v1/orders/", None),
    ("GET", "/api/v1/orders/AAAA-AAAA-AAAA/", None),
    ("POST", "/api/v1/auth/token/", {"username": "customer", "password": PASSWORD}),
    ("GET", "/admin/", None),
]


@pytest.mark.parametrize(("method", "path", "body"), EVERYWHERE)
def test_a_503_everywhere_when_dynamodb_hangs(
    method: str,
    path: str,
    body: Any,
    one_second: None,
    proxy: Proxy,
    send: Callable[..., Answer],
    customer: Customer,
) -> None:
    """GIVEN a DynamoDB that takes all and answers nothing THEN the deadline is the request's."""
    headers = {"Authorization": f"Bearer {customer.token}", "Idempotency_Key": KEY}
    if path.startswith("/admin/"):
        headers = {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz012345"}
    over, started = threading.Event(), time.monotonic()
    proxy.always = Fault(first=lambda: over.wait(10))
    try:
        answer = send(method, path, body, **headers)
    finally:
        over.set()

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert time.monotonic() - started < 8  # one second's deadline, and a busy machine
    if path.startswith("/api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["code"] == "unavailable"


def test_a_dynamodb_that_is_away(proxy: Proxy, send: Callable[..., Answer]) -> None:
    proxy.always = refused("ServiceUnavailable", 503)
    answer = send("GET", "/api/v1/categories/")
    assert (answer.status, answer.json["code"]) == (503, "unavailable")


# The commit's answer is lost ---------------------------------------------------------------


def test_with_a_key_the_stored_answer_tells(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str], order_queue: TestQueue
) -> None:
    """GIVEN a checkout that was committed WHEN no answer says so THEN the customer hears of it."""
    proxy.inject("TransactWriteItems", *[cut_after()] * ALWAYS)
    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)

    order = Order.objects.get()
    assert (answer.status, answer.json["number"]) == (202, order.number)
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert len(proxy.requests) == ATTEMPTS


def test_with_a_key_that_tells_nothing(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str], order_queue: TestQueue
) -> None:
    """GIVEN a checkout of which DynamoDB has heard, perhaps WHEN no stored answer is there THEN
    it says so, and that the same key may be sent again: once it is there, it is one order."""
    proxy.inject("TransactWriteItems", *[Fault()] * ALWAYS)
    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)

    assert (answer.status, answer.json["code"]) == (503, "outcome_unknown")
    assert answer.json["detail"] == (
        "It may have been done, or not: no answer came that tells. Send the same again with the "
        "same Idempotency-Key: it is done once."
    )
    proxy.faults = []
    again = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)
    assert (again.status, Order.objects.count()) == (202, 1)


def test_without_a_key_it_says_that_it_does_not_know(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str]
) -> None:
    proxy.inject("UpdateItem", *[cut_after()] * ALWAYS)
    answer = send("POST", LINES, {"sku": "MUG-RED", "quantity": 1}, **cart)

    assert (answer.status, answer.json["code"]) == (503, "outcome_unknown")
    assert answer.json["detail"] == (
        "It may have been done, or not: no answer came that tells. Look at what is there now "
        "(GET), and repeat only what is missing."
    )
    assert send("GET", "/api/v1/cart/", **cart).json["lines"][0]["quantity"] == 3


def test_what_was_surely_not_done_is_said_to_be_so(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str]
) -> None:
    proxy.inject("UpdateItem", *[refused("ThrottlingException")] * ALWAYS)
    answer = send("POST", LINES, {"sku": "MUG-RED", "quantity": 1}, **cart)

    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert answer.json["detail"] == failures.AWAY
    assert send("GET", "/api/v1/cart/", **cart).json["lines"][0]["quantity"] == 2


# Tried again, and how often ---------------------------------------------------------------


def test_a_conflict_for_ever(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str]
) -> None:
    """64 commits, when each of eight attempts was sent eight times."""
    conflict = cancelled("TransactionConflict", "None", "None", "None")
    proxy.inject("TransactWriteItems", *[conflict] * ALWAYS)
    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)

    assert (answer.status, answer.json["code"], answer.headers["Retry-After"]) == (
        409,
        "conflict",
        "1",
    )
    assert len(proxy.requests) == 12
    assert Order.objects.count() == 0


def test_retries_do_not_multiply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dynamodb.conflicts.BASE_DELAY", 0)
    ran = []

    def inner() -> None:
        ran.append(1)
        raise ConflictError("always")

    with pytest.raises(ConflictError):
        retry_on_conflict(lambda: retry_on_conflict(lambda: retry_on_conflict(inner)), attempts=5)
    assert len(ran) == 5


def test_deadlines_nest() -> None:
    with deadline(60):
        with deadline(600):
            assert 59 < time_left(1000) <= 60
            assert time_left(5) == 5
        with deadline(0):
            assert time_left(1000) == 0
            with pytest.raises(OperationalError, match="the deadline has passed"):
                Cart.objects.filter(pk="x").first()
        assert Cart.objects.filter(pk="x").first() is None
