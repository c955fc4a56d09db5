"""Amounts in models: exact, with room for every currency's digits."""

from decimal import Decimal
from typing import Any

from django.db import models

from pricing.money import MOST_DIGITS

CENT = Decimal("0.01")


class AmountField(models.DecimalField):
    """An amount in major units, with up to three digits after the point.

    It comes back with two, and with the third where there is one: 12.00, 12.255. What its
    currency can pay is the model's to check, which knows the currency.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"decimal_places": MOST_DIGITS, **kwargs})

    def from_db_value(
        self, value: Decimal | None, expression: Any, connection: Any
    ) -> Decimal | None:
        if value is None:
            return None
        cents = value.quantize(CENT)
        return cents if cents == value else value

    def formfield(self, **kwargs: Any) -> Any:
        """Its arrows go up and down by whole units, and any amount can be typed."""
        field: Any = super().formfield(**kwargs)
        field.widget.attrs["step"] = "any"
        return field
