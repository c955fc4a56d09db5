"""Money: exact, and never without its currency."""

from decimal import Decimal

import pytest

from pricing.money import CurrencyMismatch, Money, minor_digits
from pricing.serializers import MoneySerializer


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def test_arithmetic_is_exact():
    assert eur("0.10") + eur("0.20") == eur("0.30")
    assert eur("10.00") - eur("0.01") == eur("9.99")
    assert eur("0.10") * 3 == 3 * eur("0.10") == eur("0.30")
    assert -eur("1") == eur("-1")
    assert sum([eur("1"), eur("2")], Money.zero("EUR")) == eur("3.00")


def test_it_is_ordered_within_its_currency():
    assert eur("1") < eur("2")
    assert eur("2") <= eur("2")
    assert eur("3") > eur("2")
    assert eur("2") >= eur("2")
    assert min([eur("3"), eur("1.5")]) == eur("1.5")


@pytest.mark.parametrize(
    "act",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
    ],
)
def test_currencies_do_not_mix(act):
    with pytest.raises(CurrencyMismatch, match="EUR does not go with USD"):
        act(eur("1"), Money(Decimal(1), "USD"))


def test_the_same_number_in_another_currency_is_not_equal():
    assert eur("1") != Money(Decimal(1), "USD")


@pytest.mark.parametrize("amount", [1.5, 1, "1", None, Decimal("NaN"), Decimal("Infinity")])
def test_an_amount_is_a_finite_decimal(amount):
    with pytest.raises(TypeError):
        Money(amount, "EUR")


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "E1R", "ÄÖÜ"])
def test_a_currency_is_three_capitals(currency):
    with pytest.raises(ValueError):
        Money(Decimal(1), currency)


@pytest.mark.parametrize("factor", [1.5, True, "2", Decimal(2)])
def test_it_multiplies_with_whole_numbers_only(factor):
    with pytest.raises(TypeError):
        eur("1") * factor


@pytest.mark.parametrize("other", [1, Decimal(1), None])
def test_it_adds_to_money_only(other):
    with pytest.raises(TypeError):
        eur("1") + other


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "EUR", "1.01"),
        ("1.004", "EUR", "1.00"),
        ("-1.005", "EUR", "-1.01"),
        ("0.5", "JPY", "1"),
        ("1.2345", "KWD", "1.235"),
    ],
)
def test_it_rounds_half_up_to_what_the_currency_pays(amount, currency, rounded):
    assert str(Money(Decimal(amount), currency).quantized().amount) == rounded


def test_minor_digits():
    assert [minor_digits(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]


def test_it_reads_as_text():
    assert str(eur("12.5")) == "12.50 EUR"


def test_the_api_shows_it_as_text():
    assert MoneySerializer(eur("12")).data == {"amount": "12.00", "currency": "EUR"}
