"""What a cart costs: adjustments, and every total as a sum of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pricing.calculation.adjustments import Adjustment, Kind, percent
from pricing.calculation.means import Payment
from pricing.money import Money


class TaxSum(NamedTuple):
    """What one rate, in percent, makes of an order."""

    tax_rate: Decimal
    net: Money
    tax: Money
    gross: Money


class PricedLine(NamedTuple):
    """A line with its share of every discount of the order; or, without a SKU, shipping at one
    rate. Money is `gross` = `net` + `tax`; `subtotal` is as prices are shown: with tax, or without.
    """

    sku: str | None
    quantity: int
    tax_rate: Decimal
    adjustments: tuple[Adjustment, ...]

    @property
    def currency(self) -> str:
        return self.adjustments[0].amount.currency

    @property
    def subtotal(self) -> Money:
        return summed(shown_amounts(self.adjustments), self.currency)

    @property
    def gross(self) -> Money:
        return summed((adjustment.amount for adjustment in self.adjustments), self.currency)

    @property
    def tax(self) -> Money:
        return summed((adjustment.tax for adjustment in self.adjustments), self.currency)

    @property
    def net(self) -> Money:
        return self.gross - self.tax

    @property
    def discounts(self) -> tuple[Adjustment, ...]:
        """Its adjustments but price and tax: what was taken off."""
        return tuple(a for a in self.adjustments if a.kind not in (Kind.PRICE, Kind.TAX))

    @property
    def reduced_from(self) -> Money | None:
        """Of one unit, the price before the price in force; None where they are the same."""
        if not any(each.kind is Kind.SALE for each in self.adjustments):
            return None
        before = next(each.amount for each in self.adjustments if each.kind is Kind.PRICE)
        return Money(before.amount / self.quantity, before.currency).quantized()

    def as_data(self) -> dict[str, Any]:
        """For JSON in an order's line: tax `r`ate, `t`ax, and, where there are any, the
        adjustments as `x`. Not in it is what the line has anyway (SKU, quantity, unit price x
        quantity) and what follows from it: the adjustments of kind PRICE and TAX."""
        kept = [each.as_data() for each in self.discounts]
        data = {"r": percent(self.tax_rate), "t": str(self.tax.amount)}
        return {**data, "x": kept} if kept else data

    @classmethod
    def of_data(
        cls, data: Mapping[str, Any], *, sku: str | None, quantity: int, amount: Money,
        included: bool,
    ) -> PricedLine:  # fmt: skip
        """What `as_data` gave. `amount`: the quantity at the price in force, nothing for shipping;
        `included`: whether the market's prices include tax."""
        rate, tax = Decimal(data["r"]), Money(Decimal(data["t"]), amount.currency)
        kept = tuple(
            Adjustment.of_data(
                each, line=sku, tax_rate=rate, currency=amount.currency, included=included
            )
            for each in data.get("x", ())
        )
        derived = Derived(sku, rate, amount, tax, included)
        return cls(sku, quantity, rate, (*derived.price(kept), *kept, *derived.tax_on_top()))


class Derived(NamedTuple):
    """The adjustments of a line that are not stored."""

    sku: str | None
    rate: Decimal
    amount: Money
    tax: Money
    included: bool

    def price(self, kept: tuple[Adjustment, ...]) -> Iterator[Adjustment]:
        """From the price in force back to the one before sale and tier; its tax is the rest."""
        if self.sku is None:
            return
        currency = self.amount.currency
        sale = summed((each.amount for each in kept if each.kind is Kind.SALE), currency)
        tax = Money.zero(currency)
        if self.included:
            tax = self.tax - summed((each.tax for each in kept), currency)
        yield Adjustment(
            Kind.PRICE, LIST, self.sku, self.amount - sale, self.rate, tax, self.included
        )

    def tax_on_top(self) -> Iterator[Adjustment]:
        if not self.included and self.tax.amount:
            yield tax_adjustment(self.sku, self.rate, self.tax)


LIST, ON_TOP = "list", "tax"


