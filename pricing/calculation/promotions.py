"""Promotions and vouchers as data: what each takes off, and what it goes together with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from pricing.calculation.adjustments import Kind
from pricing.calculation.lines import CartLine
from pricing.calculation.units import divide, in_units, ratio, spread
from pricing.money import Money


class BenefitClass(StrEnum):
    """In the order in which they are taken."""

    PRODUCT = "product"
    ORDER = "order"
    SHIPPING = "shipping"


@dataclass(frozen=True)
class PercentOfLine:
    """Rounded once per line."""

    percent: Decimal
    applies_to: ClassVar = BenefitClass.PRODUCT

    def off(self, lines: Sequence[CartLine], left: Sequence[int]) -> list[int]:
        numerator, denominator = ratio(self.percent)
        return [divide(amount * numerator, denominator) for amount in left]


@dataclass(frozen=True)
class AmountPerUnit:
    amount: Money
    applies_to: ClassVar = BenefitClass.PRODUCT

    def off(self, lines: Sequence[CartLine], left: Sequence[int]) -> list[int]:
        each = in_units(self.amount, currency_of(lines))
        pairs = zip(lines, left, strict=True)
        return [min(amount, each * line.quantity) for line, amount in pairs]


class Selection(StrEnum):
    """Of n for m: the cheapest of all units are free, or the last ones of each group, from dear
    to cheap, which is better for the customer."""

    CHEAPEST_OVERALL = "cheapest_overall"
    CHEAPEST_IN_GROUP = "cheapest_in_group"


@dataclass(frozen=True)
class UnitsFree:
    """Of each `take` units `pay` are paid: 3 for 2."""

    take: int
    pay: int
    selection: Selection = Selection.CHEAPEST_OVERALL
    applies_to: ClassVar = BenefitClass.PRODUCT

    def off(self, lines: Sequence[CartLine], left: Sequence[int]) -> list[int]:
        units = sum(line.quantity for line in lines)
        if self.selection is Selection.CHEAPEST_OVERALL:
            return cheapest_off(lines, left, units // self.take * (self.take - self.pay))
        return units_off(lines, left, [self.free_before(upto, units) for upto in ends(lines)])

    def free_before(self, place: int, units: int) -> int:
        """How many of the dearest `place` units are free."""
        groups, rest = divmod(min(place, units - units % self.take), self.take)
        return groups * (self.take - self.pay) + max(0, rest - self.pay)


@dataclass(frozen=True)
class CheapestFree:
    """One unit, the cheapest, is free from `min_quantity` units on."""

    min_quantity: int
    applies_to: ClassVar = BenefitClass.PRODUCT

    def off(self, lines: Sequence[CartLine], left: Sequence[int]) -> list[int]:
        enough = sum(line.quantity for line in lines) >= self.min_quantity
        return cheapest_off(lines, left, int(enough))


@dataclass(frozen=True)
class Gift:
    """The gifts among its lines cost nothing."""

    applies_to: ClassVar = BenefitClass.PRODUCT

    def off(self, lines: Sequence[CartLine], left: Sequence[int]) -> list[int]:
        return list(left)


@dataclass(frozen=True)
class AmountOfOrder:
    """What the lines cannot take is gone."""

    amount: Money
    applies_to: ClassVar = BenefitClass.ORDER

    def off(self, lines: Sequence[CartLine], left: Sequence[int]) -> list[int]:
        return spread(min(in_units(self.amount, currency_of(lines)), sum(left)), left)


@dataclass(frozen=True)
class PercentOfOrder:
    """Rounded once, then `cap`, then spread."""

    percent: Decimal
    cap: Money | None = None
    applies_to: ClassVar = BenefitClass.ORDER

    def off(self, lines: Sequence[CartLine], left: Sequence[int]) -> list[int]:
        numerator, denominator = ratio(self.percent)
        amount = divide(sum(left) * numerator, denominator)
        if self.cap is not None:
            amount = min(amount, in_units(self.cap, currency_of(lines)))
        return spread(amount, left)


@dataclass(frozen=True)
class FreeShipping:
    """`cap`: at most so much off."""

    cap: Money | None = None
    applies_to: ClassVar = BenefitClass.SHIPPING

    def off_charge(self, charge: int, currency: str) -> int:
        return charge if self.cap is None else min(charge, in_units(self.cap, currency))


ProductBenefit = PercentOfLine | AmountPerUnit | UnitsFree | CheapestFree | Gift
OrderBenefit = AmountOfOrder | PercentOfOrder
Benefit = ProductBenefit | OrderBenefit | FreeShipping


@dataclass(frozen=True)
class Promotion:
    """`source` names it in adjustments; `kind` is PROMOTION or VOUCHER. A voucher that does several
    things is several of one source, which always go together.

    It goes together with those whose class is in `combines_with` and which say the same of its
    own; an `exclusive` one with none. `skus`: which lines it is for, None for all. `minimum` is
    compared with those lines' sum as its class finds it (of shipping and of a gift: all lines'),
    gifts and lines without discount not counted.
    """

    source: str
    benefit: Benefit
    kind: Kind = Kind.PROMOTION
    combines_with: frozenset[BenefitClass] = frozenset()
    exclusive: bool = False
    skus: frozenset[str] | None = None
    minimum: Money | None = None

    @property
    def applies_to(self) -> BenefitClass:
        return self.benefit.applies_to

    def touches(self, line: CartLine) -> bool:
        """Whether it may take something off the line."""
        named = self.skus is None or line.sku in self.skus
        return named and not line.no_discount and line.gift == isinstance(self.benefit, Gift)

    def counts(self, line: CartLine) -> bool:
        """Whether the line counts for its minimum."""
        if line.gift or line.no_discount:
            return False
        for_all = self.skus is None or isinstance(self.benefit, Gift | FreeShipping)
        return for_all or line.sku in (self.skus or ())

    def combines(self, other: Promotion) -> bool:
        """Whether both may be in one cart. Those of products share one always, line by line."""
        if self.source == other.source:
            return True
        if self.exclusive or other.exclusive:
            return False
        if self.applies_to is other.applies_to is BenefitClass.PRODUCT:
            return True
        return other.applies_to in self.combines_with and self.applies_to in other.combines_with


def currency_of(lines: Sequence[CartLine]) -> str:
    return lines[0].unit_price.currency


def dearest_first(lines: Sequence[CartLine]) -> list[int]:
    """Places of the lines by price; of equal ones the later by SKU is the cheaper."""
    return sorted(range(len(lines)), key=lambda at: (-lines[at].price_in_force.amount, at))


def ends(lines: Sequence[CartLine]) -> list[int]:
    """How many units there are up to each line and with it, the dearest line first."""
    counted, found = 0, []
    for place in dearest_first(lines):
        counted += lines[place].quantity
        found.append(counted)
    return found


def cheapest_off(lines: Sequence[CartLine], left: Sequence[int], free: int) -> list[int]:
    paid = sum(line.quantity for line in lines) - free
    return units_off(lines, left, [max(0, upto - paid) for upto in ends(lines)])


def units_off(lines: Sequence[CartLine], left: Sequence[int], upto: Sequence[int]) -> list[int]:
    """A free unit is worth its share of what its line still costs. `upto`: how many are free up
    to each line, the dearest first."""
    off, before = [0] * len(lines), 0
    for place, free in zip(dearest_first(lines), upto, strict=True):
        off[place] = divide(left[place] * (free - before), lines[place].quantity)
        before = free
    return off
