"""Batches of the order queue: each record stands by itself."""

import json

import pytest
from django.core import mail

from catalog.models import Variant
from orders.models import Order
from outbox.consumers import sweep
from shop.events import consume_orders, sweep_outbox
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
