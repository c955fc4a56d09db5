"""Telling a queue of a change, surely: the message is stored in the change's own transaction.

It is sent right after the commit. Should that fail, or should the message be lost, the
sweeper sends it again, later and later, until its consumer acknowledges it. So messages
come at least once, and consumers must bear repeats.
"""

import logging
import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from dynamodb.client import ServiceError
from outbox import queues
from outbox.models import SHARDS, OutboxMessage

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=60)  # what a consumer has before the first resending
LONGEST_PAUSE = timedelta(hours=1)
SWEPT_AT_ONCE = 100  # messages of a shard


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
    transaction.on_commit(partial(send_message, message=message), robust=True)
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
    claimed = [message for message in due[:SWEPT_AT_ONCE] if postpone(message=message, now=now)]
    return sum(send_message(message=message) for message in claimed)


def postpone(*, message: OutboxMessage, now: datetime) -> bool:
    """Put the message off to its next turn; False when another sweeper did, or it is gone."""
    unchanged = OutboxMessage.objects.filter(pk=message.pk, due_at=message.due_at)
    due_at = now + pause_after(message.attempts)
    return unchanged.update(due_at=due_at, attempts=message.attempts + 1) == 1


def pause_after(attempts: int) -> timedelta:
    """The time until the next sending: 2, 4, 8 ... minutes, at most an hour."""
    return min(GRACE * 2 ** min(attempts + 1, 10), LONGEST_PAUSE)
