"""Taking benefits off a cart: of products, then of the order, then of shipping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pricing.calculation.adjustments import Kind
from pricing.calculation.lines import CartLine
from pricing.calculation.promotions import BenefitClass, FreeShipping, Promotion
from pricing.calculation.rules import FreeShippingBasis
from pricing.calculation.units import in_units, spread

FREE_FROM, POINTS = "free_from", "points"


class Taken(NamedTuple):
    """A benefit's adjustment in smallest units, one for each line; of shipping a single one."""

    kind: Kind
    source: str
    off: list[int]


class Places(NamedTuple):
    """Of the lines that a promotion touches, and of those that count for its minimum."""

    promotion: Promotion  # kept, or another one could get its identity
    touched: list[int]
    counted: list[int]


@dataclass(frozen=True)
class Basket:
    """A cart in smallest units: lines by SKU, what each costs by its price in force, the charge
    for shipping, the sum from which on that is free, and the worth of points that are a discount.
    """

    currency: str
    lines: Sequence[CartLine]
    amounts: Sequence[int]
    charge: int = 0
    free_from: int | None = None
    free_basis: FreeShippingBasis = FreeShippingBasis.AFTER_DISCOUNTS
    points: int = 0
    #: By identity: to hash a promotion takes longer than to find its places.
    found: dict[int, Places] = field(default_factory=dict)

    def places_of(self, promotion: Promotion) -> Places:
        places = self.found.get(id(promotion))
        if places is None:
            numbered = list(enumerate(self.lines))
            places = self.found[id(promotion)] = Places(
                promotion,
                [at for at, line in numbered if promotion.touches(line)],
                [at for at, line in numbered if promotion.counts(line)],
            )
        return places

    def reaches_minimum(self, promotion: Promotion, amounts: Sequence[int]) -> bool:
        if promotion.minimum is None:
            return True
        counted = sum(amounts[at] for at in self.places_of(promotion).counted)
        return counted >= in_units(promotion.minimum, self.currency)

    def off(self, promotion: Promotion, left: Sequence[int], counted: Sequence[int]) -> list[int]:
        """What it takes of each line of what is `left`, if `counted` reaches its minimum."""
        off, places = [0] * len(left), self.places_of(promotion).touched
        benefit = promotion.benefit
        if isinstance(benefit, FreeShipping) or not places:
            return off
        if not self.reaches_minimum(promotion, counted):
            return off
        some = benefit.off([self.lines[at] for at in places], [left[at] for at in places])
        for at, amount in zip(places, some, strict=True):
            off[at] = amount
        return off


@dataclass
class Discounted:
    """What is left of a basket, and what was taken, in this order."""

    left: list[int]
    charge: int
    taken: list[Taken] = field(default_factory=list)
    taken_of_charge: list[Taken] = field(default_factory=list)

    @property
    def to_pay(self) -> int:
        return sum(self.left) + self.charge

    def take(self, taken: Taken) -> None:
        self.taken.append(taken)
        self.left = [amount - off for amount, off in zip(self.left, taken.off, strict=True)]

    def take_of_charge(self, kind: Kind, source: str, off: int) -> None:
        self.taken_of_charge.append(Taken(kind, source, [off]))
        self.charge -= off


def discount(basket: Basket, promotions: Iterable[Promotion]) -> Discounted:
    """The basket with these promotions, which may go together, one class after another.

    Within a class promotions come before vouchers, then they go by source.
    """
    ordered = sorted(promotions, key=lambda each: (each.kind is Kind.VOUCHER, each.source))
    result = Discounted(list(basket.amounts), basket.charge)
    take_products(basket, of_class(BenefitClass.PRODUCT, ordered), result)
    after_products = list(result.left)
    for promotion in of_class(BenefitClass.ORDER, ordered):
        off = basket.off(promotion, result.left, result.left)
        result.take(Taken(promotion.kind, promotion.source, off))
    take_points(basket, result)
    take_free_from(basket, after_products, result)
    for promotion in of_class(BenefitClass.SHIPPING, ordered):
        take_shipping(basket, promotion, result)
    return result


def of_class(wanted: BenefitClass, promotions: Iterable[Promotion]) -> list[Promotion]:
    return [each for each in promotions if each.applies_to is wanted]


def take_products(basket: Basket, promotions: list[Promotion], result: Discounted) -> None:
    """Of each line the best: a single promotion, or those that combine, one after another."""
    if not promotions:
        return
    together = [each for each in promotions if BenefitClass.PRODUCT in each.combines_with]
    ways = [take_in_turn(basket, together)]
    ways += [take_in_turn(basket, [each]) for each in promotions if each not in together]
    best = [best_way(ways, at) for at in range(len(basket.lines))]
    for way in ways:
        for taken in way:
            chosen = [off if best[at] is way else 0 for at, off in enumerate(taken.off)]
            result.take(taken._replace(off=chosen))


def best_way(ways: list[list[Taken]], at: int) -> list[Taken]:
    return max(ways, key=lambda way: sum(taken.off[at] for taken in way))


def take_in_turn(basket: Basket, promotions: Iterable[Promotion]) -> list[Taken]:
    way, left = [], list(basket.amounts)
    for promotion in promotions:
        off = basket.off(promotion, left, basket.amounts)
        left = [amount - less for amount, less in zip(left, off, strict=True)]
        way.append(Taken(promotion.kind, promotion.source, off))
    return way


def take_points(basket: Basket, result: Discounted) -> None:
    if not basket.points:
        return
    touched = [0 if line.gift or line.no_discount else 1 for line in basket.lines]
    weights = [amount * each for amount, each in zip(result.left, touched, strict=True)]
    off = spread(min(basket.points, sum(weights)), weights)
    result.take(Taken(Kind.PROMOTION, POINTS, off))


def take_free_from(basket: Basket, after_products: list[int], result: Discounted) -> None:
    if basket.free_from is None or not result.charge:
        return
    bases = {
        FreeShippingBasis.BEFORE_DISCOUNTS: basket.amounts,
        FreeShippingBasis.AFTER_PRODUCT_DISCOUNTS: after_products,
        FreeShippingBasis.AFTER_DISCOUNTS: result.left,
    }
    pairs = zip(basket.lines, bases[basket.free_basis], strict=True)
    if sum(amount for line, amount in pairs if not line.gift) >= basket.free_from:
        result.take_of_charge(Kind.PROMOTION, FREE_FROM, result.charge)


def take_shipping(basket: Basket, promotion: Promotion, result: Discounted) -> None:
    benefit = promotion.benefit
    if isinstance(benefit, FreeShipping) and basket.reaches_minimum(promotion, result.left):
        off = benefit.off_charge(result.charge, basket.currency)
        result.take_of_charge(promotion.kind, promotion.source, off)
