"""Whether orders, payments and stock agree, and bringing old orders up to what is kept of new ones.

Each order is looked at by itself, while the shop sells; so is the stock, which is read when the
orders have been: what moved meanwhile shows as a difference that is gone the next time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from django.db import transaction

from catalog.models import Stock
from dynamodb.conflicts import retry_on_conflict
from orders.fulfilling import (
    follow_up,
    fulfilment_status,
    left_to_send,
    parcels_of,
    returns_of,
)
from orders.models import Order
from orders.process.ground import FIRST, again
from orders.states import WITH_STOCK, FulfilmentStatus, State
from payments.facts import Fact, Kind
from payments.models import Payment, Refund
from payments.selectors import payments_of, refunds_of, sums_of
from payments.services import keep, new_payment
from payments.states import payment_status

PAID = frozenset({State.BILLED, State.CONFIRMED})  # what code of before had taken the total of


def faults_of(order: Order) -> Iterator[str]:
    """What is not as its parts say."""
    payments = payments_of(order.pk)
    if order.standing != order.status:
        yield f"{order}: listed as {order.standing}, and is {order.status}"
    if payments:
        said = payment_status(sums_of(payments), order.total)
        if order.payment_status != said:
            yield f"{order}: payment {order.payment_status}, and its payments say {said}"
    elif is_paid_of_before(order):
        yield f"{order}: {order.state}, and no payment is kept"
    sent = fulfilment_status(order, parcels_of(order.pk), returns_of(order.pk))
    if (order.fulfilment_status or FulfilmentStatus.UNFULFILLED) != sent:
        yield f"{order}: fulfilment {order.fulfilment_status}, and its parcels say {sent}"
    for payment in payments:
        yield from faults_of_payment(payment)
    yield from faults_of_totals(order)


def faults_of_totals(order: Order) -> Iterator[str]:
    """Totals that are not the sums of what lines and shipping keep; none of an order of before,
    which keeps nothing to add up."""
    parts, kept = order.priced, order.totals
    if parts is None:
        return
    for name in ("subtotal", "shipping", "tax", "total"):
        stored, summed = getattr(kept, name), getattr(parts, name)
        if stored != summed:
            yield f"{order}: {name} {stored}, and its parts add up to {summed}"


def faults_of_payment(payment: Payment) -> Iterator[str]:
    sums = payment.sums
    under_way = {Refund.State.REQUESTED, Refund.State.PENDING}
    pending = sum(
        refund.amount
        for refund in refunds_of(payment.order)
        if refund.payment == payment.number and refund.state in under_way
    )
    if payment.refunds_pending != pending:
        yield f"payment {payment}: {payment.refunds_pending} pending, and its refunds say {pending}"
    if sums.refunded + pending > sums.charged:
        yield f"payment {payment}: {sums.charged} charged, {sums.refunded} refunded, {pending} more"


def reserved_by(orders: Iterable[Order]) -> Counter[str]:
    """Pieces by SKU that these orders hold."""
    held: Counter[str] = Counter()
    for order in orders:
        if order.state in WITH_STOCK:
            held.update(left_to_send(order, parcels_of(order.pk)))
    return held


def faults_of_stock(held: Counter[str]) -> Iterator[str]:
    """Where what is reserved is not what orders hold."""
    for stock in Stock.objects.iterator():
        wanted = held[stock.pk]
        if stock.reserved != wanted:
            yield f"stock of {stock.pk}: {stock.reserved} reserved, and orders hold {wanted}"


def mend(order: Order) -> None:
    """Keep what code of before did not: the payment of a paid order, and its statuses."""
    if is_paid_of_before(order) and not payments_of(order.pk):
        payment = new_payment(
            order=order.pk, number=FIRST, amount=order.totals.total, method=order.payment_method
        )
        # By the reference that the test gateway gives it: the same fact, should it be told again.
        reference = f"{order.pk}:{Kind.CHARGED.value}"
        payment.learn([Fact(Kind.CHARGED, reference, order.total, order.currency, paid_at(order))])
        keep(payment)
    retry_on_conflict(partial(mend_statuses, order))


def mend_statuses(order: Order) -> None:
    with transaction.atomic():
        follow_up(again(order), parcels_of(order.pk), returns_of(order.pk))


def is_paid_of_before(order: Order) -> bool:
    return order.state in PAID and order.total > 0


def paid_at(order: Order) -> datetime:
    return order.reached[-1].at
