"""Prices in another currency, and prices that look like prices."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from pricing.calculation.units import divide, to_money
from pricing.money import Money, is_payable, minor_digits


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"


class Charm(NamedTuple):
    """Prices of the form k x `step` + `ending`, in major units: 1 and 0.99 give 26.99.

    NEAREST goes up where both are as near. There is none below `ending`.
    """

    step: Decimal
    ending: Decimal
    direction: Direction = Direction.NEAREST

    def of(self, value: Fraction) -> Fraction:
        """The price for an exact value; one that has the form stays."""
        step, ending = Fraction(self.step), Fraction(self.ending)
        steps = (value - ending) / step
        match self.direction:
            case Direction.UP:
                count = -(-steps.numerator // steps.denominator)
            case Direction.DOWN:
                count = steps.numerator // steps.denominator
            case Direction.NEAREST:
                count = divide_up(steps)
        return max(count, 0) * step + ending


def divide_up(steps: Fraction) -> int:
    """The nearest whole number, of two the greater."""
    return (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)


def convert(price: Money, currency: str, rate: Decimal, charm: Charm | None = None) -> Money:
    """A unit price at `rate` (units of `currency` for one of the price's), rounded once.

    Raises ValueError where the charm's prices cannot be paid in the currency.
    """
    value = Fraction(price.amount) * Fraction(rate)
    if charm is None:
        units = value * 10 ** minor_digits(currency)
        return to_money(divide(units.numerator, units.denominator), currency)
    if not (is_payable(charm.step, currency) and is_payable(charm.ending, currency)):
        raise ValueError(f"{currency} cannot pay {charm.step} and {charm.ending}")
    units = charm.of(value) * 10 ** minor_digits(currency)
    return to_money(units.numerator, currency)
