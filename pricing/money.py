"""An amount and its currency, which never go separate ways."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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
        if len(self.currency) != 3 or not (
            self.currency.isascii() and self.currency.isalpha() and self.currency.isupper()
        ):
            raise ValueError(f"a currency is three capital letters, not {self.currency!r}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(Decimal(0), currency).quantized()

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
        unit = Decimal(1).scaleb(-minor_digits(self.currency))
        return Money(self.amount.quantize(unit, rounding=ROUND_HALF_UP), self.currency)

    def _amount_of(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money, not with {other!r}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} does not go with {other.currency}")
        return other.amount


def is_payable(amount: Decimal, currency: str) -> bool:
    """Whether the currency has coins for it: 500.50 EUR, but not 500.50 JPY."""
    return amount.is_finite() and amount % Decimal(1).scaleb(-minor_digits(currency)) == 0


def minor_digits(currency: str) -> int:
    """How many digits after the point the currency has: EUR 2, JPY 0, KWD 3."""
    return MINOR_DIGITS.get(currency, 2)
