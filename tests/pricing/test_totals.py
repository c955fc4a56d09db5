"""The one calculation of what a cart costs."""

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.calculation.lines import CartLine
from pricing.money import Money
from pricing.totals import Tariff, Totals, price_cart, price_line


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


TARIFF = Tariff(shipping=eur("4.90"), free_from=eur("50.00"), tax_rate=Decimal("0.19"))

lines = st.lists(
    st.tuples(
        st.decimals(min_value=0, max_value=9999, places=2).map(lambda d: Money(d, "EUR")),
        st.integers(min_value=1, max_value=99),
    ),
    max_size=50,
)


def test_a_cart() -> None:
    assert price_cart([(eur("12.00"), 2), (eur("0.99"), 3)], TARIFF) == Totals(
        subtotal=eur("26.97"), shipping=eur("4.90"), tax=eur("5.09"), total=eur("31.87")
    )


def test_an_empty_cart_costs_nothing() -> None:
    nothing = eur("0.00")
    assert price_cart([], TARIFF) == Totals(nothing, nothing, nothing, nothing)


@pytest.mark.parametrize(
    ("price", "shipping"), [("49.99", "4.90"), ("50.00", "0.00"), ("50.01", "0.00")]
)
def test_shipping_is_free_from(price: str, shipping: str) -> None:
    assert price_cart([(eur(price), 1)], TARIFF).shipping == eur(shipping)


def test_a_gift_is_shipped_for_money() -> None:
    assert price_cart([(eur("0.00"), 1)], TARIFF).total == eur("4.90")


@pytest.mark.parametrize(
    ("gross", "rate", "tax"),
    [
        ("119.00", "0.19", "19.00"),
        ("0.01", "0.19", "0.00"),
        ("0.04", "0.19", "0.01"),
        ("107.00", "0.07", "7.00"),
        ("100.00", "0", "0.00"),
    ],
)
def test_contained_tax(gross: str, rate: str, tax: str) -> None:
    tariff = Tariff(shipping=eur("0"), free_from=eur("0"), tax_rate=Decimal(rate))
    assert price_cart([(eur(gross), 1)], tariff).tax == eur(tax)


def test_digits_are_the_currency_s() -> None:
    def yen(amount: int) -> Money:
        return Money(Decimal(amount), "JPY")

    tariff = Tariff(shipping=yen(500), free_from=yen(5000), tax_rate=Decimal("0.10"))
    assert price_cart([(yen(990), 2)], tariff) == Totals(yen(1980), yen(500), yen(225), yen(2480))


@given(lines)
def test_totals_add_up_to_the_cent(bought: list[tuple[Money, int]]) -> None:
    totals = price_cart(bought, TARIFF)

    assert totals.subtotal == sum(
        (price_line(price, quantity) for price, quantity in bought), start=eur("0.00")
    )
    assert totals.total == totals.subtotal + totals.shipping
    assert eur("0.00") <= totals.tax <= totals.total
    assert totals.shipping in {eur("0.00"), eur("4.90")}
    for money in (totals.subtotal, totals.shipping, totals.tax, totals.total):
        assert money == money.quantized()


@given(lines)
def test_the_order_of_lines_does_not_matter(bought: list[tuple[Money, int]]) -> None:
    assert price_cart(bought, TARIFF) == price_cart(bought[::-1], TARIFF)


@given(lines, st.decimals(0, 1, places=4))
def test_the_tax_is_that_in_the_total(bought: list[tuple[Money, int]], rate: Decimal) -> None:
    """As this shop has always rounded it: once, of the total."""
    totals = price_cart(bought, Tariff(eur("4.90"), eur("50.00"), rate))

    total = totals.total.amount
    assert totals.tax == Money(total - total / (1 + rate), "EUR").quantized()


@given(lines)
def test_its_parts_add_up(bought: list[tuple[Money, int]]) -> None:
    totals = price_cart(bought, TARIFF)

    assert [line.gross for line in totals.lines] == [price_line(*pair) for pair in bought]
    parts = (*totals.lines, *totals.shipping_parts)
    assert sum((part.tax for part in parts), start=eur("0.00")) == totals.tax
    assert sum((each.amount for each in totals.adjustments), start=eur("0.00")) == totals.total


def test_lines_by_sku() -> None:
    bought = [CartLine("MUG", eur("12.00"), 2), CartLine("CUP", eur("0.99"), 3)]
    totals = price_cart(bought, TARIFF)

    shown = [(line.sku, line.quantity, line.gross, line.net, line.tax) for line in totals.lines]
    assert shown == [
        ("MUG", 2, eur("24.00"), eur("20.17"), eur("3.83")),
        ("CUP", 3, eur("2.97"), eur("2.49"), eur("0.48")),
    ]
    assert [(part.gross, part.tax) for part in totals.shipping_parts] == [
        (eur("4.90"), eur("0.78"))
    ]


def test_who_shows_products_does_not_load_the_calculation() -> None:
    code = (
        "import sys, pricing.totals\n"
        "print([name for name in sys.modules if name.startswith('pricing.calculation')])"
    )
    run = [sys.executable, "-c", code]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "[]\n"
