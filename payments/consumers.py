"""What subscribes to what happens to payments."""

from outbox.events import Delivery
from outbox.records import TryLater
from payments import services
from payments.errors import GatewayUnavailable
from payments.events import NotificationReceived, RefundRequested
from telemetry.context import add_log_fields


def take_notification(delivery: Delivery[NotificationReceived]) -> None:
    add_log_fields(order=delivery.event.order)
    services.take_notification(delivery=delivery)


def process_refund(delivery: Delivery[RefundRequested]) -> None:
    add_log_fields(order=delivery.event.order)
    try:
        services.process_refund(delivery=delivery)
    except GatewayUnavailable as error:
        raise TryLater(f"GatewayUnavailable: {error}") from error
