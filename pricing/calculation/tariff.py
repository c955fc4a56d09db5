"""The smallest case: one currency, one rate, one price for shipping."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from pricing.calculation.cart import price_cart
from pricing.calculation.lines import CartLine, Shipping
from pricing.calculation.priced import PricedTotals
from pricing.calculation.rules import STANDARD, Market, PriceContext, Rules
from pricing.money import Money

METHOD = "standard"


def price_by_tariff(
    lines: Iterable[tuple[Money, int] | CartLine],
    *,
    shipping: Money,
    free_from: Money,
    tax_rate: Decimal,
    context: PriceContext | None = None,
) -> PricedTotals:
    """Lines under a tariff (`pricing.totals.Tariff`); no lines, no shipping.

    A pair of (unit price, quantity) has its place for a SKU.
    """
    found = [
        line if isinstance(line, CartLine) else CartLine(str(place), *line)
        for place, line in enumerate(lines)
    ]
    return price_cart(
        found,
        context or anywhere(shipping.currency, tax_rate),
        Rules(free_shipping_from=free_from),
        shipping=Shipping(METHOD, shipping) if found else None,
    )


def anywhere(currency: str, tax_rate: Decimal) -> PriceContext:
    """For everybody, anywhere, at any time: that is what a tariff is."""
    market = Market("", currency, True, {STANDARD: tax_rate * 100})
    return PriceContext(currency, market, frozenset(), datetime.min.replace(tzinfo=UTC))
