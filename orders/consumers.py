"""What subscribes to what happens to orders."""

from orders.errors import MailInProgress
from orders.events import OrderEvent
from orders.saga import advance_order
from outbox.events import Delivery
from outbox.records import TryLater
from payments.errors import GatewayUnavailable
from telemetry.context import add_log_fields


def process_order(delivery: Delivery[OrderEvent]) -> None:
    """Take the order as far as it goes."""
    number = delivery.event.order
    add_log_fields(order=number)
    try:
        advance_order(number=number, delivery=delivery)
    except (GatewayUnavailable, MailInProgress) as error:
        raise TryLater(f"{type(error).__name__}: {error}") from error
