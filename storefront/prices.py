"""Money as browsers write it (`Intl.NumberFormat`), so that a page says the same with script."""

from decimal import Decimal
from typing import Any

from pricing.money import minor_digits

BLANK = "\N{NO-BREAK SPACE}"
#: Currencies that are written by a sign, others by their three letters: Unicode's CLDR 48, as
#: Chromium has it; a test compares all of them.
SIGNS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "PHP": "₱",
    "TWD": "NT$",
    "USD": "$",
    "VND": "₫",
    "XAF": "FCFA",
    "XCD": "EC$",
    "XCG": "Cg.",
    "XOF": "F\N{NARROW NO-BREAK SPACE}CFA",
    "XPF": "CFPF",
}
#: What a language writes otherwise.
OWN_SIGNS = {"de": {"AUD": "AU$", "PHP": "PHP", "THB": "฿"}}


def written(money: dict[str, Any], language: str) -> str:
    """`{"amount": "1234.50", "currency": "EUR"}` as €1,234.50, or in German 1.234,50 €."""
    currency = money["currency"]
    digits = f"{Decimal(money['amount']):,.{minor_digits(currency)}f}"
    sign = OWN_SIGNS.get(language, {}).get(currency) or SIGNS.get(currency, currency)
    if language == "de":
        digits = digits.translate(str.maketrans(",.", ".,"))
        return f"{digits}{BLANK}{sign}"
    return f"{sign}{BLANK if sign[-1].isalpha() or sign[-1] == '.' else ''}{digits}"
