"""Messages that nobody has taken: sent again, later and later, and the end of those that nobody
ever will.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from dynamodb.consistency import eventually_consistent
from dynamodb.scans import scan_policy
from outbox import services
from outbox.models import DEAD, LIVING, OutboxMessage
from outbox.services import is_open, send_message, without
from telemetry.metrics import Metric, count

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(hours=1)
SWEPT_AT_ONCE = 400  # messages
MOST_ATTEMPTS = 72  # three days, nearly all of them an hour apart
WORN_OUT = f"Sent {MOST_ATTEMPTS} times, and not taken once: the log says why."
LONGEST_REASON = 200  # characters


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
    return min(services.GRACE * 2 ** min(attempts + 1, 10), LONGEST_PAUSE)


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
