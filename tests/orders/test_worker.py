"""The worker: between queue and consumer, as Lambda is."""

import json
import threading

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from catalog.models import Variant
from orders.models import Order
from outbox.queues import Outgoing, send
from shop.management.commands import worker
from tests.orders.shopping import make_order, told
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LONG_POLL", 0)


def test_a_batch(order_queue: TestQueue, mug: Variant) -> None:
    order = make_order()
    send(order_queue.name, [Outgoing(told(order), "")])
    send(order_queue.name, [Outgoing({"nonsense": True}, "")])

    worker.process_batch(worker.Queue("orders"))

    assert Order.objects.get(pk=order.pk).status == "confirmed"
    # The one that failed stays hidden until it comes again; the mail is the next message.
    assert waiting(order_queue) == {"visible": 1, "hidden": 1}


def waiting(queue: TestQueue) -> dict[str, int]:
    attributes = queue.sqs.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])
    figures = attributes["Attributes"]
    return {
        "visible": int(figures["ApproximateNumberOfMessages"]),
        "hidden": int(figures["ApproximateNumberOfMessagesNotVisible"]),
    }


def test_an_empty_queue(order_queue: TestQueue) -> None:
    worker.process_batch(worker.Queue("orders"))


def test_records_are_lambda_s(order_queue: TestQueue) -> None:
    send(order_queue.name, [Outgoing({"order": "A"}, "")])

    (record,) = worker.Queue("orders").receive()

    assert json.loads(record["body"]) == {"order": "A"}
    assert record["eventSource"] == "aws:sqs"
    assert record["awsRegion"] == settings.AWS_REGION
    assert record["eventSourceARN"].endswith(f":{order_queue.name}")
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert set(record) == {
        "messageId",
        "receiptHandle",
        "body",
        "attributes",
        "messageAttributes",
        "md5OfBody",
        "eventSource",
        "eventSourceARN",
        "awsRegion",
    }


def test_told_to_stop_it_stops(order_queue: TestQueue) -> None:
    stop = threading.Event()
    stop.set()

    worker.poll(worker.Queue("orders"), stop)
    worker.sweep_until(stop)


def test_without_a_queue(order_queue: TestQueue) -> None:
    order_queue.delete()

    with pytest.raises(CommandError, match=r"Run `manage\.py provision` first"):
        call_command("worker")
