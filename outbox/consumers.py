"""What the queues and the schedule call."""

import logging
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from dynamodb.conflicts import retry_on_conflict
from outbox.errors import Refused, TakenBefore
from outbox.events import Delivery, MalformedEvent
from outbox.records import consume_records, within
from outbox.subscriptions import before_events, handler_of, subscription
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
    return consume_records(event, deliver, context)


def deliver(body: dict[str, Any]) -> None:
    """One event to one subscriber. What it refuses for good is dead at once, and its reason kept.

    Raises ValueError and UnknownSubscriber for what is no such message.
    """
    message, about = body.get("message"), body.get("event")
    if type(message) is not int:
        raise ValueError(f"not a message of the outbox: {body}")
    about = about if about is not None else envelope_of(body)
    name = about["subscriber"]
    event_class = subscription(name).event_class(about["type"], about["version"])
    data = {key: value for key, value in body.items() if key not in ("message", "event")}
    try:
        delivery = Delivery(
            event=event_class.of(data),
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
