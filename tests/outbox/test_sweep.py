"""What was not consumed comes again: later each time, and from one sweeper only."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from outbox.consumers import sweep
from outbox.models import OutboxMessage
from outbox.services import pause_after, postpone, sweep_messages
from tests.outbox.queues import TestQueue

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def store_message(*, shard: int = 0, due_at: datetime = NOW, attempts: int = 0) -> OutboxMessage:
    return OutboxMessage.objects.create(
        queue=settings.ORDER_QUEUE,
        body={"order": f"in shard {shard}"},
        shard=shard,
        due_at=due_at,
        attempts=attempts,
        created_at=NOW,
    )


def test_due_messages_of_all_shards_are_sent(order_queue: TestQueue) -> None:
    messages = [store_message(shard=shard) for shard in range(4)]

    assert sweep_messages(now=NOW) == 4

    sent = sorted(json.loads(body)["message"] for body in order_queue.receive())
    assert sent == sorted(message.pk for message in messages)
    assert sweep_messages(now=NOW) == 0


def test_what_is_not_due_waits(order_queue: TestQueue) -> None:
    store_message(due_at=NOW + timedelta(microseconds=1))

    assert sweep_messages(now=NOW) == 0
    assert order_queue.receive() == []


def test_put_off_for_longer_each_time(order_queue: TestQueue) -> None:
    message = store_message(attempts=2)

    sweep_messages(now=NOW)

    message.refresh_from_db()
    assert (message.due_at, message.attempts) == (NOW + timedelta(minutes=8), 3)


def test_of_two_sweepers_one_sends() -> None:
    """Both have read the message as due; the first to write has it."""
    mine, theirs = store_message(), OutboxMessage.objects.get()

    assert postpone(message=mine, now=NOW) is True
    assert postpone(message=theirs, now=NOW) is False


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 2), (1, 4), (4, 32), (5, 60), (6, 60), (10_000, 60)]
)
def test_pauses(attempts: int, minutes: int) -> None:
    assert pause_after(attempts) == timedelta(minutes=minutes)


def test_the_schedule_calls_it(order_queue: TestQueue) -> None:
    assert sweep({"detail-type": "Scheduled Event"}, None) == {"sent": 0}
