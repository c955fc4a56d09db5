"""What the order queue calls."""

from typing import Any

from orders.errors import MailInProgress
from orders.saga import advance_order
from outbox.records import TryLater, consume_records
from payments.errors import GatewayUnavailable
from telemetry.context import add_log_fields


def consume(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Process a batch of SQS records, each by itself; answers with the ones that failed.

    Each record's body is `{"message": <outbox id>, "order": <number>}`.
    """
    return consume_records(event, process_order)


def process_order(body: dict[str, Any]) -> None:
    """Take the order as far as it goes. Raises ValueError for another kind of message."""
    number, message = body.get("order"), body.get("message")
    if not isinstance(number, str) or not isinstance(message, int):
        raise ValueError(f"not an order's message: {body}")
    add_log_fields(order=number)
    try:
        advance_order(number=number, message=message)
    except (GatewayUnavailable, MailInProgress) as error:
        raise TryLater(f"{type(error).__name__}: {error}") from error
