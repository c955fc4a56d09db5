"""What Lambda calls apart from requests: the queue's batches and the schedule."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from zappa.cli import ZappaCLI

from catalog.models import Variant
from orders.models import Order
from outbox.models import OutboxMessage
from shop.management.commands.worker import Queue
from tests.aws_lambda.conftest import Handler
from tests.aws_lambda.gateway import recorded
from tests.cart.conftest import mug
from tests.orders.shopping import make_order, store_message, told

__all__ = ["mug"]

pytestmark = pytest.mark.django_db(transaction=True)


def batch(queue: Queue, bodies: dict[str, str]) -> dict[str, Any]:
    """A batch of these messages, by id, from the order queue."""
    (pattern,) = recorded("sqs")["Records"]
    return {
        "Records": [
            {
                **pattern,
                "messageId": message_id,
                "body": body,
                "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
                "eventSourceARN": queue.arn,
            }
            for message_id, body in bodies.items()
        ]
    }


def status_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


ABOUT = {"type": "order.placed", "version": 1, "subscriber": "orders.process", "id": 1, "at": "-"}
TIMED = ABOUT | {"at": "2026-11-28T00:00:00Z"}
MALFORMED = {
    "no JSON": "not JSON",
    "nothing": "",
    "no object": "[]",
    "a number where the order's should be": '{"order": 7, "message": 1}',
    "deeper than is read": "[" * 100_000,
    "the envelope a list": '{"message": 1, "event": []}',
    "no envelope": '{"message": 1, "event": {}}',
    "a subscriber of no name": '{"message": 1, "event": {"subscriber": []}}',
    "a subscriber of nobody": json.dumps({"message": 1, "event": TIMED | {"subscriber": "x"}}),
    "another's event": json.dumps({"message": 1, "event": TIMED | {"type": "stock.moved"}}),
    "newer code's event": json.dumps({"message": 1, "event": TIMED | {"version": 2}}),
    "no moment": json.dumps({"message": 1, "order": "x", "event": ABOUT}),
    "no truth": json.dumps({"message": True, "order": "x", "event": TIMED}),
    "a number that no key is": json.dumps({"message": 10**60, "order": "x", "event": TIMED}),
    "half a letter": json.dumps({"message": 1, "order": "\ud800", "event": TIMED}),
    "as long as SQS lets it be": json.dumps({"message": "x" * 1_000_000}),
}


@pytest.mark.parametrize("malformed", MALFORMED.values(), ids=MALFORMED)
def test_only_what_failed_comes_again(
    handler: Handler, order_queue: Queue, mug: Variant, malformed: str
) -> None:
    first, last = make_order(), make_order()
    bodies = {
        "m-1": json.dumps(told(first, store_message(first))),
        "m-2": malformed,
        "m-3": json.dumps(told(last, store_message(last))),
    }

    answer = handler(batch(order_queue, bodies), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-2"}]}
    assert (status_of(first), status_of(last)) == ("confirmed", "confirmed")


def test_a_queue_that_no_function_listens_to(
    handler: Handler, order_queue: Queue, mug: Variant
) -> None:
    """Zappa answers null, for which SQS deletes the batch: the queue's ARN must be in the
    settings, which `test_zappa_settings` checks."""
    order = make_order()
    event = batch(order_queue, {"m-1": json.dumps(told(order))})
    event["Records"][0]["eventSourceARN"] += "-other"

    assert handler(event, None) is None

    assert status_of(order) == "created"


def test_the_schedule_sweeps_the_outbox(
    handler: Handler, stage: ZappaCLI, order_queue: Queue, mug: Variant
) -> None:
    order = make_order()
    message = store_message(order)  # due long ago: the sending at checkout was lost
    event = recorded("schedule")
    (schedule,) = (each for each in stage.stage_config["events"] if "expression" in each)
    event["resources"][0] += stage.zappa.get_scheduled_event_name(
        schedule, schedule["function"], stage.lambda_name
    )

    assert handler(event, None) == {"sent": 1}

    assert OutboxMessage.objects.get(pk=message).due_at > timezone.now() + timedelta(minutes=1)
    records = order_queue.receive()
    (body,) = (json.loads(record["body"]) for record in records)
    assert (body["message"], body["order"]) == (message, order.pk)
    assert handler({"Records": records}, None) == {"batchItemFailures": []}
    assert status_of(order) == "confirmed"
    assert handler(event, None) == {"sent": 0}
