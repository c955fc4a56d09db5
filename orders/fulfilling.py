"""Parcels and returns: what moves between the shop's shelves and the customer.

Whoever does something reads the order in the transaction and writes it, so that of two who send
the last piece one meets the other at the commit (ConflictError) and reads again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError

from catalog.services import sell, take_back
from dynamodb.errors import ConflictError
from orders.events import OrderDelivered, OrderShipped, ReturnReceived
from orders.models import Fulfilment, Order, Return
from orders.process.ending import store_statuses
from orders.process.ground import again, pieces
from orders.states import FulfilmentStatus, State
from orders.timeline import write
from outbox.services import emit
from payments.selectors import payments_of

Lines = Mapping[str, int]  # pieces by SKU
Reception, Acceptance = Return.Reception, Return.Acceptance


def ship(
    *, order: Order, lines: Lines, carrier: str = "", tracking: str = "", by: str = ""
) -> Fulfilment:
    """Let a parcel leave: its pieces leave the stock, and the order's status follows.

    Raises ValidationError (nothing, not confirmed, more than is left to be sent), and
    ConflictError when somebody else sends some of it meanwhile.
    """
    with numbered(), transaction.atomic():
        order = again(order)
        parcels = parcels_of(order.pk)
        if order.state != State.CONFIRMED:
            sentence = gettext("It is {status}: nothing is sent of it.")
            raise ValidationError({"order": [sentence.format(status=order.status.label)]})
        check_lines(lines, left_to_send(order, parcels))
        now = timezone.now()
        parcel = Fulfilment(
            order=order.pk,
            number=len(parcels) + 1,
            lines=dict(lines),
            carrier=carrier,
            tracking=tracking,
            created_at=now,
            updated_at=now,
        )
        parcel.save(force_insert=True)
        sell(document=f"{order.pk}/f{parcel.number}", number=1, lines=lines)
        write(order.pk, "shipped", {"parcel": parcel.number}, by)
        emit(OrderShipped(order.pk, parcel.number))
        follow_up(order, [*parcels, parcel], returns_of(order.pk))
    return parcel


@contextmanager
def numbered() -> Iterator[None]:
    """In the block, a number that was free when it was read is taken: it has to be read again."""
    try:
        yield
    except IntegrityError as error:
        raise ConflictError("Somebody else was at the order meanwhile.") from error


def mark(*, parcel: Fulfilment, state: Fulfilment.State, by: str = "") -> None:
    """Note that a parcel was delivered, or lost."""
    with transaction.atomic():
        parcel = Fulfilment.objects.get(order=parcel.order, number=parcel.number)
        if parcel.state == state:
            return
        parcel.state, parcel.updated_at = state, timezone.now()
        parcel.save(update_fields=["state", "updated_at"])
        write(parcel.order, state.value, {"parcel": parcel.number}, by)
        if state == Fulfilment.State.DELIVERED:
            emit(OrderDelivered(parcel.order, parcel.number))
        order = Order.objects.get(pk=parcel.order)
        others = [each for each in parcels_of(order.pk) if each.number != parcel.number]
        follow_up(order, [*others, parcel], returns_of(order.pk))


def announce_return(*, order: Order, lines: Lines, reason: str = "", by: str = "") -> Return:
    """Expect pieces back. Raises ValidationError for more than were sent, less what came back, and
    ConflictError."""
    with numbered(), transaction.atomic():
        order = again(order)
        known = returns_of(order.pk)
        check_lines(lines, left_to_return(parcels_of(order.pk), known))
        now = timezone.now()
        back = Return(
            order=order.pk,
            number=len(known) + 1,
            lines=dict(lines),
            reason=reason,
            created_at=now,
            updated_at=now,
        )
        back.save(force_insert=True)
        write(order.pk, "return_announced", {"return": back.number}, by)
    return back


def receive_return(
    *, back: Return, acceptance: Return.Acceptance, restock: bool, by: str = ""
) -> None:
    """Pieces have come back: taken or not, and with `restock` sold again. Once."""
    with transaction.atomic():
        back = Return.objects.get(order=back.order, number=back.number)
        if back.reception != Reception.AWAITED:
            return
        back.reception, back.acceptance = Reception.RECEIVED, acceptance
        back.updated_at = timezone.now()
        back.save(update_fields=["reception", "acceptance", "updated_at"])
        if restock and acceptance == Acceptance.ACCEPTED:
            take_back(document=f"{back.order}/b{back.number}", number=1, lines=back.lines)
        write(back.order, f"return_{acceptance.value}", {"return": back.number}, by)
        emit(ReturnReceived(back.order, back.number))
        order = Order.objects.get(pk=back.order)
        others = [each for each in returns_of(order.pk) if each.number != back.number]
        follow_up(order, parcels_of(order.pk), [*others, back])


def follow_up(order: Order, parcels: list[Fulfilment], returns: list[Return]) -> None:
    """The order's statuses, from what hangs on it; written in the caller's transaction."""
    status = fulfilment_status(order, parcels, returns)
    if status != order.fulfilment_status:
        Order.objects.filter(pk=order.pk).update(fulfilment_status=status)
    store_statuses(order, payments_of(order.pk))


def fulfilment_status(
    order: Order, parcels: list[Fulfilment], returns: list[Return]
) -> FulfilmentStatus:
    ordered = sum(pieces(order).values())
    sent = sum_of(each.lines for each in parcels).total()
    if sent < ordered:  # whatever has come back: an order is not completed with pieces to send
        return FulfilmentStatus.PARTIAL if sent else FulfilmentStatus.UNFULFILLED
    accepted = [each for each in returns if each.acceptance == Acceptance.ACCEPTED]
    if back := sum_of(each.lines for each in accepted).total():
        return FulfilmentStatus.RETURNED if back == ordered else FulfilmentStatus.PARTLY_RETURNED
    if all(each.state == Fulfilment.State.DELIVERED for each in parcels):
        return FulfilmentStatus.DELIVERED
    return FulfilmentStatus.FULFILLED


def left_to_send(order: Order, parcels: list[Fulfilment]) -> Counter[str]:
    return Counter(pieces(order)) - sum_of(each.lines for each in parcels)


def left_to_return(parcels: list[Fulfilment], returns: list[Return]) -> Counter[str]:
    coming = [each for each in returns if each.reception != Reception.MISSING]
    return sum_of(each.lines for each in parcels) - sum_of(each.lines for each in coming)


def sum_of(lines: Iterable[Lines]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in lines:
        total.update(each)
    return total


def check_lines(lines: Lines, left: Counter[str]) -> None:
    if not lines or min(lines.values()) < 1:
        raise ValidationError({"lines": [gettext("At least one piece.")]})
    short = gettext("{sku}: {number} left")
    wrong = [short.format(sku=sku, number=left[sku]) for sku in lines if lines[sku] > left[sku]]
    if wrong:
        raise ValidationError({"lines": wrong})


def parcels_of(order: str) -> list[Fulfilment]:
    """One Query."""
    return list(Fulfilment.objects.filter(order=order).order_by("number"))


def returns_of(order: str) -> list[Return]:
    """One Query."""
    return list(Return.objects.filter(order=order).order_by("number"))
