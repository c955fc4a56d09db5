"""Whole numbers of a currency's smallest unit: what is added up, rounded and spread.

Integers are exact for any rate and any spread, and several times faster than decimals.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache

from pricing.money import CurrencyMismatch, Money, minor_digits


class Rounding(StrEnum):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


def in_units(money: Money, currency: str) -> int:
    """Cents, whole yen, fils; half up where there is less. Raises CurrencyMismatch."""
    if money.currency != currency:
        raise CurrencyMismatch(f"{money.currency} does not go with {currency}")
    units = money.amount.scaleb(minor_digits(currency))
    return int(units.to_integral_value(ROUND_HALF_UP))


def to_money(units: int, currency: str) -> Money:
    """With the currency's digits: 4350 are 43.50 EUR."""
    return Money(Decimal(units).scaleb(-minor_digits(currency)), currency)


@lru_cache(maxsize=256)
def ratio(percent: Decimal) -> tuple[int, int]:
    """The exact fraction: 8.875 percent are 71 / 800."""
    return (percent / 100).as_integer_ratio()


def divide(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """`numerator` / `denominator` as a whole number; below zero as above it."""
    if numerator < 0:
        return -divide(-numerator, denominator, rounding)
    whole, rest = divmod(numerator, denominator)
    if rounding is Rounding.DOWN or 2 * rest < denominator:
        return whole
    if rounding is Rounding.HALF_EVEN and 2 * rest == denominator:
        return whole + whole % 2
    return whole + 1


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in proportion to the weights: cut, then one more to each of the largest remainders.

    Ties go to the earlier one, and all of it to the first where nothing has any weight. No share
    is larger than its weight if `amount` is not larger than their sum.
    """
    total = sum(weights)
    if not total:
        return [amount if place == 0 else 0 for place in range(len(weights))]
    shares = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % total), at))
    for place in by_remainder[: amount - sum(shares)]:
        shares[place] += 1
    return shares
