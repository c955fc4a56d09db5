"""Goods sent to another country: whose tax, and which price."""

from decimal import Decimal

import pytest

from pricing.calculation.cart import price_cart
from pricing.calculation.destinations import Destination
from pricing.calculation.lines import CartLine, Tier
from pricing.calculation.rules import CrossBorder, NetFrom, Rules, UnknownTaxCategory
from pricing.money import Money
from tests.pricing import carts


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


A = CartLine("A", eur("10.00"), 3)


@pytest.mark.parametrize(
    ("destination", "rules", "total", "note"),
    [
        (Destination("CH"), Rules(), "25.21", "export"),
        (Destination("FR", {"standard": Decimal(20)}, vat_id_valid=True), Rules(), "25.00",
         "reverse_charge"),
        (Destination("FR", {"standard": Decimal(20)}), Rules(), "30.00", ""),
        (Destination("FR", {"standard": Decimal(20)}),
         Rules(cross_border=CrossBorder.NET_KEPT), "30.25", ""),
        (Destination("FR", below_threshold=True), Rules(), "30.00", ""),
        (Destination("DE", vat_id_valid=True), Rules(), "30.00", ""),
    ],
)  # fmt: skip
def test_goods_sent_abroad(destination: Destination, rules: Rules, total: str, note: str) -> None:
    line = CartLine("A", eur("30.00"), 1, list_price=eur("40.00"), tiers=(Tier(9, eur("20.00")),))
    totals = price_cart([line], carts.context(), rules, destination=destination)
    assert (totals.total, totals.tax_note) == (eur(total), note)


def test_business_prices_abroad_stay_and_their_tax_goes() -> None:
    context = carts.context(included=False)
    there = Destination("FR", {"standard": Decimal(20)}, vat_id_valid=True)
    for net_from in NetFrom:
        totals = price_cart([A], context, Rules(net_from=net_from), destination=there)
        assert (totals.net, totals.tax) == (eur("30.00"), eur("0.00"))


def test_outside_the_eu_the_market_is_chosen_by_the_destination() -> None:
    context = carts.context()
    swiss = context._replace(market=context.market._replace(country="CH"))
    totals = price_cart([A], swiss, destination=Destination("FR"))
    assert (totals.total, totals.tax) == (eur("30.00"), eur("4.79"))


def test_a_country_whose_rates_are_not_known() -> None:
    with pytest.raises(UnknownTaxCategory, match="FR has no tax rate 'standard'"):
        price_cart([A], carts.context(), destination=Destination("FR"))
