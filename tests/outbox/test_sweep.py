"""What was not consumed comes again: later each time, and from one sweeper only."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission

from outbox.consumers import sweep
from outbox.models import OutboxMessage
from outbox.services import (
    MOST_ATTEMPTS,
    bury,
    dead_messages,
    pause_after,
    postpone,
    sweep_messages,
)
from tests.conftest import Staff
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


def test_an_end(order_queue: TestQueue, caplog: pytest.LogCaptureFixture) -> None:
    """GIVEN a message that nobody has consumed for days WHEN it falls due THEN it is dead."""
    message = store_message(attempts=MOST_ATTEMPTS)
    living = store_message(attempts=MOST_ATTEMPTS - 1)

    assert sweep_messages(now=NOW) == 1

    assert [json.loads(body)["message"] for body in order_queue.receive()] == [living.pk]
    message.refresh_from_db()
    assert (message.is_dead, message.reason) == (
        True,
        "Sent 72 times, and not consumed once: the consumer's log says why.",
    )
    assert list(dead_messages()) == [message]
    assert [(each.levelname, f"Message {message.pk}" in each.message) for each in caplog.records][
        :1
    ] == [("CRITICAL", True)]
    assert sweep_messages(now=NOW + timedelta(days=30)) == 0
    assert list(dead_messages()) == [living, message]


def test_of_two_sweepers_one_buries() -> None:
    mine, theirs = store_message(attempts=MOST_ATTEMPTS), OutboxMessage.objects.get()

    assert bury(message=mine, now=NOW + timedelta(minutes=1), reason="x") is True
    assert bury(message=theirs, now=NOW + timedelta(minutes=1), reason="x") is False


def test_a_person_sends_it_again(superuser: Staff, order_queue: TestQueue) -> None:
    message = store_message(attempts=MOST_ATTEMPTS)
    sweep_messages(now=NOW)
    page = superuser.get("/admin/outbox/outboxmessage/").content.decode()
    assert "Sent 72 times, and not consumed once" in page

    form = {"action": "send_again", "_selected_action": [message.pk]}
    told = superuser.post("/admin/outbox/outboxmessage/", form, follow=True).content.decode()

    assert "1 outbox message sent again within a minute" in told
    message.refresh_from_db()
    assert (message.is_dead, message.attempts, message.reason) == (False, 0, "")
    assert sweep({"detail-type": "Scheduled Event"}, None) == {"sent": 1}


def test_who_may_only_look_may_not(clerk: Staff, order_queue: TestQueue) -> None:
    message = store_message(attempts=MOST_ATTEMPTS)
    sweep_messages(now=NOW)
    clerk.user.user_permissions.add(Permission.objects.get(codename="view_outboxmessage"))
    form = {"action": "send_again", "_selected_action": [message.pk]}
    clerk.post("/admin/outbox/outboxmessage/", form)
    message.refresh_from_db()
    assert message.is_dead
