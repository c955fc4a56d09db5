"""An amount and its currency, which never go separate ways."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

#: Digits after the point, where it is not two (ISO 4217).
MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


MOST_DIGITS = 3


class CurrencyMismatch(ValueError):
    """Amounts of two currencies were added, subtracted or ordered."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in major units (12.50 is twelve euros fifty) of a currency (ISO 4217).

    Adds, subtracts and compares with its own currency only (`CurrencyMismatch`);
    multiplies with whole numbers. Floats are refused (`TypeError`).
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise TypeError(f"an amount is a finite Decimal, not {self.amount!r}")
        if not is_code(self.currency):
            raise ValueError(f"a currency is three capital letters, not {self.currency!r}")

    @staticmethod
    def zero(currency: str) -> Money:
        return nothing(currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._amount_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._amount_of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, quantity: int) -> Money:
        if not isinstance(quantity, int) or isinstance(quantity, bool):
            return NotImplemented
        return Money(self.amount * quantity, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._amount_of(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._amount_of(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._amount_of(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._amount_of(other)

    def __str__(self) -> str:
        return f"{self.quantized().amount} {self.currency}"

    def quantized(self) -> Money:
        """Rounded, half up, to what the currency can pay: cents, whole yen, fils."""
        rounded = self.amount.quantize(smallest(self.currency), rounding=ROUND_HALF_UP)
        return Money(rounded, self.currency)

    def _amount_of(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money, not with {other!r}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} does not go with {other.currency}")
        return other.amount


def is_payable(amount: Decimal, currency: str) -> bool:
    """Whether the currency has coins for it: 500.50 EUR, but not 500.50 JPY."""
    return amount.is_finite() and amount % smallest(currency) == 0


def minor_digits(currency: str) -> int:
    """How many digits after the point the currency has: EUR 2, JPY 0, KWD 3."""
    return MINOR_DIGITS.get(currency, 2)


# A price list of a shop has a few currencies, and a cart makes dozens of amounts of one.


@lru_cache(maxsize=256)
def smallest(currency: str) -> Decimal:
    """The smallest amount that the currency can pay: a cent, a yen, a fil."""
    return Decimal(1).scaleb(-minor_digits(currency))


@lru_cache(maxsize=256)
def nothing(currency: str) -> Money:
    return Money(Decimal(0), currency).quantized()


@lru_cache(maxsize=256)
def is_code(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
