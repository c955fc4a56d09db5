"""Steps that wait for stock."""

from datetime import timedelta

from django.db import transaction

from catalog.errors import NotEnoughStock
from catalog.services import allocate
from orders.events import OrderConfirmed, StockAwaited
from orders.models import Order
from orders.process.ending import end, store_statuses
from orders.process.ground import again, check_stock, pieces
from orders.reasons import SOLD_OUT
from orders.services import move_order
from orders.states import State
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit
from payments.selectors import payments_of, sums_of
from payments.states import payment_status
from telemetry.metrics import Metric

RESTOCKING = timedelta(hours=1)  # between two looks whether there is stock


def reserve(order: Order, delivery: Delivery[Event]) -> Order | None:
    """Reserve the stock of all lines, or cancel: one transaction either way."""
    try:
        return reserve_as(State.PREPARED, order)
    except NotEnoughStock as short:
        return end(order, delivery, Metric.STOCK_OUTS, reason=SOLD_OUT.format(sku=short.sku))


def reserve_as(state: State, order: Order) -> Order | None:
    """Move the order on with its stock. Raises NotEnoughStock, and nothing is done."""
    with transaction.atomic():
        check_stock(order)
        moved = move_order(order=order, state=state)
        if moved is not None:
            allocate(document=order.pk, number=len(moved.history), lines=pieces(order))
            moved.just_reserved = order.state == State.CREATED
    return moved or again(order)


def restock(order: Order, delivery: Delivery[Event]) -> Order | None:
    """Confirm a back-ordered order as soon as there is stock; look again in an hour."""
    try:
        with transaction.atomic():
            check_stock(order)
            paid = payment_status(sums_of(payments_of(order.pk)), order.total)
            moved = move_order(order=order, state=State.CONFIRMED, payment_status=paid)
            if moved is None:
                return again(order)
            allocate(document=order.pk, number=len(moved.history), lines=pieces(order))
            acknowledge(delivery=delivery)
            emit(OrderConfirmed(order.pk))
    except NotEnoughStock:
        with transaction.atomic():
            store_statuses(again(order), payments_of(order.pk))
            if acknowledge(delivery=delivery) and isinstance(delivery.event, StockAwaited):
                emit(StockAwaited(order.pk), after=RESTOCKING)
    return None
