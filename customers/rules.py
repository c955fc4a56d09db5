"""What decides about address books, consents and languages: pure functions over plain data."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from customers.errors import AddressBookFull, AddressNotFound

MOST_ADDRESSES = 20
ADDRESS_ID = re.compile(r"[0-9a-f]{8}")
# RFC 5646, 2.1: language, script, region, variants; no extensions, no private use. Compiled when
# one is looked at (by `re`, which keeps it): it takes longer than most modules to import.
LANGUAGE = r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
ASCII_LETTERS = re.IGNORECASE | re.ASCII  # else [a-z] has U+017F and U+212A, which are none
PHONE = re.compile(r"^\+?[0-9][0-9 ()/.-]{3,30}\Z")
VAT_ID = re.compile(r"^[A-Z]{2}[0-9A-Z+*]{2,18}\Z")  # the form alone: no register is asked
A_PHONE = _("A telephone number: digits, +, blanks and ( ) / . - only.")
A_VAT_ID = _("A VAT id with its country's letters, like DE123456789.")
A_LANGUAGE = _("A language tag (BCP 47), like en or de-AT.")

DEFAULTS = ("default_shipping_address", "default_billing_address")  # columns that name an entry
Entry = dict[str, Any]  # {id, label, address}
Book = list[Entry]


def add_to_book(book: Book, *, label: str, address: Mapping[str, str]) -> tuple[Book, Entry]:
    """The book with another address, and that entry. Raises AddressBookFull."""
    if len(book) >= MOST_ADDRESSES:
        raise AddressBookFull
    entry = {"id": secrets.token_hex(4), "label": label, "address": dict(address)}
    return [*book, entry], entry


def find_in_book(book: Book, address_id: str) -> Entry:
    """Raises AddressNotFound."""
    for entry in book:
        if entry["id"] == address_id:
            return entry
    raise AddressNotFound


def change_in_book(book: Book, address_id: str, changes: Mapping[str, Any]) -> tuple[Book, Entry]:
    """The book with one entry changed, and that entry. Raises AddressNotFound."""
    changed = {**find_in_book(book, address_id), **changes}
    return [changed if entry["id"] == address_id else entry for entry in book], changed


def drop_from_book(book: Book, address_id: str) -> Book:
    """Raises AddressNotFound."""
    find_in_book(book, address_id)
    return [entry for entry in book if entry["id"] != address_id]


def merge_books(book: Book, other: Book) -> Book:
    """The book with those of the other that it has not, as far as there is room."""
    known = [entry["address"] for entry in book]
    return [*book, *(each for each in other if each["address"] not in known)][:MOST_ADDRESSES]


def is_newer(consents: Mapping[str, Any], purpose: str, at: str) -> bool:
    """Whether a record of this moment (ISO 8601, UTC, microseconds) is the purpose's latest."""
    known = consents.get(purpose)
    return known is None or known["at"] < at


def canonical_language(tag: str) -> str:
    """A BCP 47 tag in its usual case (RFC 5646, 2.1.1): `DE-at` as `de-AT`.

    Raises ValueError for what is none.
    """
    if not re.fullmatch(LANGUAGE, tag, ASCII_LETTERS):
        raise ValueError(tag)
    first, *others = tag.lower().split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([first, *(cased.get(len(each), str)(each) for each in others)])


def check_defaults(book: Book, changes: Mapping[str, Any]) -> None:
    """Raises ValidationError for a default that is not among the book's addresses."""
    known = {"", *(entry["id"] for entry in book)}
    wrong = [name for name in DEFAULTS if changes.get(name, "") not in known]
    if wrong:
        sentence = gettext("None of your addresses has this id.")
        raise ValidationError({name: [sentence] for name in wrong})


def defaults_of(book: Book, chosen: Mapping[str, str]) -> dict[str, str]:
    """The default addresses with this book: of those `chosen` the ones in it; else its only one."""
    known = [entry["id"] for entry in book]
    only = known[0] if len(known) == 1 else ""
    return {name: chosen[name] if chosen[name] in known else only for name in DEFAULTS}
