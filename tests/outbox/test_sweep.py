"""What was not consumed comes again: later each time, and from one sweeper only."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from orders.events import OrderPlaced
from outbox import sweeping
from outbox.consumers import sweep
from outbox.models import OutboxMessage
from outbox.sweeping import (
    MOST_ATTEMPTS,
    bury,
    dead_messages,
    pause_after,
    postpone,
    sweep_messages,
)
from tests.conftest import Staff
from tests.outbox.deliveries import stored
from tests.outbox.queues import TestQueue
from tests.outbox.subscribers import BellRung, Household

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def store_message(*, shard: int = 0, due_at: datetime = NOW, attempts: int = 0) -> OutboxMessage:
    message = stored(
        OrderPlaced(f"in shard {shard}"), shard=shard, due_at=due_at, attempts=attempts
    )
    message.save(force_insert=True)
    return message


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_sent(order_queue: TestQueue, calls: Any) -> None:
    """By one call, and a write for each; code of before has put them in four shards."""
    messages = [store_message(shard=shard) for shard in range(4)]

    with calls() as made:
        assert sweep_messages(now=NOW) == 4
    assert [call.operation for call in made] == ["Scan", *["UpdateItem"] * 4]

    sent = sorted(json.loads(body)["message"] for body in order_queue.receive())
    assert sent == sorted(message.pk for message in messages)
    assert sweep_messages(now=NOW) == 0


def test_no_more_at_once_than_a_call_has_time_for(
    order_queue: TestQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest comes with the next sweep: what was sent is put off, and not found again."""
    monkeypatch.setattr(sweeping, "SWEPT_AT_ONCE", 3)
    for _ in range(5):
        store_message()
    assert [sweep_messages(now=NOW) for _ in range(3)] == [3, 2, 0]


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
        "Sent 72 times, and not taken once: the log says why.",
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


def test_only_who_has_not_taken_it_is_told_again(
    household: Household, order_queue: TestQueue, catalog_queue: TestQueue
) -> None:
    stored(BellRung("front"), open="cat").save(force_insert=True)
    stored(BellRung("back")).save(force_insert=True)

    assert sweep_messages(now=NOW) == 2

    def told(queue: TestQueue) -> list[tuple[str, str]]:
        bodies = map(json.loads, queue.receive())
        return sorted((body["event"]["subscriber"], body["door"]) for body in bodies)

    assert told(order_queue) == [("dog", "back")]
    assert told(catalog_queue) == [("cat", "back"), ("cat", "front")]


def test_messages_of_before_there_were_events_are_sent_as_they_were(
    order_queue: TestQueue,
) -> None:
    old = OutboxMessage.objects.create(
        queue=order_queue.name, body={"order": "A"}, shard=0, due_at=NOW, created_at=NOW
    )
    assert sweep_messages(now=NOW) == 1
    assert [json.loads(body) for body in order_queue.receive()] == [
        {"message": old.pk, "order": "A"}
    ]


def test_a_subscriber_of_newer_code_waits_for_that(
    household: Household, order_queue: TestQueue, caplog: pytest.LogCaptureFixture
) -> None:
    message = stored(BellRung("front"), open="dog,parrot")
    message.save(force_insert=True)
    sweep_messages(now=NOW)
    (body,) = order_queue.receive()
    assert json.loads(body)["event"]["subscriber"] == "dog"
    assert f"Message {message.pk} cannot be sent to parrot" in caplog.text
    message.refresh_from_db()
    assert (message.open, message.is_dead) == ("dog,parrot", False)


def test_a_person_sends_it_again(superuser: Staff, order_queue: TestQueue) -> None:
    message = store_message(attempts=MOST_ATTEMPTS)
    sweep_messages(now=NOW)
    page = superuser.get("/admin/outbox/outboxmessage/").content.decode()
    assert "Sent 72 times, and not taken once" in page

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


def test_a_person_discards_it(superuser: Staff, order_queue: TestQueue) -> None:
    """With a reason, which the history keeps; without one nothing is done."""
    message, other = store_message(attempts=MOST_ATTEMPTS), store_message()
    sweep_messages(now=NOW)
    form = {"action": "discard", "_selected_action": [message.pk]}
    page = "/admin/outbox/outboxmessage/"

    told = superuser.post(page, form, follow=True).content.decode()
    assert "Say why: the history keeps it." in told
    assert OutboxMessage.objects.filter(pk=message.pk).exists()

    told = superuser.post(page, {**form, "reason": "A test order."}, follow=True).content.decode()
    assert "1 outbox message discarded" in told
    assert [each.pk for each in OutboxMessage.objects.all()] == [other.pk]
    (entry,) = LogEntry.objects.filter(object_id=str(message.pk))
    assert entry.get_change_message() == "Discarded: A test order."
    assert entry.object_repr == "order.placed in shard 0"


def test_what_is_not_dead_is_not_discarded(superuser: Staff, order_queue: TestQueue) -> None:
    message = store_message()
    form = {"action": "discard", "_selected_action": [message.pk], "reason": "x"}
    superuser.post("/admin/outbox/outboxmessage/", form)
    assert OutboxMessage.objects.filter(pk=message.pk).exists()


def test_who_may_send_again_may_not_discard(clerk: Staff, order_queue: TestQueue) -> None:
    message = store_message(attempts=MOST_ATTEMPTS)
    sweep_messages(now=NOW)
    for right in ("view_outboxmessage", "change_outboxmessage"):
        clerk.user.user_permissions.add(Permission.objects.get(codename=right))
    form = {"action": "discard", "_selected_action": [message.pk], "reason": "x"}
    clerk.post("/admin/outbox/outboxmessage/", form)
    assert OutboxMessage.objects.filter(pk=message.pk).exists()
    clerk.user.user_permissions.add(Permission.objects.get(codename="delete_outboxmessage"))
    clerk.post("/admin/outbox/outboxmessage/", form)
    assert not OutboxMessage.objects.filter(pk=message.pk).exists()
