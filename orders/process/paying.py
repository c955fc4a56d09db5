"""The payment of an order whose stock is reserved."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from dynamodb.conflicts import optimistic, retry_on_conflict
from orders.events import OrderConfirmed, OrderPlaced, PaymentDue
from orders.limits import note_declined
from orders.models import Order
from orders.process.ending import end
from orders.process.ground import FIRST, again
from orders.reasons import AUTHORIZED, CHARGED, DECLINED, NOT_PAID, TAKEN_BACK
from orders.services import move_order
from orders.states import State
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit, hand_on
from payments import services as payments
from payments.errors import GatewayUnavailable
from payments.models import Payment
from payments.states import PaymentStatus, payment_status
from payments.states import State as Paid
from telemetry.metrics import Metric, count

logger = logging.getLogger(__name__)

NO_TIME = timedelta(0)


def pay(order: Order, delivery: Delivery[Event]) -> Order | None:
    """See to the payment; the order's number makes sure that there is one.

    No gateway is asked for nothing: a total of 0.00 is paid as it is.
    """
    if order.total == 0:
        return confirm(order, delivery, PaymentStatus.CHARGED)
    payment = known_payment(order) or ask(order)
    match payment.state:
        case Paid.CHARGED | Paid.AUTHORIZED:
            return accept(order, payment, delivery)
        case Paid.DECLINED:
            return decline(order, payment, delivery)
        case Paid.VOIDED if time_to_pay(order) <= NO_TIME:  # by who died before the order's end
            return end_unpaid(order, delivery)
        case Paid.VOIDED | Paid.REFUNDED:
            status = payment_status(payment.sums, order.total)
            return end(order, delivery, reason=TAKEN_BACK, payment_status=status)
        case _:
            return wait(order, payment, delivery)


def known_payment(order: Order) -> Payment | None:
    """The payment, if one is stored; nothing is asked where stock was reserved only now."""
    if order.just_reserved:
        return None
    return Payment.objects.filter(order=order.pk, number=FIRST).first()


def ask(order: Order) -> Payment:
    """Ask the gateway, and keep what it says, unless that is stored with the order's confirmation.

    Raises GatewayUnavailable: the message must come again.
    """
    try:
        payment = payments.pay(
            order=order.pk,
            number=FIRST,
            amount=order.totals.total,
            method=order.payment_method,
            capture=not settings.CAPTURE_LATER,
        )
    except GatewayUnavailable:
        count(Metric.PAYMENTS_UNAVAILABLE)
        count(Metric.PAYMENT_FAILURES)
        raise
    return payment if is_right(order, payment) else payments.keep(payment)


def is_right(order: Order, payment: Payment) -> bool:
    """Whether the whole sum is there, or promised: no more, no less, and not given back."""
    if payment.state not in (Paid.CHARGED, Paid.AUTHORIZED) or payment.is_odd:
        return False
    sums = payment.sums
    return (sums.charged or sums.open) == order.total


def accept(order: Order, payment: Payment, delivery: Delivery[Event]) -> Order | None:
    """The money is there, or promised: confirm, if it is the right sum."""
    sums = payment.sums
    if is_right(order, payment):
        count(Metric.PAYMENT_FAILURES, 0)  # a payment that did not fail
        return confirm(order, delivery, payment_status(sums, order.total), payment)
    got = sums.charged or sums.open
    said = " and ".join(sorted({str(fact.currency) for fact in payment.known}))
    reason = CHARGED if sums.charged else AUTHORIZED
    reason = reason.format(got=f"{got} {said}", due=order.totals.total)
    return hold(order, delivery, payment_status(sums, order.total), reason=reason)


def confirm(
    order: Order, delivery: Delivery[Event], paid: PaymentStatus, payment: Payment | None = None
) -> Order | None:
    """The end of what a customer waits for: payment, order and the news of it are one write."""
    is_new = payment is not None and payment._state.adding

    def attempt() -> Order | None:
        with transaction.atomic(), optimistic():
            if not move_order(order=order, state=State.CONFIRMED, payment_status=paid):
                return again(order)
            if payment is not None and is_new:
                payments.add(payment)
            hand_on(delivery=delivery, event=OrderConfirmed(order.pk))
        return None

    try:
        return retry_on_conflict(attempt)  # a try of its own: the gateway was asked before
    except IntegrityError:  # another consumer has stored the payment first
        return again(order)


def confirm_billed(order: Order, delivery: Delivery[Event]) -> Order | None:
    return confirm(order, delivery, PaymentStatus.CHARGED)


def decline(order: Order, payment: Payment, delivery: Delivery[Event]) -> Order | None:
    causes = Metric.PAYMENTS_DECLINED, Metric.PAYMENT_FAILURES
    end(order, delivery, *causes, reason=DECLINED.format(why=payment.reason))
    note_declined(order=order)
    return None


def wait(order: Order, payment: Payment, delivery: Delivery[Event]) -> Order | None:
    """The customer or the provider is slow: until the order is overdue, it rests."""
    left = time_to_pay(order)
    if left <= NO_TIME:
        return expire(order, payment, delivery)
    with transaction.atomic():
        if acknowledge(delivery=delivery) and isinstance(delivery.event, OrderPlaced):
            emit(PaymentDue(order.pk), after=left)
    return None


def expire(order: Order, payment: Payment, delivery: Delivery[Event]) -> Order | None:
    """End an order that was not paid in time. The gateway is told first: what it has taken by
    then is taken, and the order goes on."""
    if payments.void(payment=payment).state in {Paid.CHARGED, Paid.AUTHORIZED}:
        return again(order)
    return end_unpaid(order, delivery)


def end_unpaid(order: Order, delivery: Delivery[Event]) -> Order | None:
    return end(order, delivery, state=State.EXPIRED, reason=NOT_PAID)


def time_to_pay(order: Order) -> timedelta:
    """How long it still waits for its payment."""
    left: timedelta = order.placed_at + settings.PAYMENT_WINDOW - timezone.now()
    return left


def hold(
    order: Order, delivery: Delivery[Event], paid: PaymentStatus, *, reason: str
) -> Order | None:
    """Stop here, stock reserved, until a person has looked: the log says so at once."""
    with transaction.atomic():
        if not move_order(order=order, state=State.HELD, reason=reason, payment_status=paid):
            return again(order)
        acknowledge(delivery=delivery)
    logger.critical("Order %s is held: %s", order.number, reason)
    return None
