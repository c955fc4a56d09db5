"""What makes a total: signed amounts, each with its reason."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing.money import Money


class Kind(StrEnum):
    PRICE = "price"
    SALE = "sale"
    PROMOTION = "promotion"
    VOUCHER = "voucher"
    SHIPPING = "shipping"
    TAX = "tax"
    ROUNDING = "rounding"


def percent(rate: Decimal) -> str:
    """A rate in its fewest digits: 19, 8.875."""
    return f"{rate.normalize():f}"


class Adjustment(NamedTuple):
    """A part of a total. `line` is a SKU, None for shipping and rounding; discounts are negative.

    `source` says why: `list`, `sale`, `tier`, a promotion's or voucher's own, a shipping method, a
    tax category, `cash`. `tax_rate` is in percent. `tax` is the tax in `amount`, if `included`;
    where prices are without tax it is 0 everywhere but in the adjustments of kind TAX, whose
    `amount` it is. So amounts add up to what is paid, and taxes to the tax.
    """

    kind: Kind
    source: str
    line: str | None
    amount: Money
    tax_rate: Decimal
    tax: Money
    included: bool

    def as_data(self) -> dict[str, str]:
        """For JSON: `k`ind, `s`ource, `a`mount and `t`ax, which is left out where it is 0.

        What is the same for a whole line (SKU, rate, currency, included) is stored once there.
        """
        data = {"k": str(self.kind), "s": self.source, "a": str(self.amount.amount)}
        return data | {"t": str(self.tax.amount)} if self.tax.amount else data

    @classmethod
    def of_data(
        cls, data: dict[str, str], *, line: str | None, tax_rate: Decimal, currency: str,
        included: bool,
    ) -> Adjustment:  # fmt: skip
        """What `as_data` gave."""
        return cls(
            kind=Kind(data["k"]),
            source=data["s"],
            line=line,
            amount=Money(Decimal(data["a"]), currency),
            tax_rate=tax_rate,
            tax=Money(Decimal(data.get("t", 0)), currency).quantized(),
            included=included,
        )
