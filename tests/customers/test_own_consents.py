"""What who is signed in allows the shop, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from customers.consents import record_consent
from customers.models import ConsentRecord, Customer, Purpose
from customers.selectors import list_consent_records
from limits.rates import DEFAULTS
from tests.cart.races import at_once
from tests.conftest import Customer as Client
from tests.customers.people import consent, make_customer, once, stored

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/customer/consents/"
GIVEN = {"purpose": "newsletter", "given": True, "version": "2026-11"}
UNASKED = [
    {"purpose": purpose, "given": False, "version": "", "at": None}
    for purpose in ("newsletter", "sms", "post", "profiling", "analytics")
]


def test_nobody_was_asked_yet(customer: Client) -> None:
    answer = customer.get(URL)
    assert (answer.status_code, answer.json()) == (200, {"results": UNASKED})
    assert Customer.objects.count() == 0


def test_given_and_withdrawn(customer: Client) -> None:
    make_customer(user=customer.user, language="de")

    answer = customer.post(URL, GIVEN)
    assert answer.status_code == 200
    first, *others = answer.json()["results"]
    assert (first, others) == ({**GIVEN, "at": first["at"]}, UNASKED[1:])
    assert customer.get(URL).json() == answer.json()

    customer.post(URL, {"purpose": "newsletter", "given": False, "language": "EN-gb"})
    first = customer.get(URL).json()["results"][0]
    assert (first["given"], first["version"]) == (False, "")
    records = ConsentRecord.objects.filter(customer=Customer.objects.get()).order_by("entry")
    assert [
        (each.given, each.version, each.source, each.language, each.by) for each in records
    ] == [
        (True, "2026-11", "account", "de", "customer"),
        (False, "", "account", "en-GB", "customer"),
    ]


def test_who_says_it_last_counts_whatever_the_clocks_say(customer: Client) -> None:
    """GIVEN a consent that a process has recorded whose clock is a minute ahead."""
    ahead = timezone.now() + timedelta(minutes=1)
    mine = make_customer(user=customer.user)
    once(lambda: record_consent(customer=mine, consent=consent(at=ahead)))

    answer = customer.post(URL, {"purpose": "newsletter", "given": False})

    said = answer.json()["results"][0]
    assert (said["given"], stored(mine).consents["newsletter"]["given"]) == (False, False)
    last = list_consent_records(customer=mine)[0]
    assert (last.given, last.at - ahead) == (False, timedelta(microseconds=1))


def test_five_clicks_at_once_are_one_record(customer: Client) -> None:
    make_customer(user=customer.user)
    answers = at_once(*[lambda: customer.post(URL, GIVEN).json()] * 5)
    assert answers == [customer.get(URL).json()] * 5
    assert ConsentRecord.objects.count() == 1


def test_the_first_consent_makes_the_customer(customer: Client) -> None:
    assert customer.post(URL, GIVEN).status_code == 200
    assert Customer.objects.get().consents["newsletter"]["given"] is True
    assert ConsentRecord.objects.count() == 1


def test_what_is_so_already_is_not_recorded_again(customer: Client) -> None:
    first = customer.post(URL, GIVEN).json()
    assert customer.post(URL, GIVEN).json() == first
    assert ConsentRecord.objects.count() == 1
    customer.post(URL, {**GIVEN, "version": "2026-12"})
    assert ConsentRecord.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({**GIVEN, "given": "true"}, "given", "true or false, without quotes."),
        ({**GIVEN, "purpose": "spam"}, "purpose", f"One of {', '.join(Purpose.values)}."),
        ({**GIVEN, "version": ""}, "version", "Name the text that the customer was shown."),
        ({**GIVEN, "version": "a b"}, "version", "Letters, digits, points and dashes."),
        ({"purpose": "sms"}, "given", "This field is required."),
    ],
)
def test_what_is_refused(customer: Client, body: Any, field: str, sentence: str) -> None:
    answer = customer.post(URL, body)
    assert (answer.status_code, answer.json()["errors"]) == (400, {field: [sentence]})
    assert ConsentRecord.objects.count() == 0


def test_each_their_own(customer: Client, other_customer: Client) -> None:
    customer.post(URL, GIVEN)
    assert other_customer.get(URL).json() == {"results": UNASKED}


@pytest.mark.parametrize("method", ["get", "post"])
def test_guests_have_none(guest: APIClient, method: str) -> None:
    answer = getattr(guest, method)(URL)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_thirty_an_hour(customer: Client, settings: Any) -> None:
    assert DEFAULTS["consent-user"] == "30/h"
    settings.LIMITS = {**settings.LIMITS, "consent-user": "1/h"}
    assert customer.post(URL, GIVEN).status_code == 200
    answer = customer.post(URL, {**GIVEN, "given": False})
    assert answer.status_code == 429
    assert answer.json()["detail"].startswith("Too many changes of consents. Try again in ")
    assert ConsentRecord.objects.count() == 1


def test_what_it_costs(customer: Client, calls: Any) -> None:
    """The second call counts for the limit; the last writes customer and record at once."""
    asked, told = ["GetItem", "TransactWriteItems", "Query"], ["TransactWriteItems"]
    for run, expected in (
        (lambda: customer.get(URL), ["GetItem", "Query"]),
        (lambda: customer.post(URL, GIVEN), [*asked, *told]),
        (lambda: customer.post(URL, {**GIVEN, "given": False}), [*asked, "GetItem", *told]),
    ):
        with calls() as made:
            assert run().status_code == 200
        assert [call.operation for call in made] == expected
