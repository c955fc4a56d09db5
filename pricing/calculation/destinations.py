"""Whose tax is due when goods are sent to another country out of the EU's VAT area or within it.

VAT Directive 2006/112/EC, art. 33, 59c (distance sales), 138 (businesses), 146 (export). Markets
outside the EU are taxed as they are: there the destination chooses the market.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pricing.calculation.lines import CartLine, Shipping, Tier
from pricing.calculation.rules import CrossBorder, Market, NetFrom, Rules
from pricing.calculation.units import divide, ratio, to_money
from pricing.money import Money, minor_digits

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
REVERSE_CHARGE, EXPORT = "reverse_charge", "export"


class Destination(NamedTuple):
    """Where the goods go, and to whom.

    `tax_rates` of that country, in percent by category, where its tax may be due. `vat_id_valid`:
    a business whose VAT id was checked and is valid. `below_threshold`: all sales to consumers in
    other Member States stay below 10,000 EUR a year, so they are taxed at the origin.
    """

    country: str
    tax_rates: Mapping[str, Decimal] | None = None
    vat_id_valid: bool = False
    below_threshold: bool = False


class Sale(NamedTuple):
    """What is calculated with: prices and rates of the place of taxation."""

    lines: tuple[CartLine, ...]
    shipping: Shipping | None
    market: Market
    note: str = ""


def sale_to(
    destination: Destination, lines: tuple[CartLine, ...], shipping: Shipping | None,
    market: Market, rules: Rules,
) -> Sale:  # fmt: skip
    """The same goods as they are sold there. Raises UnknownTaxCategory for a missing rate."""
    same = Sale(lines, shipping, market)
    if market.country not in EU or destination.country == market.country:
        return same
    if destination.country not in EU:
        return tax_free(same, destination, rules, EXPORT)
    if destination.vat_id_valid:
        return tax_free(same, destination, rules, REVERSE_CHARGE)
    if destination.below_threshold:
        return same
    abroad = market._replace(country=destination.country, tax_rates=destination.tax_rates or {})
    if rules.cross_border is CrossBorder.GROSS_KEPT or not market.prices_include_tax:
        return same._replace(market=abroad)
    return repriced(same, Repricing(market, abroad, rules.shipping_category), abroad, "")


def tax_free(sale: Sale, destination: Destination, rules: Rules, note: str) -> Sale:
    rates = dict.fromkeys(sale.market.tax_rates, Decimal(0))
    free = sale.market._replace(prices_include_tax=False, tax_rates=rates)
    if not sale.market.prices_include_tax:
        return sale._replace(market=free, note=note)
    origin = sale.market
    if rules.net_from is NetFrom.DESTINATION and destination.tax_rates is not None:
        origin = origin._replace(tax_rates=destination.tax_rates)
    return repriced(sale, Repricing(origin, None, rules.shipping_category), free, note)


class Repricing(NamedTuple):
    """Out of a price goes the tax of one market, and that of another is put on, if there is one.
    Each price is rounded once, half up."""

    taken_out: Market
    put_on: Market | None
    shipping_category: str

    def price(self, price: Money, category: str) -> Money:
        numerator, denominator = ratio(self.taken_out.tax_rate(category))
        factor = Fraction(denominator, denominator + numerator)
        if self.put_on is not None:
            factor *= 1 + Fraction(*ratio(self.put_on.tax_rate(category)))
        units = Fraction(price.amount) * 10 ** minor_digits(price.currency) * factor
        return to_money(divide(units.numerator, units.denominator), price.currency)

    def line(self, line: CartLine) -> CartLine:
        category = line.tax_category
        return line._replace(
            unit_price=self.price(line.unit_price, category),
            list_price=line.list_price and self.price(line.list_price, category),
            tiers=tuple(
                Tier(tier.from_quantity, self.price(tier.unit_price, category))
                for tier in line.tiers
            ),
        )

    def shipping(self, shipping: Shipping) -> Shipping:
        return shipping._replace(price=self.price(shipping.price, self.shipping_category))


def repriced(sale: Sale, repricing: Repricing, market: Market, note: str) -> Sale:
    return Sale(
        tuple(repricing.line(line) for line in sale.lines),
        sale.shipping and repricing.shipping(sale.shipping),
        market,
        note,
    )
