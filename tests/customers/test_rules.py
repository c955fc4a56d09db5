"""What decides about address books, consents and languages."""

import re
from datetime import timedelta, timezone

import pytest
from rest_framework.exceptions import ValidationError

from customers.errors import AddressBookFull, AddressNotFound
from customers.models import ConsentRecord
from customers.rules import (
    ADDRESS_ID,
    add_to_book,
    canonical_language,
    change_in_book,
    check_defaults,
    defaults_of,
    drop_from_book,
    is_newer,
    merge_books,
)
from tests.customers.people import HOME, NOON, OFFICE
from tests.customers.places import BERLIN, SAN_FRANCISCO

BOOK = [HOME, OFFICE]


def test_another_address() -> None:
    book, entry = add_to_book([HOME], label="Office", address=SAN_FRANCISCO)
    assert book == [HOME, entry]
    assert ADDRESS_ID.fullmatch(entry["id"])
    assert entry == {"id": entry["id"], "label": "Office", "address": SAN_FRANCISCO}


def test_a_book_has_twenty() -> None:
    book = [HOME] * 19
    book, _ = add_to_book(book, label="", address=BERLIN)
    assert len(book) == 20
    with pytest.raises(AddressBookFull):
        add_to_book(book, label="", address=BERLIN)


def test_a_changed_entry_keeps_its_place_and_what_was_not_said() -> None:
    book, entry = change_in_book(BOOK, "00000001", {"address": SAN_FRANCISCO})
    assert entry == {**HOME, "address": SAN_FRANCISCO}
    assert book == [entry, OFFICE]


def test_a_dropped_entry() -> None:
    assert drop_from_book(BOOK, "00000001") == [OFFICE]


def test_no_such_entry() -> None:
    with pytest.raises(AddressNotFound):
        change_in_book(BOOK, "00000003", {"label": "x"})
    with pytest.raises(AddressNotFound):
        drop_from_book(BOOK, "00000003")


def test_default_addresses_are_in_the_book() -> None:
    with pytest.raises(ValidationError) as caught:
        check_defaults(BOOK, {"default_billing_address": "00000003"})
    assert list(caught.value.detail) == ["default_billing_address"]
    check_defaults(BOOK, {"default_shipping_address": "00000002", "default_billing_address": ""})


def test_merged_books_have_no_address_twice_and_twenty_at_most() -> None:
    twin = {**HOME, "id": "00000009"}
    assert merge_books([HOME], [twin, OFFICE]) == [HOME, OFFICE]
    others = [{**OFFICE, "address": {**BERLIN, "line2": str(n)}} for n in range(20)]
    assert merge_books([HOME], others) == [HOME, *others[:19]]


@pytest.mark.parametrize(
    ("book", "chosen", "expected"),
    [
        ([], "", ""),
        ([HOME], "", "00000001"),  # the only one there is
        ([HOME, OFFICE], "00000002", "00000002"),
        ([HOME, OFFICE], "00000003", ""),  # it was dropped
        ([HOME], "00000003", "00000001"),
    ],
)
def test_default_addresses(book: list[dict[str, object]], chosen: str, expected: str) -> None:
    both = ("default_shipping_address", "default_billing_address")
    assert defaults_of(book, dict.fromkeys(both, chosen)) == dict.fromkeys(both, expected)


@pytest.mark.parametrize(
    ("at", "newer"),
    [
        ("2026-03-01T12:00:00.000001Z", True),
        ("2026-03-01T12:00:00.000000Z", False),
        ("2026-03-01T11:59:59.999999Z", False),
    ],
)
def test_the_later_consent(at: str, newer: bool) -> None:
    consents = {"sms": {"given": True, "version": "1", "at": "2026-03-01T12:00:00.000000Z"}}
    assert is_newer(consents, "sms", at) is newer
    assert is_newer(consents, "newsletter", at) is True


def test_records_sort_by_their_moment_wherever_it_was_told() -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    entry = ConsentRecord.entry_of(at=east, purpose="newsletter")
    assert entry == "2026-03-01T12:00:00.000000Z newsletter"


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [("EN", "en"), ("de-at", "de-AT"), ("zh-hant-TW", "zh-Hant-TW"), ("es-419", "es-419"),
     ("sl-rozaj", "sl-rozaj"), ("DE-1996", "de-1996")],
)  # fmt: skip
def test_languages(tag: str, canonical: str) -> None:
    assert canonical_language(tag) == canonical


@pytest.mark.parametrize("tag", ["", "e", "english", "de_AT", "en-", "en-u-co-phonebk", "de-\n"])
def test_no_language(tag: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(tag)}$"):
        canonical_language(tag)
