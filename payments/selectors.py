"""Reading payments."""

from payments.facts import Sums
from payments.models import Payment, Refund


def payments_of(order: str) -> list[Payment]:
    """Those of an order, the first first. One Query, consistent."""
    return list(Payment.objects.filter(order=order).order_by("number"))


def refunds_of(order: str) -> list[Refund]:
    """Those of an order, the first first. One Query, consistent."""
    return list(Refund.objects.filter(order=order).order_by("number"))


def sums_of(payments: list[Payment]) -> Sums:
    return sum((payment.sums for payment in payments), Sums())
