"""Events on their way to a subscriber, as the queues bring them."""

import json
from datetime import UTC, datetime
from typing import Any

from outbox.consumers import consume
from outbox.events import Delivery, Event
from outbox.models import OutboxMessage
from outbox.services import body_for
from outbox.subscriptions import subscribers_of

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def stored(event: Event, *, pk: int | None = None, **columns: Any) -> OutboxMessage:
    """The outbox's entry of an event, not yet saved; due long ago."""
    takers = ",".join(each.name for each in subscribers_of(event))
    given = {
        "pk": pk,
        "type": event.type,
        "version": event.version,
        "key": event.key,
        "body": event.data,
        "open": takers,
        "shard": 0,
        "due_at": THEN,
        "created_at": THEN,
    }
    return OutboxMessage(**given | columns)


def batch(*bodies: Any) -> dict[str, Any]:
    """These bodies as Lambda delivers them, m-1 and on."""
    records = [
        {"messageId": f"m-{place}", "body": json.dumps(body), "eventSource": "aws:sqs"}
        for place, body in enumerate(bodies, 1)
    ]
    return {"Records": records}


def deliver_message(message: OutboxMessage) -> list[dict[str, str]]:
    """One delivery to each subscriber that has not taken it; the failures reported."""
    bodies: list[Any] = [body_for(message, name) for name in message.open_subscribers]
    if not message.type:  # of before there were events
        bodies = [{"message": message.pk, **message.body}]
    return consume(batch(*bodies), None)["batchItemFailures"]


def delivery_of(message: OutboxMessage, event: Event) -> Delivery[Event]:
    """What its only subscriber gets."""
    return Delivery(
        event=event,
        subscriber=message.open,
        id=message.pk,
        at=message.created_at,
        message=message.pk,
    )


def waiting() -> list[OutboxMessage]:
    """In the order in which they were made: that of their keys differs from run to run, and a story
    that Hypothesis tells again must be the same."""
    return sorted(OutboxMessage.objects.all(), key=lambda each: (each.created_at, each.type))
