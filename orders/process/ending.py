"""How orders end, and what is given back then."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.services import release
from orders.events import (
    HeldOrderCancelled,
    MoneyOwed,
    OrderCancelled,
    OrderExpired,
    OrderPlaced,
)
from orders.models import Order
from orders.process.ground import FIRST, again, pieces
from orders.services import move_order
from orders.states import FOLLOWERS, WITH_STOCK, FulfilmentStatus, State
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit, hand_on
from payments import services as payments
from payments.models import Payment, Refund
from payments.selectors import payments_of, refunds_of, sums_of
from payments.states import State as Paid
from payments.states import payment_status
from telemetry.metrics import Metric, count

logger = logging.getLogger(__name__)

VOIDABLE = frozenset({Paid.ASKED, Paid.PENDING, Paid.ACTION_REQUIRED, Paid.AUTHORIZED})


def end(
    order: Order,
    delivery: Delivery[Event],
    *causes: Metric,
    reason: str,
    state: State = State.CANCELLED,
    **columns: Any,
) -> Order | None:
    """End the order; what it had reserved goes back in the same transaction.

    `causes` are counted beside the end; `columns` change with it.
    """
    with transaction.atomic():
        if not end_here(order, state, reason, partial(hand_on, delivery=delivery), **columns):
            return again(order)
        for cause in causes:
            count(cause)
    return None


def end_here(
    order: Order, state: State, reason: str, tell: Callable[..., object], **columns: Any
) -> bool:
    """The same within somebody's transaction; False when the order is not as it was read.

    `tell` is `emit`, or another that takes an `event`.
    """
    moved = move_order(order=order, state=state, reason=reason, **columns)
    if moved is None:
        return False
    if order.state in WITH_STOCK:
        release(document=order.pk, number=len(moved.history), lines=pieces(order))
    tell(event=(OrderExpired if state == State.EXPIRED else OrderCancelled)(order.pk))
    return True


def cancel_order(*, order: Order, reason: str) -> bool:
    """End an order that nothing of has left: its stock goes back, its money follows by itself.

    False when it has ended already, or something has left. Raises ConflictError when it changes
    meanwhile.
    """
    if State.CANCELLED not in FOLLOWERS[State(order.state)]:
        return False
    if order.fulfilment_status != FulfilmentStatus.UNFULFILLED:
        return False
    with transaction.atomic():
        ended = end_here(order, State.CANCELLED, reason, emit)
        if ended:
            emit(MoneyOwed(order.pk))
    return ended


def settle(order: Order, delivery: Delivery[Event]) -> Order | None:
    """Give back what was paid for a cancelled order, and what is only promised."""
    for payment in payments_of(order.pk) or recalled(order):
        if payment.state in VOIDABLE:
            payments.void(payment=payment)
    give_back(order, delivery, reason=order.reason)
    return None


def recalled(order: Order) -> list[Payment]:
    """The payment of an order of which none is stored, if the gateway was asked nevertheless: by
    a consumer that died before it could say so. (What was held, and has none, is of code of
    before: a person has refunded it.)"""
    was_prepared = any(entry["status"] == State.PREPARED for entry in order.history)
    if order.was_held or not was_prepared or order.total == 0:
        return []
    payment = payments.recall(
        order=order.pk,
        number=FIRST,
        amount=order.totals.total,
        method=order.payment_method,
    )
    return [payment] if payment else []


def give_back(
    order: Order, delivery: Delivery[Event], *, reason: str, event: Event | None = None
) -> None:
    """Request the refund of all that is left of the order's payments, and tell `event`."""
    with transaction.atomic():
        order = again(order)
        known = payments_of(order.pk)
        refund_all(order, known, reason)
        store_statuses(order, known)
        if acknowledge(delivery=delivery):
            if event is not None:
                emit(event)
            # Code of before told the customer itself, with the message that led here.
            elif isinstance(delivery.event, OrderPlaced | HeldOrderCancelled):
                emit(OrderCancelled(order.pk))


def refund_all(order: Order, known: list[Payment], reason: str) -> None:
    """What a provider has refused to give back, it is not asked for again: that has no end."""
    refunds = refunds_of(order.pk)
    refused = {(each.payment, each.amount) for each in refunds if each.state == Refund.State.FAILED}
    number = len(refunds)
    for payment in known:
        if payment.is_odd:
            logger.critical("Payment %s is in another currency: refund it by hand", payment)
        elif (payment.number, payment.refundable) in refused:
            left = payment.money(payment.refundable)
            logger.critical(
                "Payment %s: its refund of %s was refused, make it by hand", payment, left
            )
        elif payment.refundable:
            number += 1
            payments.request_refund(
                payment=payment, number=number, amount=payment.refundable, reason=reason
            )


def take_note(order: Order, delivery: Delivery[Event]) -> None:
    """Nothing is to be done, but the order says what hangs on it."""
    with transaction.atomic():
        store_statuses(again(order), payments_of(order.pk))
        acknowledge(delivery=delivery)


def store_statuses(order: Order, known: list[Payment]) -> None:
    """Write what the payments say, if the order says otherwise.

    In a transaction that has read the order, and after it the payments: so the write of whoever
    has older news than the order fails, and is made anew of newer ones.
    """
    stored = again(order)
    before = stored.payment_status, stored.standing
    if known:
        stored.payment_status = payment_status(sums_of(known), stored.total)
    stored.standing = stored.status
    if (stored.payment_status, stored.standing) != before:
        stored.updated_at = timezone.now()
        stored.save(update_fields=["payment_status", "standing", "updated_at"])
