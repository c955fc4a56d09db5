"""What facts make of a payment, and payments of an order's payment status."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from payments.facts import Fact, Kind, Sums


class State(TextChoices):
    """Of one payment."""

    ASKED = "asked", _("Asked")  # nothing is known yet
    PENDING = "pending", _("Pending")
    ACTION_REQUIRED = "action_required", _("Action Required")
    AUTHORIZED = "authorized", _("Authorized")
    CHARGED = "charged", _("Charged")
    DECLINED = "declined", _("Declined")
    VOIDED = "voided", _("Voided")
    REFUNDED = "refunded", _("Refunded")  # all of it


class PaymentStatus(TextChoices):
    """Of an order: what its payments say together."""

    NONE = "none", _("none")
    PARTLY_AUTHORIZED = "partly_authorized", _("partly authorized")
    AUTHORIZED = "authorized", _("authorized")
    PARTLY_CHARGED = "partly_charged", _("partly charged")
    CHARGED = "charged", _("charged")
    OVERCHARGED = "overcharged", _("overcharged")
    PARTLY_REFUNDED = "partly_refunded", _("partly refunded")
    REFUNDED = "refunded", _("refunded")


def state_of(facts: Collection[Fact]) -> State:
    """The facts in any order make the same state: money beats promises, promises beat words."""
    sums, kinds = Sums.of(facts), {fact.kind for fact in facts}
    if sums.charged:
        return State.CHARGED if sums.kept > 0 else State.REFUNDED
    if sums.open:
        return State.AUTHORIZED
    if sums.voided or Kind.VOIDED in kinds:
        return State.VOIDED
    if Kind.DECLINED in kinds:
        return State.DECLINED
    if Kind.ACTION_REQUIRED in kinds:
        return State.ACTION_REQUIRED
    return State.PENDING if Kind.PENDING in kinds else State.ASKED


def payment_status(sums: Sums, total: Decimal) -> PaymentStatus:
    """Of an order of this total, by the sums of its payments. One that costs nothing is paid."""
    if sums.refunded:
        return PaymentStatus.PARTLY_REFUNDED if sums.kept > 0 else PaymentStatus.REFUNDED
    if sums.charged > total:
        return PaymentStatus.OVERCHARGED
    if sums.charged == total:
        return PaymentStatus.CHARGED
    if sums.charged:
        return PaymentStatus.PARTLY_CHARGED
    if sums.open >= total:
        return PaymentStatus.AUTHORIZED
    return PaymentStatus.PARTLY_AUTHORIZED if sums.open else PaymentStatus.NONE
