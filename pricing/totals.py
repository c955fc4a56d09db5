"""What a cart costs under the shop's one tariff. Cart and checkout ask the same function."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from pricing.calculation.adjustments import Adjustment
from pricing.calculation.cart import price_cart as calculate
from pricing.calculation.lines import CartLine, Shipping
from pricing.calculation.priced import PricedLine, PricedTotals
from pricing.calculation.rules import STANDARD, Market, PriceContext, Rules
from pricing.money import Money

#: Sums are stored with 19 digits, three of them after the point.
LARGEST_TOTAL = Decimal("9999999999999999.99")
METHOD = "standard"


class TotalTooLarge(ValueError):
    """No order can hold this sum."""


@dataclass(frozen=True)
class Tariff:
    """The rules of a shop: all amounts in its one currency, prices with tax included.

    `tax_rate` is a fraction: 0.19 for 19 %. From `free_from` on, shipping costs nothing.
    """

    shipping: Money
    free_from: Money
    tax_rate: Decimal

    @property
    def rules(self) -> Rules:
        return Rules(free_shipping_from=self.free_from)

    @property
    def context(self) -> PriceContext:
        """Of everybody, anywhere, at any time: that is what a tariff is."""
        currency = self.shipping.currency
        market = Market("", currency, True, {STANDARD: self.tax_rate * 100})
        return PriceContext(currency, market, frozenset(), datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Totals:
    """`total` is `subtotal` + `shipping`; `tax` is the part of `total` that is tax.

    The sums of `adjustments`, of which `lines` has each line's own: what it costs, the tax in
    that, and its share of every discount of the order; `shipping_parts` has shipping's. Totals
    read from an order have the sums alone, and two are equal by these.
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


def price_cart(lines: Iterable[tuple[Money, int] | CartLine], tariff: Tariff) -> Totals:
    """The totals of lines. No lines cost nothing, shipping neither.

    A line is a CartLine or a pair of (unit price, quantity), which has its place for a SKU. Each
    is rounded by itself, so that the lines shown add up to the subtotal shown; the tax is rounded
    once, and the lines' taxes add up to it.
    """
    found = [
        line if isinstance(line, CartLine) else CartLine(str(place), *line)
        for place, line in enumerate(lines)
    ]
    shipping = Shipping(METHOD, tariff.shipping) if found else None
    return totals_of(calculate(found, tariff.context, tariff.rules, shipping=shipping))


def totals_of(priced: PricedTotals) -> Totals:
    """What cart, checkout and order show of a calculation."""
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
        raise TotalTooLarge(f"{totals.total} is more than {LARGEST_TOTAL}.")


def price_line(price: Money, quantity: int) -> Money:
    return (price * quantity).quantized()


def contained_tax(gross: Money, rate: Decimal) -> Money:
    """The tax inside an amount that includes it, rounded half up to the currency's digits."""
    return Money(gross.amount - gross.amount / (1 + rate), gross.currency).quantized()
