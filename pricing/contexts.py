"""For whom, where and when a request calculates."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from pricing.calculation.rules import Market, PriceContext


def current_context() -> PriceContext:
    """Made once a request, so that all its prices are of one moment.

    The shop's currency and its one market. Customer groups come in here: whose account a request
    has is known, whose customer would be a call more, so there are none yet.
    """
    from pricing.calculation.rules import PriceContext  # as in `totals.price_cart`

    return PriceContext(settings.SHOP_CURRENCY, default_market(), frozenset(), timezone.now())


def default_market() -> Market:
    """Nowhere in particular: prices that are said to hold for a market or a country do not."""
    from pricing.calculation.rules import STANDARD, Market

    rates = {STANDARD: Decimal(settings.SHOP_TAX_RATE) * 100}
    return Market("", settings.SHOP_CURRENCY, True, rates)
