"""From smallest units to adjustments: a row is an amount with its reason."""

from collections.abc import Sequence
from typing import NamedTuple

from pricing.calculation.adjustments import Adjustment, Kind
from pricing.calculation.benefits import Basket, Discounted
from pricing.calculation.lines import CartLine, Shipping
from pricing.calculation.priced import LIST, PricedLine, tax_adjustment
from pricing.calculation.taxes import Taxable
from pricing.calculation.units import divide, in_units, ratio, spread, to_money
from pricing.money import Money

SALE, TIER = "sale", "tier"


class Row(NamedTuple):
    kind: Kind
    source: str
    units: int


def line_rows(basket: Basket, discounted: Discounted, at: int) -> list[Row]:
    """Of a line: its price, what it was reduced by, and its share of each benefit."""
    off = [Row(each.kind, each.source, -each.off[at]) for each in discounted.taken]
    priced = price_rows(basket.lines[at], basket.amounts[at], basket.currency)
    return [*priced, *(row for row in off if row.units)]


def price_rows(line: CartLine, amount: int, currency: str) -> list[Row]:
    if line.list_price is None and not line.tiers:
        return [Row(Kind.PRICE, LIST, amount)]
    before_tier = in_units(line.unit_price * line.quantity, currency)
    listed = max(line.unit_price, line.list_price or line.unit_price) * line.quantity
    before_sale = in_units(listed, currency)
    rows = [
        Row(Kind.PRICE, LIST, before_sale),
        Row(Kind.SALE, SALE, before_tier - before_sale),
        Row(Kind.SALE, TIER, amount - before_tier),
    ]
    return [row for row in rows if row.units or row.kind is Kind.PRICE]


def shipping_rows(
    shipping: Shipping, discounted: Discounted, parts: Sequence[Taxable], weights: Sequence[int]
) -> list[list[Row]]:
    """Of shipping, for each rate's part of what is charged. `weights`: the parts if nothing were
    taken off; what is taken off is spread by them."""
    rows: list[list[Row]] = [[] for _ in parts]
    for taken in discounted.taken_of_charge:
        for off, share in zip(rows, spread(taken.off[0], weights), strict=True):
            if share:
                off.append(Row(taken.kind, taken.source, -share))
    return [
        [Row(Kind.SHIPPING, shipping.method, part.amount - sum(row.units for row in off)), *off]
        for part, off in zip(parts, rows, strict=True)
    ]


class Builder:
    """Makes adjustments of rows, for prices with tax or without."""

    def __init__(self, currency: str, *, included: bool):
        self.currency = currency
        self.included = included
        self.zero = to_money(0, currency)

    def line(self, sku: str | None, part: Taxable, rows: Sequence[Row], tax: int) -> PricedLine:
        """A line, or shipping at one rate, with its tax in smallest units."""
        taxes = self.row_taxes(part, rows, tax) if self.included else [self.zero] * len(rows)
        adjustments = [
            Adjustment(
                kind, source, sku, to_money(units, self.currency), part.rate, of, self.included
            )
            for (kind, source, units), of in zip(rows, taxes, strict=True)
        ]
        if tax and not self.included:
            adjustments.append(tax_adjustment(sku, part.rate, to_money(tax, self.currency)))
        return PricedLine(sku, part.quantity, part.rate, tuple(adjustments))

    def row_taxes(self, part: Taxable, rows: Sequence[Row], tax: int) -> list[Money]:
        """The tax in each: a discount's is rounded by itself, the price's is what is left."""
        numerator, denominator = ratio(part.rate)
        off = [divide(row.units * numerator, denominator + numerator) for row in rows[1:]]
        return [to_money(each, self.currency) for each in (tax - sum(off), *off)]
