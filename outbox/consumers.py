"""What the queues and the schedule call."""

import logging
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils import timezone

from dynamodb.conflicts import retry_on_conflict
from dynamodb.reads import read_ahead
from outbox.errors import Refused, TakenBefore
from outbox.events import Delivery, Event, MalformedEvent
from outbox.records import consume_records, parse_body, within
from outbox.subscriptions import before_events, handler_of, reader_of, subscription
from outbox.sweeping import bury_part, sweep_messages

logger = logging.getLogger(__name__)


def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Send the stored messages that are due; answers `{"sent": <how many>}`."""
    with within(context):
        return {"sent": sweep_messages(now=timezone.now())}


def consume(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Give each SQS record to its subscriber; answers with the ones that failed.

    A body is what `outbox.services.body_for` makes.
    """
    with within(context), read_ahead(rows_of(event["Records"])):
        return consume_records(event, deliver, context)


def rows_of(records: list[dict[str, Any]]) -> dict[type[Model], list[Any]]:
    """What the subscribers of a batch say that they read first; of one record alone nothing is
    gained by it."""
    rows: dict[type[Model], list[Any]] = {}
    for record in records if len(records) > 1 else ():
        with suppress(ValueError, LookupError, TypeError, RecursionError):  # `deliver` says which
            body = parse_body(record["body"])
            about = about_of(body)
            reader = reader_of(about["subscriber"])
            for model, keys in (reader(event_of(body, about)) if reader else {}).items():
                rows.setdefault(model, []).extend(keys)
    return rows


def deliver(body: dict[str, Any]) -> None:
    """One event to one subscriber. What it refuses for good is dead at once, and its reason kept.

    Raises ValueError and UnknownSubscriber for what is no such message.
    """
    message = body.get("message")
    if type(message) is not int:
        raise ValueError(f"not a message of the outbox: {body}")
    about = about_of(body)
    name = about["subscriber"]
    try:
        delivery = Delivery(
            event=event_of(body, about),
            subscriber=name,
            id=about["id"],
            at=datetime.fromisoformat(about["at"]),
            message=message,
        )
        handler_of(name)(delivery)
    except TakenBefore as repeat:
        logger.info("%s", repeat)
    except (MalformedEvent, Refused) as refusal:
        bury = partial(bury_part, message, name, reason=str(refusal), now=timezone.now())
        if not retry_on_conflict(bury):
            raise


def about_of(body: dict[str, Any]) -> dict[str, Any]:
    """Whom a body is for, and which event it is. Raises UnknownSubscriber."""
    about: dict[str, Any] | None = body.get("event")
    return about if about is not None else envelope_of(body)


def event_of(body: dict[str, Any], about: dict[str, Any]) -> Event:
    """Raises UnknownSubscriber and MalformedEvent."""
    event_class = subscription(about["subscriber"]).event_class(about["type"], about["version"])
    return event_class.of({name: body[name] for name in body if name not in ("message", "event")})


def envelope_of(body: dict[str, Any]) -> dict[str, Any]:
    """What the body of a message would say that was stored before there were events."""
    taker = before_events(body)
    event = taker.events[0]
    return {
        "subscriber": taker.name,
        "id": body["message"],
        "type": event.type,
        "version": event.version,
        "at": timezone.now().isoformat(),
    }
