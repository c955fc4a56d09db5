"""Money that comes when its order has expired."""

import logging

from django.conf import settings
from django.db import transaction

from catalog.errors import NotEnoughStock
from orders.events import StockAwaited, StockShortfall
from orders.models import Order
from orders.process.ending import give_back, take_note
from orders.process.ground import again
from orders.process.stock import RESTOCKING, reserve_as
from orders.services import move_order
from orders.states import State
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit
from payments import services as payments
from payments.selectors import payments_of, sums_of
from payments.states import State as Paid
from payments.states import payment_status

logger = logging.getLogger(__name__)


def revive(order: Order, delivery: Delivery[Event]) -> Order | None:
    """Take an expired order up again if its money has come after all, and there is stock."""
    known = payments_of(order.pk)
    if not any(payment.refundable or payment.sums.open for payment in known):
        take_note(order, delivery)
        return None
    try:
        return reserve_as(State.PREPARED, order)
    except NotEnoughStock as short:
        return fall_short(order, delivery, short)


def fall_short(order: Order, delivery: Delivery[Event], short: NotEnoughStock) -> Order | None:
    """Money came when the stock was gone: it goes back, or the order waits for stock."""
    logger.critical("Order %s is paid, and %s is gone", order.number, short.sku)
    if settings.BACK_ORDER_SHORTFALLS:
        return back_order(order, delivery)
    for payment in payments_of(order.pk):
        if payment.state == Paid.AUTHORIZED:
            payments.void(payment=payment)
    return refund_shortfall(order, delivery, reason=f"paid when {short.sku} was sold out")


def refund_shortfall(order: Order, delivery: Delivery[Event], *, reason: str) -> Order | None:
    """Give the money back, unless another consumer has found stock and taken the order up."""
    with transaction.atomic():
        stored = Order.objects.select_for_update().get(pk=order.pk)
        if stored.state != order.state:
            return stored
        give_back(stored, delivery, reason=reason, event=StockShortfall(order.pk))
    return None


def back_order(order: Order, delivery: Delivery[Event]) -> Order | None:
    with transaction.atomic():
        known = payments_of(order.pk)
        paid = payment_status(sums_of(known), order.total)
        if not move_order(order=order, state=State.BACK_ORDERED, payment_status=paid):
            return again(order)
        acknowledge(delivery=delivery)
        emit(StockShortfall(order.pk))
        emit(StockAwaited(order.pk), after=RESTOCKING)
    return None
