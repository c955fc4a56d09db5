"""Money in the API: a string that loses nothing, and its currency."""

import re
from typing import Any

from rest_framework import serializers

from pricing.money import Money

AMOUNT = re.compile(r"^[0-9]{1,16}(\.[0-9]{1,3})?$")
CURRENCY = re.compile(r"^[A-Z]{3}$")


class MoneySerializer(serializers.Serializer[Money]):
    """`{"amount": "12.00", "currency": "EUR"}`, with the currency's own digits."""

    amount = serializers.RegexField(AMOUNT, help_text="Decimal, as a string.")
    currency = serializers.RegexField(CURRENCY, help_text="ISO 4217.")

    def to_representation(self, instance: Money) -> dict[str, Any]:
        return money_to_dict(instance)


def money_to_dict(money: Money) -> dict[str, Any]:
    """What the API shows, and what read models keep, of an amount."""
    return {"amount": str(money.quantized().amount), "currency": money.currency}
