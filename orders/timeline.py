"""What happened to an order, in one list: its states, its payments, its mails, what people did."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from mails.models import Mail
from orders.models import Order, OrderEntry
from payments.selectors import payments_of, refunds_of


@dataclass(frozen=True, order=True)
class Moment:
    """`what` is an English word such as confirmed, charged, mailed; `details` say of what."""

    at: datetime
    what: str
    details: str = field(default="", compare=False)
    by: str = field(default="", compare=False)


def write(order: str, what: str, data: dict[str, Any], by: str = "") -> None:
    """Add a line, in the transaction of what it tells."""
    last = OrderEntry.objects.filter(order=order).order_by("-number").first()
    OrderEntry.objects.create(
        order=order,
        number=last.number + 1 if last else 1,
        what=what,
        data=data,
        by=by,
        at=timezone.now(),
    )


def timeline_of(order: Order) -> list[Moment]:
    """In the order of time. Four Queries."""
    return sorted(
        [*of_states(order), *of_money(order), *of_mails(order), *of_people(order)],
    )


def of_states(order: Order) -> Iterator[Moment]:
    for reached in order.reached:
        yield Moment(reached.at, reached.state)


def of_money(order: Order) -> Iterator[Moment]:
    for payment in payments_of(order.pk):
        for fact in payment.known:
            amount = f"{fact.amount} {fact.currency}"
            yield Moment(fact.at, fact.kind.value, f"{amount} {fact.reason}".strip())
    for refund in refunds_of(order.pk):
        yield Moment(refund.created_at, _("refund requested"), f"{refund.money} {refund.reason}")


def of_mails(order: Order) -> Iterator[Moment]:
    for mail in Mail.objects.filter(about=order.pk).order_by("kind"):
        at = mail.sent_at or mail.claimed_at
        what = _("mailed") if mail.sent_at else _("not mailed")
        yield Moment(at, what, f"{mail.kind} {mail.problem}".strip())


def of_people(order: Order) -> Iterator[Moment]:
    for entry in OrderEntry.objects.filter(order=order.pk).order_by("number"):
        details = ", ".join(f"{name} {value}" for name, value in entry.data.items())
        yield Moment(entry.at, entry.what, details, entry.by)
