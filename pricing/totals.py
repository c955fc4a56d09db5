"""What a cart costs. Cart and checkout ask the same function."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pricing.money import Money

#: Sums are stored with 19 digits, three of them after the point.
LARGEST_TOTAL = Decimal("9999999999999999.99")


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


@dataclass(frozen=True)
class Totals:
    """`total` is `subtotal` + `shipping`; `tax` is the part of `total` that is tax."""

    subtotal: Money
    shipping: Money
    tax: Money
    total: Money


def price_cart(lines: Iterable[tuple[Money, int]], tariff: Tariff) -> Totals:
    """The totals of lines of (unit price, quantity). No lines cost nothing, shipping neither.

    Each line is rounded by itself, so that the lines shown add up to the subtotal shown.
    """
    nothing = Money.zero(tariff.shipping.currency)
    line_totals = [price_line(price, quantity) for price, quantity in lines]
    subtotal = sum(line_totals, start=nothing)
    shipping = price_shipping(subtotal, tariff) if line_totals else nothing
    total = subtotal + shipping
    return Totals(subtotal, shipping, contained_tax(total, tariff.tax_rate), total)


def check_total(totals: Totals) -> None:
    """Raises TotalTooLarge for a total above LARGEST_TOTAL; no other sum is larger than it."""
    if totals.total.amount > LARGEST_TOTAL:
        raise TotalTooLarge(f"{totals.total} is more than {LARGEST_TOTAL}.")


def price_line(price: Money, quantity: int) -> Money:
    return (price * quantity).quantized()


def price_shipping(subtotal: Money, tariff: Tariff) -> Money:
    charged = tariff.shipping if subtotal < tariff.free_from else tariff.shipping * 0
    return charged.quantized()


def contained_tax(gross: Money, rate: Decimal) -> Money:
    """The tax inside an amount that includes it, rounded half up to the currency's digits."""
    return Money(gross.amount - gross.amount / (1 + rate), gross.currency).quantized()
