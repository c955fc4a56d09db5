"""The one calculation of what a cart costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.money import Money
from pricing.totals import Tariff, Totals, contained_tax, price_cart, price_line


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
    assert contained_tax(eur(gross), Decimal(rate)) == eur(tax)


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
