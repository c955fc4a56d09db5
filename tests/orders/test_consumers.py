"""Batches of the order queue: each record stands by itself."""

import json

import pytest
from django.core import mail

from catalog.models import Variant
from orders import consumers
from orders.models import Order
from orders.process import advance_order
from orders.process.ending import cancel_order
from outbox.consumers import sweep
from shop.events import consume_orders, sweep_outbox
from tests.cart.races import at_once
from tests.orders.shopping import follow, make_order, told
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)

MALFORMED = [
    "",
    "{",
    "null",
    "[]",
    "5",
    "{}",
    '{"order": 5, "message": 1}',
    '{"order": "AAAA-AAAA-AAAA"}',
    '{"order": "AAAA-AAAA-AAAA", "message": "1"}',
    '{"order": "AAAA-AAAA-AAAA", "message": 1}',
    "[" * 100_000,
    '{"message": 1, "event": 5}',
    '{"message": 1, "event": {"subscriber": ["x"]}}',
    '{"message": 1, "event": {"subscriber": "process_order", "type": {}, "version": []}}',
]


@pytest.mark.parametrize("body", MALFORMED)
def test_a_bad_record_fails_alone(mug: Variant, body: str) -> None:
    order = make_order()
    good = json.dumps(told(order))
    records = [{"messageId": "bad", "body": body}, {"messageId": "good", "body": good}]

    answer = consume_orders({"Records": records}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert Order.objects.get(pk=order.pk).status == "confirmed"


def test_an_order_twice_in_a_batch(mug: Variant) -> None:
    order = make_order()
    body = json.dumps(told(order))
    records = [{"messageId": str(number), "body": body} for number in range(2)]

    assert consume_orders({"Records": records}, None) == {"batchItemFailures": []}
    assert follow(order) == []
    assert len(mail.outbox) == 1


def test_orders_of_a_batch_are_read_together(mug: Variant, calls) -> None:
    orders = [make_order() for _ in range(3)]
    bodies = [json.dumps(told(order)) for order in orders]
    records = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]

    with calls() as alone:
        assert consume_orders({"Records": records[:1]}, None) == {"batchItemFailures": []}
    with calls() as together:
        assert consume_orders({"Records": records[1:]}, None) == {"batchItemFailures": []}

    assert together[0].operation == "BatchGetItem"
    assert together[0].table.endswith("orders_order")
    assert len(together) == 2 * (len(alone) - 1) + 1
    assert {order.status for order in Order.objects.all()} == {"confirmed"}


def test_who_changes_an_order_meanwhile_is_seen(
    mug: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a batch whose rows were read, WHEN an order is cancelled before its turn comes, THEN it
    stays cancelled."""
    first, second = make_order(), make_order()
    records = [
        {"messageId": order.number, "body": json.dumps(told(order))} for order in (first, second)
    ]

    def interfere(*, number: str, delivery) -> None:
        if number == first.number:
            assert at_once(lambda: cancel_order(order=Order.objects.get(pk=second.pk), reason="x"))
        advance_order(number=number, delivery=delivery)

    monkeypatch.setattr(consumers, "advance_order", interfere)
    assert consume_orders({"Records": records}, None) == {"batchItemFailures": []}

    statuses = [Order.objects.get(pk=order.pk).status for order in (first, second)]
    assert statuses == ["confirmed", "cancelled"]


def test_the_schedule(order_queue: TestQueue) -> None:
    assert sweep_outbox({}, None) == sweep({}, None) == {"sent": 0}


def test_a_gateway_that_does_not_answer_is_no_error_of_ours(
    mug: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    order = make_order(payment_method="test-unavailable")
    body = json.dumps(told(order))
    caplog.set_level("INFO")

    answer = consume_orders({"Records": [{"messageId": "m-1", "body": body}]}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    said = [(each.levelname, each.message, each.exc_info) for each in caplog.records][:-1]
    reason = "GatewayUnavailable: The test gateway does not answer."
    assert said == [("WARNING", f"Record m-1 was not processed: {reason}", None)]
    assert caplog.messages[-1].startswith("consume_orders done, 1 of 1 failed, in ")
