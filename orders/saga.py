"""From an accepted order to a confirmed or a cancelled one, step by step.

What is to be done next is told by the stored state alone, so a consumer that dies
anywhere leaves an order that the next one takes up. Each step ends with a write that is
conditional on the state it started from: of two consumers at the same order one gets
through, the other reads again and goes on from there. That is why messages may come
twice, late and in any order, and why a standard queue will do: FIFO would cost throughput
and give nothing that the conditions do not.

| state     | step    | what it does                               | when repeated               |
|-----------|---------|--------------------------------------------|-----------------------------|
| created   | prepare | reserves stock                             | the transaction fails whole |
| prepared  | bill    | charges, unless it costs nothing;          | same reference, same charge |
|           |         | if refused, stock back, cancelled          |                             |
| billed    | confirm |                                            | the condition fails         |
| confirmed | mail    | claims the mail for two minutes, sends it, | the claim fails             |
| cancelled | mail    | or notes why SES never will; consumes the  |                             |
|           |         | outbox entry                               |                             |
| held      |         | a person's: another sum was charged; see   | the transaction fails whole |
|           |         | `cancel_held_order`                        |                             |

The outbox entry goes with the last write: until then the sweeper sends the message again
and again, so a gateway or mail service may be away for longer than the queue is patient.

A mail cannot be part of a transaction: who dies after SES has taken the mail and before
`mail_sent_at` is written sends it again. Losing it instead would be worse. A mail that
cannot be sent however often it is tried ends there, `mail_problem` says why.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.models import Stock
from catalog.services import release_stock, request_counting, reserve_stock
from dynamodb.conflicts import retry_on_conflict
from dynamodb.patience import time_left
from dynamodb.reads import get_many
from mails.errors import Undeliverable
from mails.services import LONGEST
from orders.errors import MailInProgress, SoldOut
from orders.events import HeldOrderCancelled
from orders.limits import note_declined
from orders.mails import send_mail_of
from orders.models import Order
from orders.services import move_order
from orders.states import Status
from outbox.events import Delivery, Event
from outbox.records import TryLater
from outbox.services import acknowledge, emit
from payments.errors import GatewayUnavailable, PaymentDeclined
from payments.gateways.base import get_gateway
from telemetry.metrics import Metric, count

logger = logging.getLogger(__name__)

CONFLICTS = 10  # of one step, before the message is left to the queue's redelivery
LONGEST_PROBLEM = 200  # characters
MAIL_LEASE = timedelta(seconds=120)  # shorter than the queue's visibility timeout, 180 s

Step = Callable[[Order, Delivery[Event]], None]


def advance_order(*, number: str, delivery: Delivery[Event]) -> None:
    """Take the order as far as it goes. `delivery` is of the event that told of it.

    Raises Order.DoesNotExist, GatewayUnavailable, MailInProgress, mail errors and, on a
    very busy item, ConflictError: in each case the message must come again.
    """
    while retry_on_conflict(partial(take_step, number, delivery), attempts=CONFLICTS):
        pass


def take_step(number: str, delivery: Delivery[Event]) -> bool:
    """One step of the order as it is stored now; False when there is none left."""
    order = Order.objects.get(pk=number)
    if order.is_told or order.status == Status.HELD:
        return False
    STEPS[Status(order.status)](order, delivery)
    return True


def prepare(order: Order, delivery: Delivery[Event]) -> None:
    """Reserve the stock of all lines, or cancel: one transaction either way."""
    try:
        with transaction.atomic():
            check_stock(order)
            if move_order(order=order, status=Status.PREPARED):
                reserve_lines(order)
    except SoldOut as short:
        cancel(order, Metric.STOCK_OUTS, reason=f"sold out: {short.sku}")


def check_stock(order: Order) -> None:
    """Raises SoldOut for the first line that is short.

    Decides nothing, the reservation does; but when that fails at the commit, nothing says
    which line was short. Read again on the retry, this does. The order comes along, so
    that all the transaction reads is one call.
    """
    skus = [line["sku"] for line in order.lines]
    stock = get_many({Stock: skus, Order: [order.pk]})[Stock]
    for line in order.lines:
        if line["sku"] not in stock or stock[line["sku"]].available < line["quantity"]:
            raise SoldOut(line["sku"])


def reserve_lines(order: Order) -> None:
    for line in order.lines:
        if not reserve_stock(sku=line["sku"], quantity=line["quantity"]):
            raise SoldOut(line["sku"])
    request_counting(moved={line["sku"]: -line["quantity"] for line in order.lines})


def bill(order: Order, delivery: Delivery[Event]) -> None:
    """Charge the total; the order's number makes sure that it happens once.

    No gateway is asked for nothing: a total of 0.00 is paid as it is.
    """
    if order.total == 0:
        move_order(order=order, status=Status.BILLED)
        return
    try:
        charge = get_gateway().charge(
            amount=order.totals.total, reference=order.number, method=order.payment_method
        )
    except GatewayUnavailable:
        count(Metric.PAYMENTS_UNAVAILABLE)
        count(Metric.PAYMENT_FAILURES)
        raise
    except PaymentDeclined as declined:
        causes = Metric.PAYMENTS_DECLINED, Metric.PAYMENT_FAILURES
        cancel(order, *causes, reason=f"payment declined: {declined.reason}")
        note_declined(origin=order.origin)
        return
    if charge.amount == order.totals.total:
        move_order(order=order, status=Status.BILLED)
    else:
        hold(order, delivery, reason=f"charged {charge.amount} instead of {order.totals.total}")


def confirm(order: Order, delivery: Delivery[Event]) -> None:
    move_order(order=order, status=Status.CONFIRMED)


def hold(order: Order, delivery: Delivery[Event], *, reason: str) -> None:
    """Stop here, stock reserved, until a person has looked: the log says so at once."""
    with transaction.atomic():
        if not move_order(order=order, status=Status.HELD, reason=reason):
            return
        acknowledge(delivery=delivery)
    logger.critical("Order %s is held: %s", order.number, reason)


def cancel(order: Order, *causes: Metric, reason: str) -> None:
    """End the order; what it had reserved goes back in the same transaction.

    `causes` are counted beside the cancellation.
    """
    with transaction.atomic():
        if not move_order(order=order, status=Status.CANCELLED, reason=reason):
            return
        for cause in causes:
            count(cause)
        if order.status != Status.CREATED:
            release_lines(order)


def cancel_held_order(*, order: Order) -> bool:
    """End a held order whose charge somebody has refunded: its stock goes back, a mail goes out.

    False when it is not held any more. Raises ConflictError when it changes meanwhile.
    """
    if order.status != Status.HELD:
        return False
    with transaction.atomic():
        if not move_order(order=order, status=Status.CANCELLED, reason=order.reason):
            return False
        release_lines(order)
        emit(HeldOrderCancelled(order.number))
    return True


def release_lines(order: Order) -> None:
    """Give the stock back. What is not there to be given back is an error in the log."""
    lines = {line["sku"]: line["quantity"] for line in order.lines}
    get_many({Stock: lines})  # in one call, and not row by row
    for sku, quantity in list(lines.items()):
        if not release_stock(sku=sku, quantity=quantity):
            logger.error("Order %s had not reserved its %s of %s", order.number, quantity, sku)
            del lines[sku]
    request_counting(moved=lines)


def mail(order: Order, delivery: Delivery[Event]) -> None:
    """Tell the customer how the order ended, once. Raises MailInProgress, and TryLater where the
    time that is left is less than a mail may take: whoever ends in its middle sends it twice."""
    if time_left(LONGEST) < LONGEST:
        raise TryLater("too little time is left for a mail")
    claim_mail(order)
    problem = ""
    try:
        send_mail_of(order)
    except Undeliverable as error:
        problem = error.reason[:LONGEST_PROBLEM]
        logger.warning("Order %s ends without mail", order.number)
    # By itself: a conflict that ran the whole step again would find the mail claimed.
    retry_on_conflict(partial(finish, order, delivery, problem), attempts=CONFLICTS)


def finish(order: Order, delivery: Delivery[Event], problem: str) -> None:
    """The saga's last write: the mail is sent, or never will be (`problem` says why); nobody
    needs to tell of the order again."""
    outcome: dict[str, Any] = {"mail_problem": problem}
    if not problem:
        # The claim ends with what it was for; an order lies in every index, by the kilobyte.
        outcome = {"mail_sent_at": timezone.now(), "mail_claimed_at": None}
    with transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**outcome)
        acknowledge(delivery=delivery)


def claim_mail(order: Order) -> None:
    """Take the mail on for two minutes, unless another consumer has or it is sent.

    Raises MailInProgress: the message must come again, for the other may yet die.
    """
    now, claimed_at = timezone.now(), order.mail_claimed_at
    if claimed_at is not None and claimed_at > now - MAIL_LEASE:
        raise MailInProgress(order.number)
    unclaimed = Order.objects.filter(pk=order.pk, mail_sent_at__isnull=True)
    if claimed_at is None:
        unclaimed = unclaimed.filter(mail_claimed_at__isnull=True)
    else:
        unclaimed = unclaimed.filter(mail_claimed_at=claimed_at)
    if not unclaimed.update(mail_claimed_at=now):
        raise MailInProgress(order.number)


STEPS: dict[Status, Step] = {
    Status.CREATED: prepare,
    Status.PREPARED: bill,
    Status.BILLED: confirm,
    Status.CONFIRMED: mail,
    Status.CANCELLED: mail,
}
