"""What the checkout's form asks for in each country; the API decides what it takes."""

from functools import cache

from customers.addresses import Rules, rules_of
from customers.countries import COUNTRIES

#: By Google's letters in an address's format, as `Z C S` in capitals where they are needed.
ASKED = {"Z": "postal_code", "C": "city", "S": "administrative_area"}
KINDS = {
    "state": "t",
    "province": "p",
    "do_si": "p",
    "prefecture": "f",
    "emirate": "e",
    "county": "y",
    "department": "d",
    "island": "i",
    "parish": "h",
    "oblast": "o",
    "district": "k",
}


@cache
def forms() -> dict[str, str]:
    """By a country's letters: Z, C and S for the needed fields, z, c and s for those that an
    address may have; then the area's kind, one of KINDS, or none. 250 countries in 2 kB."""
    return {country: form(rules_of(country)) for country in sorted(COUNTRIES)}


def form(rules: Rules) -> str:
    asked = "".join(asked_as(letter, rules) for letter in ASKED)
    return asked + (KINDS.get(rules.area_kind, "") if "s" in asked.lower() else "")


def asked_as(letter: str, rules: Rules) -> str:
    """None for what addresses there never have. A town is asked for everywhere: people have one."""
    if ASKED[letter] in rules.required:
        return letter
    return letter.lower() if letter == "C" or f"%{letter}" in rules.own_format else ""
