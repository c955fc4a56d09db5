"""How a shop calculates: its rules, its markets, and for whom, where and when it does."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing.calculation.units import Rounding
from pricing.money import Money

STANDARD = "standard"


class UnknownTaxCategory(LookupError):
    """The market has no rate for a line's tax category."""


class TaxLevel(StrEnum):
    """What a tax is rounded for. RATE: once for all goods and shipping of a rate (an invoice by
    EN 16931 or of Japan), shown per line by largest remainder."""

    LINE = "line"
    RATE = "rate"
    UNIT = "unit"


class TaxTarget(StrEnum):
    """Which is rounded where prices contain tax; the other is what is left."""

    TAX = "tax"
    NET = "net"


class ShippingTax(StrEnum):
    """Rate of shipping: its category's, in proportion to the goods', the highest of the goods',
    or none."""

    OWN_RATE = "rate"
    PROPORTIONAL = "proportional"
    TAXABLE_IF_ANY = "taxable_if_any"
    NONE = "none"


class FreeShippingBasis(StrEnum):
    """Which sum of the goods is compared with the one that makes shipping free."""

    AFTER_DISCOUNTS = "after_discounts"
    AFTER_PRODUCT_DISCOUNTS = "after_product_discounts"
    BEFORE_DISCOUNTS = "before_discounts"


class PointsNature(StrEnum):
    MEANS = "means"
    DISCOUNT = "discount"


class RefundOrder(StrEnum):
    AS_PAID = "as_paid"
    REVERSE = "reverse"
    PROPORTIONAL = "proportional"


class NetFrom(StrEnum):
    """Whose rate is taken out of a price with tax, where no tax is due."""

    DESTINATION = "destination"
    ORIGIN = "origin"


class CrossBorder(StrEnum):
    """What stays the same for a consumer abroad, who pays another rate."""

    GROSS_KEPT = "gross_kept"
    NET_KEPT = "net_kept"


class ExchangePromotions(StrEnum):
    """Which benefits a replacement gets: those of the first order, or today's."""

    KEEP = "keep"
    TODAY = "today"


class Market(NamedTuple):
    """Where is sold. `tax_rates` in percent by tax category; `name` is what price lists call it."""

    country: str
    currency: str
    prices_include_tax: bool
    tax_rates: Mapping[str, Decimal]
    name: str = ""

    def tax_rate(self, category: str) -> Decimal:
        """In percent. Raises UnknownTaxCategory."""
        try:
            return self.tax_rates[category]
        except KeyError:
            raise UnknownTaxCategory(f"{self.country} has no tax rate {category!r}.") from None


class PriceContext(NamedTuple):
    """For whom, where and when is calculated; made once per request. `at` is aware."""

    currency: str
    market: Market
    customer_groups: frozenset[str]
    at: datetime


class Rules(NamedTuple):
    """A shop's choices; the defaults are what it does who has chosen nothing.

    `rounding` is of the tax alone: discounts are rounded half up. `cash_step`: 0.05 CHF.
    """

    rounding: Rounding = Rounding.HALF_UP
    tax_level: TaxLevel = TaxLevel.RATE
    tax_target: TaxTarget = TaxTarget.TAX
    shipping_tax: ShippingTax = ShippingTax.OWN_RATE
    shipping_category: str = STANDARD
    free_shipping_from: Money | None = None
    free_shipping_basis: FreeShippingBasis = FreeShippingBasis.AFTER_DISCOUNTS
    points: PointsNature = PointsNature.MEANS
    refund_order: RefundOrder = RefundOrder.AS_PAID
    cash_step: Money | None = None
    net_from: NetFrom = NetFrom.DESTINATION
    cross_border: CrossBorder = CrossBorder.GROSS_KEPT
    exchange_promotions: ExchangePromotions = ExchangePromotions.KEEP


DEFAULT_RULES = Rules()
