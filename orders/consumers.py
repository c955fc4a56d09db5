"""What subscribes to what happens to orders and their payments."""

from functools import partial

from django.db.models import Model

from dynamodb.conflicts import retry_on_conflict
from mails.once import send_once
from orders.events import OrderCancelled, OrderConfirmed, OrderEvent, OrderExpired
from orders.mails import make_mail
from orders.models import Order
from orders.process import advance_order
from orders.process.ground import stored_order
from orders.states import State
from outbox.events import Delivery
from outbox.records import TryLater
from outbox.services import acknowledge
from payments.errors import GatewayUnavailable
from payments.events import PaymentChanged
from telemetry.context import add_log_fields

#: What is told of by mail, and the mail's kind.
TOLD = {
    OrderConfirmed.type: State.CONFIRMED,
    OrderCancelled.type: State.CANCELLED,
    OrderExpired.type: State.EXPIRED,
}


def rows(event: OrderEvent | PaymentChanged) -> dict[type[Model], list[str]]:
    """What both of these read first."""
    return {Order: [event.order]}


def process_order(delivery: Delivery[OrderEvent | PaymentChanged]) -> None:
    """Take the order as far as it goes."""
    number = delivery.event.order
    add_log_fields(order=number)
    try:
        advance_order(number=number, delivery=delivery)
    except GatewayUnavailable as error:
        raise TryLater(f"{type(error).__name__}: {error}") from error


def send_mail(delivery: Delivery[OrderEvent]) -> None:
    """Tell the customer."""
    number, kind = delivery.event.order, TOLD[delivery.event.type]
    add_log_fields(order=number)
    order = stored_order(number)
    send_once(about=number, kind=kind.value, make=partial(make_mail, order, kind))
    retry_on_conflict(partial(acknowledge, delivery=delivery))
