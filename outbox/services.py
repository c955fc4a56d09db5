"""Telling subscribers what has happened, surely: an event is stored with the change itself.

It is sent right after the commit, to each subscriber by itself. Should that fail, or should a
message be lost, the sweeper sends it again, later and later, until each subscriber has
acknowledged it. So events come at least once, and in any order. A subscriber that acknowledges
in the transaction of its effect has the effect once: `acknowledge` is the ledger.
"""

import logging
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from dynamodb.client.refusals import ServiceError
from dynamodb.conflicts import optimistic
from dynamodb.rows.ids import new_id
from outbox import queues
from outbox.errors import TakenBefore
from outbox.events import Delivery, Event
from outbox.models import LIVING, OutboxMessage
from outbox.queues import Outgoing
from outbox.subscriptions import Subscription, UnknownSubscriber, subscribers_of, subscription

logger = logging.getLogger(__name__)
Columns = dict[str, Any]

AT_ONCE = timedelta(0)
GRACE = timedelta(seconds=60)  # what a subscriber has before the first resending


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
