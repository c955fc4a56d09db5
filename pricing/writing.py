"""Amounts as people read them, in the language that is active."""

from django.utils.formats import number_format

from pricing.money import Money, minor_digits


def written(money: Money) -> str:
    """`1,234.50 EUR`, in German `1.234,50 EUR`: with the digits that the currency has."""
    digits = minor_digits(money.currency)
    amount = number_format(money.quantized().amount, digits, force_grouping=True)
    return f"{amount} {money.currency}"
