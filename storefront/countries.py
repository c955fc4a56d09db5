"""What the checkout's form asks for in each country; the API decides what it takes."""

from functools import cache

from orders.addresses import rules_of
from orders.countries import COUNTRIES

#: By the letters that `forms` uses, one each.
ASKED = {"postal_code": "Z", "city": "C", "administrative_area": "S"}
KINDS = {"state": "s", "province": "p"}


@cache
def forms() -> dict[str, str]:
    """By a country's letters: Z, C and S for the needed fields; then s for a state, p for a
    province, and any other kind of area without a letter. 250 countries in 2 kB."""
    return {country: form(country) for country in sorted(COUNTRIES)}


def form(country: str) -> str:
    rules = rules_of(country)
    needed = "".join(letter for name, letter in ASKED.items() if name in rules.required)
    return needed + (KINDS.get(rules.area_kind, "") if "S" in needed else "")
