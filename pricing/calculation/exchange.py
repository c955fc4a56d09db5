"""Another article for a returned one: the replacement is an order linked to the first."""

from collections.abc import Sequence
from typing import NamedTuple

from pricing.calculation.cart import price_cart
from pricing.calculation.lines import CartLine
from pricing.calculation.priced import PricedTotals
from pricing.calculation.promotions import Promotion
from pricing.calculation.refunds import RefundRow
from pricing.calculation.rules import ExchangePromotions, PriceContext, Rules
from pricing.money import Money


class Exchange(NamedTuple):
    """`difference` is what the customer pays, or below zero receives; `tax` is the tax in it."""

    credit: Money
    replacement: PricedTotals
    difference: Money
    tax: Money


def exchange(
    returned: RefundRow, replacement: CartLine, context: PriceContext, rules: Rules, *,
    kept: Sequence[Promotion] = (), today: Sequence[Promotion] = (),
) -> Exchange:  # fmt: skip
    """The credit is what was paid for the unit. The replacement gets the benefits of the first
    order (`kept`) or those of `today`, as the rules have it."""
    keep = rules.exchange_promotions is ExchangePromotions.KEEP
    totals = price_cart([replacement], context, rules, promotions=kept if keep else today)
    return Exchange(
        credit=returned.gross,
        replacement=totals,
        difference=totals.total - returned.gross,
        tax=totals.tax - returned.tax,
    )
