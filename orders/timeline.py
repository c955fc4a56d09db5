"""What happened to an order, in one list: its states, its payments, its mails, what people did."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from mails.models import Mail
from orders.models import Order, OrderEntry
from orders.reasons import phrase, told
from payments.selectors import payments_of, refunds_of
from pricing.money import Money
from pricing.writing import written

#: What people did, as it is stored, and what it was about: in words.
DEEDS = {
    "shipped": _("shipped"),
    "lost": _("lost"),
    "return_announced": _("return announced"),
    "return_accepted": _("return accepted"),
    "return_rejected": _("return rejected"),
}
THINGS = {"parcel": _("parcel"), "return": _("return")}


@dataclass(frozen=True, order=True)
class Moment:
    """`what` is an English word such as confirmed, charged, mailed; `details` say of what, in the
    language that is active."""

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
            amount = written(Money(fact.amount, fact.currency))
            yield Moment(fact.at, fact.kind.value, f"{amount} {phrase(fact.reason)}".strip())
    for refund in refunds_of(order.pk):
        details = f"{written(refund.money)} {told(refund.reason)}".strip()
        yield Moment(refund.created_at, _("refund requested"), details)


def of_mails(order: Order) -> Iterator[Moment]:
    for mail in Mail.objects.filter(about=order.pk).order_by("kind"):
        at = mail.sent_at or mail.claimed_at
        what = _("mailed") if mail.sent_at else _("not mailed")
        yield Moment(at, what, f"{gettext(mail.kind)} {mail.problem}".strip())


def of_people(order: Order) -> Iterator[Moment]:
    for entry in OrderEntry.objects.filter(order=order.pk).order_by("number"):
        parts = ((gettext(THINGS.get(name, name)), value) for name, value in entry.data.items())
        details = ", ".join(f"{name} {value}" for name, value in parts)
        yield Moment(entry.at, DEEDS.get(entry.what, entry.what), details, entry.by)
