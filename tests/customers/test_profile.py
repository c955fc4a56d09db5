"""The profile of who is signed in, over HTTP."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.conftest import Customer as Client
from tests.customers.people import HOME, make_customer

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/customer/"
CHANGE = ["GetItem", "Query", "GetItem", "UpdateItem"]
EMPTY: dict[str, Any] = {
    "email": "customer@example.com",
    "name": "",
    "phone": "",
    "language": "",
    "currency": "",
    "channels": [],
    "birth_date": None,
    "gender": "",
    "company": "",
    "vat_id": "",
    "default_shipping_address": "",
    "default_billing_address": "",
}
CHANGES: dict[str, Any] = {
    "name": "Ada Byron",
    "phone": "+49 30 / 123-45",
    "language": "en-GB",
    "currency": "GBP",
    "channels": ["email", "sms"],
    "birth_date": "1915-12-10",
    "gender": "female",
    "company": "Analytical Engines",
    "vat_id": "GB123456789",
}


def test_looking_makes_nothing(customer: Client) -> None:
    answer = customer.get(URL)
    assert (answer.status_code, answer.json()) == (200, EMPTY)
    assert Customer.objects.count() == 0


def test_a_profile(customer: Client) -> None:
    answer = customer.patch(URL, CHANGES)
    assert (answer.status_code, answer.json()) == (200, EMPTY | CHANGES)
    assert customer.get(URL).json() == EMPTY | CHANGES
    assert Customer.objects.get().user_id == customer.user.pk


def test_what_is_not_sent_stays(customer: Client) -> None:
    customer.patch(URL, CHANGES)
    cleared: dict[str, Any] = {"phone": "", "birth_date": None, "channels": []}
    answer = customer.patch(URL, {"name": "A. Byron", **cleared})
    assert answer.json() == EMPTY | CHANGES | {"name": "A. Byron", **cleared}


def test_default_addresses(customer: Client) -> None:
    make_customer(user=customer.user, addresses=[HOME])
    chosen = {"default_shipping_address": HOME["id"]}
    assert customer.patch(URL, chosen).json() == EMPTY | chosen

    other = "default_billing_address"
    answer = customer.patch(URL, {other: "0000000f"})
    sentence = "None of your addresses has this id."
    assert (answer.status_code, answer.json()["errors"]) == (400, {other: [sentence]})


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "Win at evil.com", "Without addresses of web pages or mail. If it is none, put "
         "a blank after the point."),
        ("phone", "none of yours", "A telephone number: digits, +, blanks and ( ) / . - only."),
        ("phone", 30, "Not a valid string."),
        ("language", "english", "A language tag (BCP 47), like en or de-AT."),
        ("language", "\u017fv", "A language tag (BCP 47), like en or de-AT."),
        ("currency", "eur", "Three capital letters, like EUR."),
        ("vat_id", "123456789", "A VAT id with its country's letters, like DE123456789."),
        ("birth_date", "1899-12-31", "A day from 1900-01-01 until today."),
        ("birth_date", "9999-01-01", "A day from 1900-01-01 until today."),
        ("default_billing_address", "x", "The id of an address, or empty."),
    ],
)  # fmt: skip
def test_what_is_refused(customer: Client, field: str, value: Any, sentence: str) -> None:
    answer = customer.patch(URL, {field: value})
    assert (answer.status_code, answer.json()["errors"]) == (400, {field: [sentence]})
    assert Customer.objects.count() == 0


def test_a_change_of_nothing(customer: Client) -> None:
    answer = customer.patch(URL, {})
    sentence = "Send at least one of the fields that are to change."
    assert (answer.status_code, answer.json()["errors"]) == (400, {"non_field_errors": [sentence]})
    assert Customer.objects.count() == 0


@pytest.mark.parametrize("field", ["email", "groups", "notes", "id", "user", "consents"])
def test_what_nobody_changes_here(customer: Client, field: str) -> None:
    answer = customer.patch(URL, {field: "eve@example.com"})
    assert answer.status_code == 400
    assert [each.split(".")[0] for each in answer.json()["errors"][field]] == ["Nothing reads this"]


def test_what_staff_note_is_not_shown(customer: Client) -> None:
    make_customer(user=customer.user, notes="Difficult.", groups=["vip"])
    assert customer.get(URL).json() == EMPTY


def test_each_sees_their_own(customer: Client, other_customer: Client) -> None:
    customer.patch(URL, CHANGES)
    assert other_customer.get(URL).json() == EMPTY | {"email": "other_customer@example.com"}
    other_customer.patch(URL, {"name": "Eve"})
    assert customer.get(URL).json()["name"] == "Ada Byron"


@pytest.mark.parametrize("method", ["get", "patch"])
def test_guests_have_none(guest: APIClient, method: str) -> None:
    answer = getattr(guest, method)(URL)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_what_it_costs(customer: Client, calls: Any) -> None:
    """The first call is for the account, of every request with a token; the third for the row
    by its key."""
    runs: list[tuple[Any, list[str]]] = [
        (lambda: customer.get(URL), ["GetItem", "Query"]),
        (lambda: customer.patch(URL, CHANGES), ["GetItem", "Query", "TransactWriteItems"]),
        (lambda: customer.get(URL), ["GetItem", "Query"]),
        (lambda: customer.patch(URL, {"phone": "123456"}), CHANGE),
        (lambda: customer.patch(URL, {"name": "Ada"}), CHANGE),
    ]
    for run, expected in runs:
        with calls() as made:
            assert run().status_code == 200
        assert [call.operation for call in made] == expected
