"""Telling subscribers what has happened, surely: an event is stored with the change itself.

It is sent right after the commit, to each subscriber by itself. Should that fail, or should a
message be lost, the sweeper sends it again, later and later, until each subscriber has
acknowledged it. So events come at least once, and in any order. A subscriber that acknowledges
in the transaction of its effect has the effect once: `acknowledge` is the ledger.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from dynamodb.client.refusals import ServiceError
from dynamodb.conflicts import optimistic
from dynamodb.consistency import eventually_consistent
from dynamodb.rows.ids import new_id
from dynamodb.scans import scan_policy
from outbox import queues
from outbox.errors import TakenBefore
from outbox.events import Delivery, Event
from outbox.models import DEAD, LIVING, OutboxMessage
from outbox.queues import Outgoing
from outbox.subscriptions import Subscription, UnknownSubscriber, subscribers_of, subscription
from telemetry.metrics import Metric, count

logger = logging.getLogger(__name__)
Columns = dict[str, Any]

AT_ONCE = timedelta(0)
GRACE = timedelta(seconds=60)  # what a subscriber has before the first resending
LONGEST_PAUSE = timedelta(hours=1)
SWEPT_AT_ONCE = 400  # messages
MOST_ATTEMPTS = 72  # three days, nearly all of them an hour apart
WORN_OUT = f"Sent {MOST_ATTEMPTS} times, and not taken once: the log says why."
LONGEST_REASON = 200  # characters


# Telling ---------------------------------------------------------------------------------


def emit(event: Event, *, after: timedelta = AT_ONCE) -> OutboxMessage | None:
    """Tell the event's subscribers; call it inside the transaction that it belongs to.

    One item is stored, however many they are; None and nothing when there are none. A failure to
    send after the commit is logged, never raised: the sweeper follows. With `after` it is told
    when so much time is over, by the sweeper.
    """
    takers = subscribers_of(event)
    if not takers:
        return None
    message = OutboxMessage(**telling(event, takers, after=after))
    message.save(force_insert=True)
    if not after:
        send_after_commit(message)
    return message


def telling(event: Event, takers: list[Subscription], *, after: timedelta = AT_ONCE) -> Columns:
    """What a new message says of an event."""
    now = timezone.now()
    return {
        "queue": settings.QUEUES[takers[0].queue],
        "type": event.type,
        "version": event.version,
        "key": event.key,
        "body": event.data,
        "open": ",".join(each.name for each in takers),
        "shard": LIVING,
        "due_at": now + (after or GRACE),
        "created_at": now,
    }


def send_after_commit(message: OutboxMessage) -> None:
    def send() -> None:  # no partial: Django's log of what one raises asks for its name, in vain
        send_message(message=message)

    transaction.on_commit(send, robust=True)


def send_message(*, message: OutboxMessage) -> bool:
    """Send a stored message to its open subscribers now; False, and a line in the log, when SQS
    does not take all of it."""
    sent = True
    for queue, outgoing in outgoing_of(message).items():
        try:
            queues.send(queue, outgoing)
        except (ServiceError, OperationalError) as error:
            logger.warning("Message %s waits for the sweeper: %s", message.pk, error)
            sent = False
    return sent


def outgoing_of(message: OutboxMessage) -> dict[str, list[Outgoing]]:
    """What goes out, by the name of the queue. A subscriber of newer code is left to that."""
    if not message.type:
        return {message.queue: [Outgoing({"message": message.pk, **message.body}, "")]}
    found = defaultdict(list)
    for name in message.open_subscribers:
        try:
            taker = subscription(name)
            event = taker.event_class(message.type, message.version).of(message.body)
        except (UnknownSubscriber, ValueError) as error:
            logger.error("Message %s cannot be sent to %s: %s", message.pk, name, error)
        else:
            body = body_for(message, name)
            found[settings.QUEUES[taker.queue]].append(Outgoing(body, event.group))
    return found


def body_for(message: OutboxMessage, subscriber: str) -> dict[str, Any]:
    """The data as it is, and what it is about: so code of before there were events, which a
    deployment or a roll-back leaves running for a moment, reads what it knows."""
    return {
        **message.body,
        "message": message.pk,
        "event": {
            "id": message.event or message.pk,
            "type": message.type,
            "version": message.version,
            "key": message.key,
            "at": message.created_at.isoformat().replace("+00:00", "Z"),
            "subscriber": subscriber,
        },
    }


# Taking ----------------------------------------------------------------------------------


def acknowledge(*, delivery: Delivery[Event]) -> bool:
    """Note that the subscriber has taken the event; call it in its last transaction. False when
    it had before: this is a repeat.

    With the last subscriber the message goes. Of two that acknowledge at the same moment one
    gets a ConflictError at its commit, and runs again.
    """
    with transaction.atomic(savepoint=False), optimistic() as unread:
        stored = OutboxMessage.objects.filter(pk=delivery.message)
        open_ = delivery.subscriber if unread and is_alone(delivery) else read_open(stored)
        if open_ is None or not is_open(open_, delivery.subscriber):
            return False
        rest = without(delivery.subscriber, open_)
        if rest:
            stored.update(open=rest)
        else:
            unchanged(stored, open_).delete()
        return True


def hand_on(*, delivery: Delivery[Event], event: Event) -> None:
    """Acknowledge, and tell `event`, which follows: call it in the transaction that does it.

    Where nobody else has yet to take the one, its message becomes the other's: a write for two.
    """
    takers = subscribers_of(event)
    with transaction.atomic(savepoint=False), optimistic() as unread:
        stored = OutboxMessage.objects.filter(pk=delivery.message)
        open_ = delivery.subscriber if unread and is_alone(delivery) else read_open(stored)
        # A repeat of the one must not be taken for the other.
        is_for_it = any(taker.name == delivery.subscriber for taker in takers)
        if open_ != delivery.subscriber or is_for_it or not takers:
            acknowledge(delivery=delivery)
            emit(event)
            return
        columns = {**telling(event, takers), "event": new_id(), "attempts": 0, "reason": ""}
        unchanged(stored, open_).update(**columns)
        send_after_commit(OutboxMessage(pk=delivery.message, **columns))


def is_alone(delivery: Delivery[Event]) -> bool:
    """Whether nobody else takes such events: then it is known what its message has open."""
    return [each.name for each in subscribers_of(delivery.event)] == [delivery.subscriber]


def read_open(stored: QuerySet[OutboxMessage]) -> str | None:
    """Who has not taken the message; None if it is gone."""
    found = stored.values("open").first()
    return None if found is None else found["open"] or ""


def unchanged(stored: QuerySet[OutboxMessage], open_: str) -> QuerySet[OutboxMessage]:
    """The message if it is as it was read, or thought to be. (The column is null in messages of
    before there were events.)"""
    return stored.filter(open=open_) if open_ else stored


def acknowledge_once(*, delivery: Delivery[Event]) -> None:
    """The same, for an effect that does not bear repeats: raises TakenBefore, which rolls the
    transaction back and which consumers take for success."""
    if not acknowledge(delivery=delivery):
        raise TakenBefore(f"{delivery.subscriber} has taken {delivery.id}")


def is_open(open_: str, subscriber: str) -> bool:
    """Messages of before there were events name nobody: they have one subscriber."""
    return not open_ or subscriber in open_.split(",")


def without(subscriber: str, open_: str) -> str:
    return ",".join(each for each in open_.split(",") if each != subscriber)


# Again, and the end ----------------------------------------------------------------------


def sweep_messages(*, now: datetime) -> int:
    """Send again what is due at `now`; how many messages were sent.

    The table holds what is under way, mostly nothing: it is read whole, in one call, until enough
    is found. For each message due one conditional write and one sending.
    """
    due = OutboxMessage.objects.filter(due_at__lte=now).exclude(shard=DEAD)
    with scan_policy("allow"), eventually_consistent():
        messages = list(due[:SWEPT_AT_ONCE])
    worn_out = [message for message in messages if message.attempts >= MOST_ATTEMPTS]
    for message in worn_out:
        bury(message=message, now=now, reason=WORN_OUT)
    claimed = [
        message
        for message in messages
        if message not in worn_out and postpone(message=message, now=now)
    ]
    return sum(send_message(message=message) for message in claimed)


def postpone(*, message: OutboxMessage, now: datetime) -> bool:
    """Put the message off to its next turn; False when another sweeper did, or it is gone."""
    unchanged = OutboxMessage.objects.filter(pk=message.pk, due_at=message.due_at)
    due_at = now + pause_after(message.attempts)
    return unchanged.update(due_at=due_at, attempts=message.attempts + 1) == 1


def pause_after(attempts: int) -> timedelta:
    """The time until the next sending: 2, 4, 8 ... minutes, at most an hour."""
    return min(GRACE * 2 ** min(attempts + 1, 10), LONGEST_PAUSE)


def bury(*, message: OutboxMessage, now: datetime, reason: str) -> bool:
    """End a message for all who have not taken it: it is sent no more. False when it is gone, or
    another sweeper has it."""
    unchanged = OutboxMessage.objects.filter(pk=message.pk, due_at=message.due_at)
    buried = unchanged.update(shard=DEAD, due_at=now, reason=reason) == 1
    if buried:
        tell_dead(message, message.open or message.queue, reason)
    return buried


def bury_part(message_id: int, subscriber: str, *, reason: str, now: datetime) -> bool:
    """End an event for one subscriber, which refuses it: the others go on. False when there is no
    such message, so that nothing could be kept. Raises ConflictError when it changes meanwhile."""
    reason = reason[:LONGEST_REASON]
    with transaction.atomic():
        message = OutboxMessage.objects.filter(pk=message_id).first()
        if message is None:
            return False
        if message.is_dead or not is_open(message.open or "", subscriber):
            return True
        rest = without(subscriber, message.open or "")
        stored = OutboxMessage.objects.filter(pk=message.pk)
        if rest:
            stored.update(open=rest)
            cut_off(message, subscriber, now, reason).save(force_insert=True)
        else:
            stored.update(shard=DEAD, due_at=now, reason=reason)
    tell_dead(message, subscriber, reason)
    return True


def cut_off(message: OutboxMessage, subscriber: str, now: datetime, reason: str) -> OutboxMessage:
    """The same event, dead, for one subscriber alone."""
    return OutboxMessage(
        queue=message.queue,
        type=message.type,
        version=message.version,
        key=message.key,
        body=message.body,
        open=subscriber,
        event=message.event or message.pk,
        shard=DEAD,
        due_at=now,
        created_at=message.created_at,
        reason=reason,
    )


def tell_dead(message: OutboxMessage, whose: str, reason: str) -> None:
    count(Metric.EVENTS_DEAD)
    logger.critical("Message %s to %s is dead: %s", message.pk, whose, reason)


def dead_messages() -> QuerySet[OutboxMessage]:
    """The latest first."""
    return OutboxMessage.objects.filter(shard=DEAD).order_by("-due_at")


def revive(*, message_id: int, now: datetime) -> bool:
    """Send a dead message with the next sweep, as often as a new one. False if it is not dead."""
    dead = OutboxMessage.objects.filter(pk=message_id, shard=DEAD)
    return dead.update(shard=LIVING, due_at=now, attempts=0, reason="") == 1


def discard(*, message_id: int) -> bool:
    """Forget a dead message for good. False if it is not dead."""
    forgotten, _ = OutboxMessage.objects.filter(pk=message_id, shard=DEAD).delete()
    return forgotten == 1
