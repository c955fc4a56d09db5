"""What one piece of an article costs, in a cart of today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from catalog.models import Variant
from pricing.models import SkuPrices
from pricing.money import Money

if TYPE_CHECKING:
    from pricing.calculation.rules import PriceContext


class UnitPrice(NamedTuple):
    """The price in force. `list_price` is the article's own where that is higher: a price that a
    list raises is no reduction, and is shown as it is."""

    money: Money
    list_price: Money | None = None


def price_in_force(
    variant: Variant,
    quantity: int,
    row: SkuPrices | None,
    priorities: Mapping[str, int],
    context: PriceContext,
) -> UnitPrice:
    """Of a variant in the context's currency: its own price is the base, beside those in `row`."""
    own: Money = variant.money
    if row is None:
        return UnitPrice(own)
    from pricing.calculation.price_lists import ListedPrice, choose_price  # as in `price_cart`

    chosen = choose_price([ListedPrice(own), *row.listed], context, quantity, priorities)
    money = chosen.money if chosen else own
    return UnitPrice(money, own if money < own else None)


def named_lists(rows: Iterable[SkuPrices]) -> set[str]:
    """The price lists that these prices stand in."""
    return {price.get("price_list", "") for row in rows for price in row.prices} - {""}
