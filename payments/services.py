"""What changes payments. Whatever a provider is asked, it is asked by a reference, so that to
ask again is harmless; what it tells is added to what is known, so that to hear it again is too.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from dynamodb.conflicts import retry_on_conflict
from dynamodb.duplicates import deferred_duplicates
from dynamodb.patience import time_left
from outbox.events import Delivery
from outbox.records import TryLater
from outbox.services import acknowledge, emit
from payments.errors import RefundTooLarge, UntrustedNotification
from payments.events import NotificationReceived, PaymentChanged, RefundRequested
from payments.facts import Fact, Kind
from payments.gateways.base import Notification, PaymentGateway, get_gateway
from payments.models import NotificationEntry, Payment, Refund, order_of, reference_of
from pricing.money import Money

OUTCOMES = {
    Kind.REFUNDED: Refund.State.SUCCEEDED,
    Kind.REFUND_FAILED: Refund.State.FAILED,
}


# Paying ----------------------------------------------------------------------------------


def pay(*, order: str, number: int, amount: Money, method: str, capture: bool) -> Payment:
    """Ask the gateway for the order's payment of this number; what it says is not yet stored.

    Who dies before it is asks again: the same reference, the same payment. Raises
    GatewayUnavailable, and TryLater where a gateway may take longer than is left.
    """
    payment = new_payment(order=order, number=number, amount=amount, method=method)
    told = gateway_in_time().pay(
        amount=amount, reference=payment.reference, method=method, capture=capture
    )
    payment.learn(told)
    return payment


def capture(*, payment: Payment, amount: Money) -> Payment:
    """Take what was promised. Raises GatewayUnavailable, TryLater."""
    told = gateway_in_time().capture(amount=amount, reference=payment.reference)
    return note_facts(order=payment.order, number=payment.number, told=told)


def void(*, payment: Payment) -> Payment:
    """Have nothing taken any more. Raises GatewayUnavailable, TryLater."""
    told = gateway_in_time().void(reference=payment.reference)
    return note_facts(order=payment.order, number=payment.number, told=told)


def recall(*, order: str, number: int, amount: Money, method: str) -> Payment | None:
    """Void a payment of which nothing is stored: whoever asked for it may have died before. None
    if nobody has. Raises GatewayUnavailable, TryLater."""
    payment = new_payment(order=order, number=number, amount=amount, method=method)
    told = gateway_in_time().void(reference=payment.reference)
    if not told:
        return None
    payment.learn(told)
    return keep(payment)


def new_payment(*, order: str, number: int, amount: Money, method: str) -> Payment:
    """Not yet stored."""
    now = timezone.now()
    return Payment(
        order=order,
        number=number,
        gateway=get_gateway().name,
        method=method,
        amount=amount.amount,
        currency=amount.currency,
        created_at=now,
        updated_at=now,
    )


def keep(payment: Payment) -> Payment:
    """Store a new payment, or what is told of one that somebody else has stored."""
    try:
        with transaction.atomic():
            add(payment)
    except IntegrityError:
        return note_facts(order=payment.order, number=payment.number, told=payment.known)
    return payment


def add(payment: Payment) -> None:
    """Store a new payment with the caller's transaction, whose commit raises IntegrityError if
    somebody else has stored it."""
    with deferred_duplicates():
        payment.save(force_insert=True)


def note_facts(*, order: str, number: int, told: Iterable[Fact]) -> Payment:
    """Add what is new; no write if nothing is. Raises ConflictError, Payment.DoesNotExist."""
    with transaction.atomic():
        payment = Payment.objects.get(order=order, number=number)
        learn(payment, list(told))
    return payment


def learn(payment: Payment, told: Sequence[Fact]) -> bool:
    """Store what is new, and what it says of refunds; False if nothing is. In a transaction that
    has read the payment."""
    if not payment.learn(told):
        return False
    settle_refunds(payment, told)
    payment.updated_at = timezone.now()
    payment.save(update_fields=["facts", "refunds_pending", "updated_at"])
    return True


def gateway_in_time() -> PaymentGateway:
    """The gateway, if as much time is left as it may take. Raises TryLater."""
    gateway = get_gateway()
    if time_left(gateway.timeout) < gateway.timeout:
        raise TryLater("too little time is left for the payment gateway")
    return gateway


# Hearing ---------------------------------------------------------------------------------


def receive(*, gateway: str, notification: Notification) -> bool:
    """Keep what a provider has told, and have it taken. False if it has come before.

    Nothing else is done while the provider waits for an answer: it asks again for whatever
    takes long, and gives up in the end on whatever fails. Raises UntrustedNotification for a
    reference that no payment can have.
    """
    key = f"{gateway}:{notification.id}"
    try:
        order, _ = order_of(notification.reference)
    except ValueError as error:
        raise UntrustedNotification("The reference is not one of the shop's.") from error
    with transaction.atomic(savepoint=False):
        if NotificationEntry.objects.filter(pk=key).exists():
            return False
        NotificationEntry.objects.create(
            key=key,
            reference=notification.reference,
            facts=[fact.as_data() for fact in notification.facts],
            received_at=timezone.now(),
        )
        emit(NotificationReceived(order, key))
    return True


def take_notification(*, delivery: Delivery[NotificationReceived]) -> None:
    """Add what a notification says to its payment. Raises TryLater while there is no such
    payment: the provider may be faster than our own note of it."""
    entry = NotificationEntry.objects.get(pk=delivery.event.entry)
    # Providers send several at once: each is read again after the other, and not sent again.
    retry_on_conflict(partial(note_notification, entry, delivery))


def note_notification(entry: NotificationEntry, delivery: Delivery[NotificationReceived]) -> None:
    order, number = order_of(entry.reference)
    told = [Fact.of(each) for each in entry.facts]
    with transaction.atomic():
        payment = Payment.objects.filter(order=order, number=number).first()
        if payment is None:
            raise TryLater(f"{entry.reference} is no payment yet")
        if acknowledge(delivery=delivery) and learn(payment, told):
            emit(PaymentChanged(order))


# Giving back -----------------------------------------------------------------------------


def request_refund(*, payment: Payment, number: int, amount: Decimal, reason: str) -> Refund:
    """Have so much of what the payment has taken go back; call it in a transaction that has
    read the payment. `number` is the refund's among the order's: the same is made once.

    Raises RefundTooLarge; IntegrityError at the commit if there is one of that number.
    """
    if amount > payment.refundable:
        raise RefundTooLarge(asked=amount, left=payment.refundable)
    now = timezone.now()
    refund = Refund(
        order=payment.order,
        number=number,
        payment=payment.number,
        amount=amount,
        currency=payment.currency,
        reason=reason,
        created_at=now,
        updated_at=now,
    )
    refund.save(force_insert=True)
    payment.refunds_pending += amount
    payment.updated_at = now
    payment.save(update_fields=["refunds_pending", "updated_at"])
    emit(RefundRequested(refund.order, refund.number))
    return refund


def process_refund(*, delivery: Delivery[RefundRequested]) -> None:
    """Ask the gateway for the refund, and keep its answer. Raises GatewayUnavailable, TryLater."""
    refund = Refund.objects.get(order=delivery.event.order, number=delivery.event.refund)
    told: Sequence[Fact] = ()
    if refund.state == Refund.State.REQUESTED:
        told = gateway_in_time().refund(
            amount=refund.money,
            reference=reference_of(refund.order, refund.payment),
            refund=refund.reference,
        )
    retry_on_conflict(partial(note_refund, refund, told, delivery))


def note_refund(refund: Refund, told: Sequence[Fact], delivery: Delivery[RefundRequested]) -> None:
    """What was said of the refund; one of which nothing is said waits for the provider."""
    with transaction.atomic():
        payment = Payment.objects.get(order=refund.order, number=refund.payment)
        if not acknowledge(delivery=delivery):
            return
        if told and not any(fact.reference == refund.reference for fact in told):
            refund.state = Refund.State.PENDING
            refund.save(update_fields=["state"])
        if learn(payment, told):
            emit(PaymentChanged(refund.order))


def settle_refunds(payment: Payment, told: Iterable[Fact]) -> None:
    """Bring the payment's refunds up to what is told of them. One of the provider's own, that
    nobody has requested here, has no row."""
    prefix = f"{payment.order}/r"
    for fact in told:
        if fact.kind not in OUTCOMES or not fact.reference.startswith(prefix):
            continue
        number = int(fact.reference.removeprefix(prefix))
        refund = Refund.objects.get(order=payment.order, number=number)
        if refund.state in OUTCOMES.values():
            continue
        refund.state, refund.problem = OUTCOMES[fact.kind], fact.reason
        refund.updated_at = timezone.now()
        refund.save(update_fields=["state", "problem", "updated_at"])
        payment.refunds_pending -= refund.amount