def tax_adjustment(line: str | None, rate: Decimal, tax: Money) -> Adjustment:
    """Tax that comes on top of prices without it."""
    return Adjustment(Kind.TAX, ON_TOP, line, tax, rate, tax, included=False)


class SourceSum(NamedTuple):
    """What all adjustments of one kind and source make together."""

    kind: Kind
    source: str
    amount: Money
    tax: Money


class PricedTotals(NamedTuple):
    """What a cart costs. `lines` in the cart's order; `shipping_parts`, one for each rate.

    `rounding` is of cash, in no total but `to_pay`. `tax_note` says why there is no tax:
    `reverse_charge`, `export`, else it is empty.
    """

    currency: str
    lines: tuple[PricedLine, ...]
    shipping_parts: tuple[PricedLine, ...] = ()
    rounding: Adjustment | None = None
    payments: tuple[Payment, ...] = ()
    tax_note: str = ""

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """All, in the order of the calculation line by line, then shipping's, then rounding."""
        found = self.part_adjustments
        return (*found, self.rounding) if self.rounding else tuple(found)

    @property
    def part_adjustments(self) -> list[Adjustment]:
        """All but rounding."""
        return [adjustment for part in self.parts for adjustment in part.adjustments]

    @property
    def parts(self) -> tuple[PricedLine, ...]:
        return (*self.lines, *self.shipping_parts)

    @property
    def subtotal(self) -> Money:
        """The goods, as prices are shown."""
        goods = (a for line in self.lines for a in line.adjustments)
        return summed(shown_amounts(goods), self.currency)

    @property
    def shipping(self) -> Money:
        """As prices are shown, after its benefits."""
        return summed((part.subtotal for part in self.shipping_parts), self.currency)

    @property
    def net(self) -> Money:
        return self.total - self.tax

    @property
    def tax(self) -> Money:
        return summed((each.tax for each in self.part_adjustments), self.currency)

    @property
    def total(self) -> Money:
        return summed((each.amount for each in self.part_adjustments), self.currency)

    @property
    def to_pay(self) -> Money:
        """The total, with cash as it can be paid."""
        return self.total + self.rounding.amount if self.rounding else self.total

    @property
    def remaining(self) -> Money:
        """What no means has paid yet."""
        return self.to_pay - summed((each.amount for each in self.payments), self.currency)

    @property
    def taxes(self) -> list[TaxSum]:
        """A sum for each rate, the lowest first."""
        by_rate: dict[Decimal, list[PricedLine]] = defaultdict(list)
        for part in self.parts:
            by_rate[part.tax_rate].append(part)
        return [self.tax_sum(rate, by_rate[rate]) for rate in sorted(by_rate)]

    def tax_sum(self, rate: Decimal, parts: list[PricedLine]) -> TaxSum:
        gross = summed((part.gross for part in parts), self.currency)
        tax = summed((part.tax for part in parts), self.currency)
        return TaxSum(rate, gross - tax, tax, gross)

    @property
    def by_source(self) -> list[SourceSum]:
        """A sum for each kind and source, as they come in the order of the calculation."""
        found: dict[tuple[Kind, str], list[Adjustment]] = defaultdict(list)
        for each in self.adjustments:
            found[each.kind, each.source].append(each)
        return [
            SourceSum(
                *name,
                summed((each.amount for each in some), self.currency),
                summed((each.tax for each in some), self.currency),
            )
            for name, some in found.items()
        ]

    @property
    def by_kind(self) -> dict[Kind, Money]:
        """The sum of each kind of adjustment that there is."""
        sums: dict[Kind, Money] = {}
        for adjustment in self.adjustments:
            before = sums.get(adjustment.kind, Money.zero(self.currency))
            sums[adjustment.kind] = before + adjustment.amount
        return sums


def shown_amounts(adjustments: Iterable[Adjustment]) -> Iterator[Money]:
    """Without the tax that comes on top."""
    return (each.amount for each in adjustments if each.kind is not Kind.TAX)


def summed(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts that are all in the currency; as decimals, since a Money for each step
    would take half as long as the whole calculation."""
    nothing = Money.zero(currency)
    return Money(sum((each.amount for each in amounts), start=nothing.amount), currency)
