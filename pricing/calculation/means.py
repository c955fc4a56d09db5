"""What pays: gift cards, credit, points, and at last card or cash. None of them changes a tax."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing.calculation.adjustments import Adjustment, Kind
from pricing.calculation.units import divide, in_units, to_money
from pricing.money import Money, minor_digits

CASH = "cash"


class MeansKind(StrEnum):
    POINTS = "points"
    GIFT_CARD = "gift_card"
    CREDIT = "credit"
    CARD = "card"
    CASH = "cash"


class Means(NamedTuple):
    """`available`: what a gift card or credit holds; card and cash pay whatever is left.

    `points` and the `worth` of one, in major units. `reference` tells two gift cards apart.
    """

    kind: MeansKind
    available: Money | None = None
    points: int = 0
    worth: Decimal = Decimal(0)
    reference: str = ""


class Payment(NamedTuple):
    """What a means pays, and with how many points."""

    kind: MeansKind
    amount: Money
    points: int = 0
    reference: str = ""


def points_for(means: Means, most: int, currency: str) -> tuple[int, int]:
    """Whole points that pay at most so much, and their worth in smallest units, cut off."""
    worth = means.worth.scaleb(minor_digits(currency))
    points = min(means.points, int(most / worth)) if worth else 0
    return points, int(points * worth)


def worth_of_points(means: Iterable[Means], currency: str) -> int:
    """Of all there are, in smallest units, cut off."""
    of_points = [each for each in means if each.kind is MeansKind.POINTS]
    return sum(int((each.points * each.worth).scaleb(minor_digits(currency))) for each in of_points)


def rounded_cash(amount: int, step: Money | None, currency: str) -> int:
    """To the smallest coin, half up."""
    if step is None:
        return amount
    coin = in_units(step, currency)
    return divide(amount, coin) * coin


def pay(
    total: Money, means: Iterable[Means], cash_step: Money | None = None
) -> tuple[list[Payment], Adjustment | None]:
    """What each pays in turn, none more than is left, and by how much cash was rounded."""
    currency, payments, rounding = total.currency, [], 0
    left = in_units(total, currency)
    for each in means:
        points = 0
        match each.kind:
            case MeansKind.POINTS:
                points, amount = points_for(each, left, currency)
            case MeansKind.CASH:
                amount = rounded_cash(left, cash_step, currency)
                rounding, left = rounding + amount - left, amount
            case _ if each.available is not None:
                amount = min(left, in_units(each.available, currency))
            case _:
                amount = left
        left -= amount
        payments.append(Payment(each.kind, to_money(amount, currency), points, each.reference))
    return payments, rounding_adjustment(rounding, currency) if rounding else None


def rounding_adjustment(units: int, currency: str) -> Adjustment:
    amount, nothing = to_money(units, currency), Money.zero(currency)
    return Adjustment(Kind.ROUNDING, CASH, None, amount, Decimal(0), nothing, included=True)
