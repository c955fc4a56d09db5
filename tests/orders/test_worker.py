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


@pytest.mark.parametrize(
    ("options", "kinds", "sweeps"),
    [
        ({}, {"orders", "catalog", "mail-events"}, 1),
        ({"function": "shop"}, {"orders", "mail-events"}, 1),
        ({"function": "jobs"}, {"catalog"}, 0),
    ],
)
def test_each_function_polls_its_own(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], kinds: set[str], sweeps: int
) -> None:
    """And one sweeps: two would ask for the same."""
    polled: set[str] = set()
    swept: list[threading.Event] = []
    monkeypatch.setattr(worker, "poll", lambda queue, stop: polled.add(queue.name))
    monkeypatch.setattr(worker, "sweep_until", swept.append)
    monkeypatch.setattr(worker, "stop_on_signals", threading.Event.set)

    call_command("worker", **options)

    assert polled == {settings.QUEUES[kind] for kind in kinds}
    assert len(swept) == sweeps


def test_no_function_of_that_name() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'job'"):
        call_command("worker", "--function", "job")


@pytest.mark.parametrize(("kind", "seconds"), [("orders", 30), ("catalog", 900)])
def test_a_call_has_its_function_s_time(kind: str, seconds: int) -> None:
    call = worker.Call(worker.Queue(kind).timeout)
    assert 1000 * seconds - 1000 < call.get_remaining_time_in_millis() <= 1000 * seconds
    assert worker.Call(-1).get_remaining_time_in_millis() == 0
