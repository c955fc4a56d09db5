"""Money as browsers write it (`Intl.NumberFormat`), so that a page says the same with script:
for the currencies below, and those that both languages write by their letters."""

from decimal import Decimal
from typing import Any

from pricing.money import minor_digits

#: Those that English and German both write by a sign; others by their three letters.
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
BLANK = "\N{NO-BREAK SPACE}"


def written(money: dict[str, Any], language: str) -> str:
    """`{"amount": "1234.50", "currency": "EUR"}` as €1,234.50, or in German 1.234,50 €."""
    currency = money["currency"]
    digits = f"{Decimal(money['amount']):,.{minor_digits(currency)}f}"
    sign = SIGNS.get(currency, currency)
    if language == "de":
        digits = digits.translate(str.maketrans(",.", ".,"))
        return f"{digits}{BLANK}{sign}"
    return f"{sign}{BLANK if sign == currency else ''}{digits}"
