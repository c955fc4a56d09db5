"""Money in the API: a string that loses nothing, and its currency."""

import re
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from pricing.calculation.adjustments import Adjustment, Kind, percent
from pricing.money import Money

AMOUNT = re.compile(r"^[0-9]{1,16}(\.[0-9]{1,3})?$")
SIGNED_AMOUNT = re.compile(r"^-?[0-9]{1,16}(\.[0-9]{1,3})?$")
RATE = re.compile(r"^[0-9]{1,3}(\.[0-9]{1,6})?$")
CURRENCY = re.compile(r"^[A-Z]{3}$")


class MoneySerializer(serializers.Serializer[Money]):
    """`{"amount": "12.00", "currency": "EUR"}`, with the currency's own digits."""

    amount = serializers.RegexField(AMOUNT, help_text="Decimal, as a string.")
    currency = serializers.RegexField(CURRENCY, help_text="ISO 4217.")

    def to_representation(self, instance: Money) -> dict[str, Any]:
        return money_to_dict(instance)


class SignedMoneySerializer(MoneySerializer):
    """The same, which may be below zero."""

    amount = serializers.RegexField(SIGNED_AMOUNT, help_text="Decimal, as a string.")


class RateField(serializers.RegexField):
    """A tax rate in percent, as a string like "19"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(RATE, **{"help_text": "In percent, as a string.", **kwargs})

    def to_representation(self, value: Decimal) -> str:  # type: ignore[override]  # not a string yet
        return percent(value)


class AdjustmentSerializer(serializers.Serializer[Adjustment]):
    """A part of an amount, with its reason; what is taken off is below zero."""

    kind = serializers.ChoiceField([kind.value for kind in Kind])
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        help_text="A promotion's, voucher's or shipping method's own name; list, sale, tier."
    )
    amount = SignedMoneySerializer()
    tax = SignedMoneySerializer(help_text="Contained in the amount.")


class TaxSumSerializer(serializers.Serializer[Any]):
    """What one tax rate makes of an order."""

    tax_rate = RateField()
    net = MoneySerializer()
    tax = MoneySerializer()
    gross = MoneySerializer()


def money_to_dict(money: Money) -> dict[str, Any]:
    """What the API shows, and what read models keep, of an amount."""
    return {"amount": str(money.quantized().amount), "currency": money.currency}
