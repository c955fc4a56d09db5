"""What is counted when, and the exact lines that CloudWatch gets."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from catalog.models import Variant
from catalog.services import movements
from dynamodb.calls import Call
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from orders.events import OrderPlaced
from orders.models import Order
from orders.process import ending
from outbox.services import body_for
from payments.facts import Fact, Kind
from payments.gateways.testing import TestGateway
from shop.events import consume_orders
from telemetry import work as module
from telemetry.metrics import Metric, collect, count, numbers
from telemetry.work import Work, tell
from tests.cart.articles import set_stock
from tests.cart.races import at_once
from tests.cart.shoppers import Shopper
from tests.conftest import PASSWORD, make_user
from tests.orders.shopping import PLACED, check_out, fill_cart, make_order
from tests.outbox.deliveries import stored
from tests.outbox.queues import TestQueue
from tests.telemetry.calls import LambdaCall
from tests.telemetry.conftest import Log, batch, billed, names_of, told

pytestmark = pytest.mark.django_db(transaction=True)


def process(order: Order) -> None:
    consume_orders(batch(told(order)), LambdaCall("l-1"))


def sign_in(client: APIClient, name: str, password: str) -> Any:
    return client.post("/api/v1/auth/token/", {"username": name, "password": password})


def charge_another_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*args: Any, reference: str, **options: Any) -> list[Fact]:
        return [Fact(Kind.CHARGED, reference, Decimal("1.00"), "EUR", PLACED)]

    monkeypatch.setattr(TestGateway, "pay", wrong)


# The line -------------------------------------------------------------------------------


def test_the_line(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telemetry.work.time.time", lambda: 1_773_101_039.25)
    monkeypatch.setattr("telemetry.work.memory_size", lambda: 1024)
    monkeypatch.setattr(module, "current_fields", lambda: {"cold_start": True})
    calls = [
        Call("Query", "shop-catalog_listing", None, 2.5, 3.0, 1_773_101_039.0),
        Call("TransactWriteItems", "shop-orders_order", None, 8.0, 9.0, 1_773_101_039.2),
    ]
    done = Work("POST /api/v1/checkout/", requests=1, fields={"status": 202})
    values = {Metric.CONSUMER_LAG: [0.25, 0.5], Metric.ORDERS_PLACED: [1.0, 1.0]}

    tell(done, values, calls, 12.3456)

    (line,) = log.works
    message = "POST /api/v1/checkout/ 202 in 12.3 ms; DynamoDB calls 2, units 10.5"
    assert line.pop("message") == message
    assert (line.pop("level"), line.pop("logger")) == ("INFO", "telemetry.work")
    del line["time"]  # when it was written
    assert line == {
        "_aws": {
            "Timestamp": 1_773_101_039_250,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Shop",
                    "Dimensions": [["Stage"]],
                    "Metrics": [
                        {"Name": "ConsumerLag", "Unit": "Seconds"},
                        {"Name": "OrdersPlaced", "Unit": "Count"},
                        {"Name": "CostEstimate", "Unit": "None"},
                    ],
                },
            ],
        },
        "Stage": "dev",
        "Endpoint": "POST /api/v1/checkout/",
        "status": 202,
        "ConsumerLag": [0.25, 0.5],
        "OrdersPlaced": 2.0,
        "ColdStarts": 1,
        "CostEstimate": 1.0587e-05,
        "Latency": 12.35,
        "DynamoDBCalls": 2,
        "CapacityUnits": 10.5,
    }


def test_a_line_holds_a_hundred_values() -> None:
    values = {Metric.CONSUMER_LAG: [1.0] * 101}
    assert numbers(values) == {"ConsumerLag": [1.0] * 100}


# When it counts -------------------------------------------------------------------------


def test_nothing_counts_that_is_rolled_back() -> None:
    with collect() as values:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            count(Metric.ORDERS_PLACED)
            raise ZeroDivisionError
        with transaction.atomic():
            count(Metric.STOCK_OUTS)
            assert values == {}
        count(Metric.CARTS_OPENED, 2)
    assert values == {Metric.STOCK_OUTS: [1], Metric.CARTS_OPENED: [2]}


def test_what_runs_again_counts_once() -> None:
    conflicts = iter((True, True))

    def run() -> None:
        with transaction.atomic():
            count(Metric.ORDERS_PLACED)
            if next(conflicts, False):
                raise ConflictError

    with collect() as values:
        retry_on_conflict(run)
    assert values == {Metric.ORDERS_PLACED: [1]}


def test_nobody_listens() -> None:
    count(Metric.ORDERS_PLACED)


# What is counted ------------------------------------------------------------------------


def test_a_sale(
    shopper: Shopper, mug: Variant, order_queue: TestQueue, guest: APIClient, log: Log
) -> None:
    """A cart counts with its first line, and again once an order has emptied it."""
    guest.post("/api/v1/cart/")
    fill_cart(shopper, {"MUG-RED": 1})
    fill_cart(shopper, {"MUG-RED": 1})
    number = check_out(shopper, key="k" * 16).json()["number"]
    assert check_out(shopper, key="k" * 16).json()["number"] == number
    fill_cart(shopper, {"MUG-RED": 1})
    consume_orders(batch(*order_queue.receive()), None)

    assert log.counts() == {"CartsOpened": 2, "OrdersPlaced": 1, "OrdersConfirmed": 1}


def test_a_checkout_that_is_refused(shopper: Shopper, order_queue: TestQueue, log: Log) -> None:
    assert check_out(shopper).status_code == 400
    assert log.counts() == {}


def test_a_race_counts_each_order_once(mug: Variant, log: Log) -> None:
    """Two deliveries of one order and one of another, all at once, twice."""
    orders = [make_order(), make_order()]
    messages = [told(orders[0]), told(orders[0]), told(orders[1])]

    for _ in range(2):
        at_once(*[lambda each=each: consume_orders(batch(each), None) for each in messages])

    assert {Order.objects.get(pk=order.pk).status for order in orders} == {"confirmed"}
    assert log.counts() == {"OrdersConfirmed": 2}
    assert len(log.values("ConsumerLag")) == 2


def test_the_lag(mug: Variant, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.services.timezone.now", lambda: PLACED + timedelta(seconds=2.5))
    process(make_order())
    assert log.values("ConsumerLag") == [2.5]


def test_sold_out(mug: Variant, log: Log) -> None:
    set_stock("MUG-RED", 1)
    order = make_order()
    for _ in range(2):
        process(order)
    assert log.counts() == {"OrdersCancelled": 1, "StockOuts": 1}


def test_declined(mug: Variant, log: Log) -> None:
    order = make_order(payment_method="test-declined")
    for _ in range(2):
        process(order)
    assert log.counts() == {"OrdersCancelled": 1, "PaymentsDeclined": 1}


def test_a_decline_that_runs_again_counts_once(
    mug: Variant, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    conflicts, release = iter((True, True)), movements.release

    def busy(**options: Any) -> None:
        release(**options)
        if next(conflicts, False):
            raise ConflictError

    monkeypatch.setattr(ending, "release", busy)
    process(make_order(payment_method="test-declined"))
    assert log.counts() == {"OrdersCancelled": 1, "PaymentsDeclined": 1}


def test_every_try_at_a_gateway_that_is_away(mug: Variant, log: Log) -> None:
    order = make_order(payment_method="test-unavailable")
    for _ in range(2):
        process(order)
    assert log.counts() == {"PaymentsUnavailable": 2}


def test_the_share_of_payments_that_fail(mug: Variant, log: Log) -> None:
    for method in ("test-ok", "test-declined", "test-ok", "test-unavailable"):
        process(make_order(payment_method=method))
    assert log.values("PaymentFailures") == [0, 1, 0, 1]


def test_held(mug: Variant, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    charge_another_sum(monkeypatch)
    order = make_order()
    for _ in range(2):
        process(order)
    assert log.counts() == {"OrdersHeld": 1}


def test_wrong_passwords(guest: APIClient, log: Log) -> None:
    """Each counts once, in the admin and the API; who is right counts for nothing."""
    make_user("ada")
    for password in ("wrong", "wronger", PASSWORD):
        sign_in(guest, "ada", password)
    form = {"username": "ada", "password": "wrong"}
    assert guest.post("/admin/login/", form, format="multipart").status_code == 200
    assert log.counts() == {"SignInFailures": 3}


def test_attempts_beyond_the_limit(guest: APIClient, log: Log, settings: Any) -> None:
    """They are not tried, so they are no failures; refreshing is no sign-in."""
    settings.LIMITS = {**settings.LIMITS, "sign-in-address": "1/day", "refresh-address": "1/day"}
    answers = [sign_in(guest, name, "wrong") for name in ("ada", "bob", "eve")]
    answers += [guest.post("/api/v1/auth/token/refresh/", {"refresh": "x"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429, 429, 401, 429]
    assert log.counts() == {"SignInFailures": 1, "SignInsBlocked": 2}


def test_there_is_no_other_metric(
    buyer: Shopper,
    order_queue: TestQueue,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    """Each is in some line of these stories, and CloudWatch takes eight, for each of which it
    bills 0.30 USD a month at most: whatever the endpoints."""
    monkeypatch.setattr(module, "cold_start", iter((True,)))
    settings.LIMITS = {**settings.LIMITS, "sign-in-address": "1/day"}
    check_out(buyer)
    fill_cart(buyer, {"MUG-RED": 1})
    for method in ("test-ok", "test-declined", "test-unavailable"):
        process(make_order(payment_method=method))
    charge_another_sum(monkeypatch)
    process(make_order())
    set_stock("MUG-RED", 0)
    process(make_order())
    malformed = stored(OrderPlaced("A"), body={"order": 5})
    malformed.save(force_insert=True)
    consume_orders(batch(json.dumps(body_for(malformed, "orders.process"))), None)
    for _ in range(2):
        sign_in(APIClient(), "nobody", "wrong")

    assert {name for line in log.works for name in names_of(line)} == {
        metric.value for metric in Metric
    }
    assert len({line["Endpoint"] for line in log.works}) > 1
    assert {metric for line in log.works for metric in billed(line)} == {
        ("Shop", "ConsumerLag", "dev"),
        ("Shop", "CostEstimate", "dev"),
        ("Shop", "EventsDead", "dev"),
        ("Shop", "OrdersHeld", "dev"),
        ("Shop", "OrdersPlaced", "dev"),
        ("Shop", "PaymentFailures", "dev"),
        ("Shop", "SignInFailures", "dev"),
        ("Shop", "SignInsBlocked", "dev"),
    }
