"""A line as an order keeps it, and as it is shown.

An order is written several times on its way, and each kilobyte costs a unit each time. So what
only people see has short names, and what follows from something else is not kept. What goods are
moved by (`sku`, `quantity`) has whole names, which code of before reads too. Lines of that code
have whole names throughout, and nothing of tax: both are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pricing.money import Money
from pricing.totals import price_line

if TYPE_CHECKING:
    from pricing.calculation.adjustments import Adjustment
    from pricing.calculation.priced import PricedLine

#: Beside what `PricedLine.as_data` gives: `r`, `t` and `x`.
SHORT = {"name": "n", "slug": "l", "image": "i", "options": "o", "unit_price": "p"}
WHOLE = {short: name for name, short in SHORT.items()}
#: The prices of every order so far contain tax. One whose prices do not has to say so.
TAX_INCLUDED = True


@dataclass(frozen=True)
class OrderLine:
    """A line of an order. `image` is the stored image's name. `priced` is its tax and its part of
    each discount; None where they were not kept."""

    sku: str
    name: str
    slug: str
    image: str
    options: dict[str, str]
    quantity: int
    unit_price: Money
    stored: Mapping[str, Any]

    @property
    def line_total(self) -> Money:
        """At the unit price: before discounts of the order."""
        return price_line(self.unit_price, self.quantity)

    @cached_property
    def priced(self) -> PricedLine | None:
        if "t" not in self.stored:
            return None
        from pricing.calculation.priced import PricedLine  # as in `totals.price_cart`

        return PricedLine.of_data(
            self.stored,
            sku=self.sku,
            quantity=self.quantity,
            amount=self.line_total,
            included=TAX_INCLUDED,
        )

    @property
    def list_price(self) -> Money | None:
        """What one cost before it was reduced, if it was."""
        return self.priced.reduced_from if self.priced else None

    @property
    def tax(self) -> Money | None:
        return self.priced.tax if self.priced else None

    @property
    def tax_rate(self) -> Decimal | None:
        """In percent."""
        return self.priced.tax_rate if self.priced else None

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """What was taken off the line: its part of each discount."""
        return self.priced.discounts if self.priced else ()


def keep_line(line: Any, priced: PricedLine) -> dict[str, Any]:
    """A line of a cart (`cart.selectors.PricedLine`) as an order keeps it, whatever becomes of the
    article."""
    return {
        "sku": line.sku,
        "quantity": line.quantity,
        **{short: getattr(line, name) for name, short in SHORT.items()},
        SHORT["unit_price"]: str(line.unit_price.amount),
        **priced.as_data(),
    }


def read_line(stored: Mapping[str, Any], currency: str) -> OrderLine:
    """A line that `keep_line` made, or code of before."""
    named = {WHOLE.get(name, name): value for name, value in stored.items()}
    return OrderLine(
        sku=named["sku"],
        name=named["name"],
        slug=named["slug"],
        image=named["image"],
        options=named["options"],
        quantity=named["quantity"],
        unit_price=Money(Decimal(named["unit_price"]), currency),
        stored=stored,
    )
