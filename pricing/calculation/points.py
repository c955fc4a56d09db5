"""Points earned with an order, and taken back with a return."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing.money import Money


class PointsBasis(StrEnum):
    """What earns: goods with tax after discounts, less what points paid or not; no shipping."""

    GROSS_GOODS_LESS_POINTS = "gross_goods_less_points"
    GROSS_GOODS = "gross_goods"


class Shortfall(StrEnum):
    """When more points are taken back than there are: the balance goes below zero, or what is
    missing is taken off the refund at its worth."""

    NEGATIVE_BALANCE = "negative_balance"
    DEDUCT_FROM_REFUND = "deduct_from_refund"


class PointsScheme(NamedTuple):
    """`rate` points for each full `per`; one is worth `worth`, in major units."""

    per: Money
    rate: int = 1
    worth: Decimal = Decimal(0)
    basis: PointsBasis = PointsBasis.GROSS_GOODS_LESS_POINTS
    shortfall: Shortfall = Shortfall.NEGATIVE_BALANCE


@dataclass(frozen=True)
class TakenBack:
    """Points that the balance loses, and what the refund loses for those that it does not have."""

    points: int
    deducted: Money


def points_earned(goods: Money, paid_by_points: Money, scheme: PointsScheme) -> int:
    """Cut off once per order. After a return: of what is kept, and of the points that still pay."""
    earning = goods
    if scheme.basis is PointsBasis.GROSS_GOODS_LESS_POINTS:
        earning = goods - paid_by_points
    return max(0, int(earning.amount // scheme.per.amount)) * scheme.rate


def take_back(earned: int, kept: int, balance: int, scheme: PointsScheme) -> TakenBack:
    """Of `earned` points only `kept` are earned after a return; `balance` is before it."""
    points = earned - kept
    nothing = Money.zero(scheme.per.currency)
    if scheme.shortfall is Shortfall.NEGATIVE_BALANCE:
        return TakenBack(points, nothing)
    missing = max(0, points - max(0, balance))
    worth = Money(missing * scheme.worth, scheme.per.currency)
    return TakenBack(points - missing, worth.quantized())
