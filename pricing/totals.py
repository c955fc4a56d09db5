"""What a cart costs under the shop's one tariff. Cart and checkout ask the same function."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pricing.money import Money

if TYPE_CHECKING:
    from pricing.calculation.adjustments import Adjustment
    from pricing.calculation.lines import CartLine
    from pricing.calculation.priced import PricedLine
    from pricing.calculation.rules import PriceContext

#: Sums are stored with 19 digits, three of them after the point.
LARGEST_TOTAL = Decimal("9999999999999999.99")


class TotalTooLarge(ValueError):
    """No order can hold this `total`: `most` is the largest."""

    def __init__(self, *, total: Money, most: Money):
        super().__init__(f"{total} is more than {most}.")
        self.total, self.most = total, most


class Tariff(NamedTuple):
    """The rules of a shop: all amounts in its one currency, prices with tax included.

    `tax_rate` is a fraction: 0.19 for 19 %. From `free_from` on, shipping costs nothing.
    """

    shipping: Money
    free_from: Money
    tax_rate: Decimal


@dataclass(frozen=True)
class Totals:
    """`total` is `subtotal` + `shipping`; `tax` is the part of `total` that is tax.

    They are sums of `adjustments`. `lines` has each line's own: gross, net, tax and its share of
    every discount of the order; `shipping_parts` has shipping's, by tax rate. An order keeps each
    line's `as_data()` in its line, and reads it by `PricedLine.of_data`. Totals of an order of
    before have the sums alone; two are equal by the sums.
    """

    subtotal: Money
    shipping: Money
    tax: Money
    total: Money
    lines: tuple[PricedLine, ...] = field(default=(), compare=False, repr=False)
    shipping_parts: tuple[PricedLine, ...] = field(default=(), compare=False, repr=False)

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        parts = (*self.lines, *self.shipping_parts)
        return tuple(adjustment for part in parts for adjustment in part.adjustments)


def price_cart(
    lines: Iterable[tuple[Money, int] | CartLine],
    tariff: Tariff,
    context: PriceContext | None = None,
) -> Totals:
    """The totals of lines. No lines cost nothing, shipping neither.

    A line is a CartLine, or a pair of (unit price, quantity), which is named by its place ("0").
    Each is rounded by itself, so that the lines shown add up to the subtotal shown; the tax is
    rounded once for all, and the lines' taxes add up to it. Without a context it is calculated
    for everybody, anywhere, at any time.
    """
    # Here, since it takes 25 ms of CPU: no process that shows products should wait for it.
    from pricing.calculation.tariff import price_by_tariff

    priced = price_by_tariff(
        lines,
        shipping=tariff.shipping,
        free_from=tariff.free_from,
        tax_rate=tariff.tax_rate,
        context=context,
    )
    return Totals(
        subtotal=priced.subtotal,
        shipping=priced.shipping,
        tax=priced.tax,
        total=priced.total,
        lines=priced.lines,
        shipping_parts=priced.shipping_parts,
    )


def check_total(totals: Totals) -> None:
    """Raises TotalTooLarge for a total above LARGEST_TOTAL; no other sum is larger than it."""
    if totals.total.amount > LARGEST_TOTAL:
        most = Money(LARGEST_TOTAL, totals.total.currency)
        raise TotalTooLarge(total=totals.total, most=most)


def price_line(price: Money, quantity: int) -> Money:
    return (price * quantity).quantized()
