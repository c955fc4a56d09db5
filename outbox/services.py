"""Telling a queue of a change, surely: the message is stored in the change's own transaction.

It is sent right after the commit. Should that fail, or should the message be lost, the
sweeper sends it again, later and later, until its consumer acknowledges it. So messages
come at least once, and consumers must bear repeats.
"""

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from dynamodb.client import ServiceError
from outbox import queues
from outbox.models import DEAD, SHARDS, OutboxMessage

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=60)  # what a consumer has before the first resending
LONGEST_PAUSE = timedelta(hours=1)
SWEPT_AT_ONCE = 100  # messages of a shard
MOST_ATTEMPTS = 72  # three days, nearly all of them an hour apart
WORN_OUT = f"Sent {MOST_ATTEMPTS} times, and not consumed once: the consumer's log says why."


def enqueue_message(*, queue: str, body: dict[str, Any]) -> OutboxMessage:
    """Store a message for `queue`; call it inside the transaction that it belongs to.

    After the commit it goes out as `{"message": <its id>, **body}`. A failure to send is
    logged, never raised: the sweeper follows.
    """
    now = timezone.now()
    message = OutboxMessage.objects.create(
        queue=queue,
        body=body,
        shard=random.randrange(SHARDS),
        due_at=now + GRACE,
        created_at=now,
    )

    def send() -> None:  # no partial: Django's log of what one raises asks for its name, in vain
        send_message(message=message)

    transaction.on_commit(send, robust=True)
    return message


def acknowledge_message(*, message_id: int) -> bool:
    """Forget a message that was consumed; call it in the consumer's last transaction.

    False when it was forgotten before: this was a repeat.
    """
    forgotten, _ = OutboxMessage.objects.filter(pk=message_id).delete()
    return forgotten == 1


def send_message(*, message: OutboxMessage) -> bool:
    """Send a stored message now; False, and a line in the log, when SQS does not take it."""
    try:
        queues.send(message.queue, {"message": message.pk, **message.body})
    except (ServiceError, OperationalError) as error:
        logger.warning("Message %s waits for the sweeper: %s", message.pk, error)
        return False
    return True


def sweep_messages(*, now: datetime) -> int:
    """Send again what is due at `now`; how many messages were sent."""
    return sum(sweep_shard(shard=shard, now=now) for shard in range(SHARDS))


def sweep_shard(*, shard: int, now: datetime) -> int:
    """One Query, and for each message due one conditional write and one sending."""
    due = OutboxMessage.objects.filter(shard=shard, due_at__lte=now).order_by("due_at")
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


def bury(*, message: OutboxMessage, now: datetime, reason: str) -> bool:
    """End a message: it is sent no more. False when it is gone, or another sweeper has it."""
    unchanged = OutboxMessage.objects.filter(pk=message.pk, due_at=message.due_at)
    buried = unchanged.update(shard=DEAD, due_at=now, reason=reason) == 1
    if buried:
        logger.critical("Message %s to %s is dead: %s", message.pk, message.queue, reason)
    return buried


def dead_messages() -> QuerySet[OutboxMessage]:
    """The latest first."""
    return OutboxMessage.objects.filter(shard=DEAD).order_by("-due_at")


def revive(*, message_id: int, now: datetime) -> bool:
    """Send a dead message with the next sweep, as often as a new one. False if it is not dead."""
    dead = OutboxMessage.objects.filter(pk=message_id, shard=DEAD)
    shard = random.randrange(SHARDS)
    return dead.update(shard=shard, due_at=now, attempts=0, reason="") == 1


def postpone(*, message: OutboxMessage, now: datetime) -> bool:
    """Put the message off to its next turn; False when another sweeper did, or it is gone."""
    unchanged = OutboxMessage.objects.filter(pk=message.pk, due_at=message.due_at)
    due_at = now + pause_after(message.attempts)
    return unchanged.update(due_at=due_at, attempts=message.attempts + 1) == 1


def pause_after(attempts: int) -> timedelta:
    """The time until the next sending: 2, 4, 8 ... minutes, at most an hour."""
    return min(GRACE * 2 ** min(attempts + 1, 10), LONGEST_PAUSE)
