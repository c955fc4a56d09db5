"""Events leave with the commit, and only with it: to each of their subscribers."""

import json

import pytest
from django.db import transaction

from orders.events import HeldOrderCancelled
from outbox.models import OutboxMessage
from outbox.services import emit
from tests.outbox.queues import TestQueue
from tests.outbox.subscribers import BellRung, Household

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_entry_and_a_message_for_each(
    household: Household, order_queue: TestQueue, catalog_queue: TestQueue
) -> None:
    with transaction.atomic():
        entry = emit(BellRung("front"))
        assert (order_queue.receive(), catalog_queue.receive()) == ([], [])

    assert entry is not None
    about = {
        "id": entry.pk,
        "type": "bell.rung",
        "version": 1,
        "key": "front",
        "at": entry.created_at.isoformat().replace("+00:00", "Z"),
    }
    for queue, name in ((order_queue, "dog"), (catalog_queue, "cat")):
        assert [json.loads(body) for body in queue.receive()] == [
            {"door": "front", "message": entry.pk, "event": {**about, "subscriber": name}}
        ]
    (stored,) = OutboxMessage.objects.all()
    assert (stored.type, stored.key, stored.open) == ("bell.rung", "front", "dog,cat")
    assert (stored.body, stored.event) == ({"door": "front"}, None)


def test_what_it_costs(
    household: Household, order_queue: TestQueue, catalog_queue: TestQueue, calls
) -> None:
    """A write, however many are told."""
    with calls() as made, transaction.atomic():
        emit(BellRung("front"))
    assert [call.operation for call in made] == ["PutItem"]


def test_queues_serve_groups_in_turn(
    household: Household, order_queue: TestQueue, catalog_queue: TestQueue
) -> None:
    emit(BellRung("back door"))
    (message,) = order_queue.sqs.receive_message(
        QueueUrl=order_queue.url, MessageSystemAttributeNames=["MessageGroupId"]
    )["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "house-of-back-door"


def test_what_nobody_takes_is_not_stored(household: Household) -> None:
    event = HeldOrderCancelled("A")
    assert emit(event) is None
    assert not OutboxMessage.objects.exists()


def test_a_rolled_back_event_never_was(
    household: Household, order_queue: TestQueue, catalog_queue: TestQueue
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        emit(BellRung("front"))
        raise RuntimeError

    assert (order_queue.receive(), catalog_queue.receive()) == ([], [])
    assert not OutboxMessage.objects.exists()


def test_a_queue_that_is_away_costs_nobody_anything(
    household: Household,
    order_queue: TestQueue,
    catalog_queue: TestQueue,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not even the subscribers of another."""
    order_queue.delete()

    with transaction.atomic():
        entry = emit(BellRung("front"))

    assert entry is not None and OutboxMessage.objects.filter(pk=entry.pk).exists()
    assert f"Message {entry.pk} waits for the sweeper" in caplog.text
    (body,) = catalog_queue.receive()
    assert json.loads(body)["event"]["subscriber"] == "cat"
