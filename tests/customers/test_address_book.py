"""The addresses of who is signed in, over HTTP."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer
from tests.conftest import Customer as Client
from tests.customers.people import HOME, OFFICE, make_customer
from tests.customers.places import BERLIN, SAN_FRANCISCO

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/customer/addresses/"
ONE = f"{URL}{HOME['id']}/"


def test_nobody_s_book_is_empty(customer: Client) -> None:
    answer = customer.get(URL)
    assert (answer.status_code, answer.json()) == (200, {"results": []})
    assert Customer.objects.count() == 0


def test_an_address(customer: Client) -> None:
    answer = customer.post(URL, {"label": "Home", "address": {**BERLIN, "postal_code": "D-10115"}})

    entry = answer.json()
    assert (answer.status_code, entry) == (201, {**HOME, "id": entry["id"]})
    assert customer.get(URL).json() == {"results": [entry]}
    profile = customer.get("/api/v1/customer/").json()
    assert profile["default_shipping_address"] == profile["default_billing_address"] == entry["id"]


def test_a_changed_address(customer: Client) -> None:
    make_customer(user=customer.user, addresses=[HOME, OFFICE])

    answer = customer.patch(ONE, {"label": "Mum"})
    assert (answer.status_code, answer.json()) == (200, {**HOME, "label": "Mum"})
    answer = customer.patch(ONE, {"address": SAN_FRANCISCO})
    changed = {**HOME, "label": "Mum", "address": SAN_FRANCISCO}
    assert (answer.status_code, answer.json()) == (200, changed)
    assert customer.get(URL).json() == {"results": [changed, OFFICE]}


def test_a_removed_address(customer: Client) -> None:
    make_customer(user=customer.user, addresses=[HOME, OFFICE])
    answer = customer.delete(ONE)
    assert (answer.status_code, answer.json()) == (200, {"results": [OFFICE]})
    assert customer.delete(ONE).status_code == 404


def test_the_twenty_first(customer: Client) -> None:
    book = [{**HOME, "id": f"{number:08x}"} for number in range(20)]
    make_customer(user=customer.user, addresses=book)
    answer = customer.post(URL, {"address": BERLIN})
    assert (answer.status_code, answer.json()["code"]) == (409, "address_book_full")
    assert customer.get(URL).json() == {"results": book}


def test_it_is_asked_for_as_checkout_asks(customer: Client) -> None:
    answer = customer.post(URL, {"address": {**BERLIN, "postal_code": "1011"}})
    sentence = "Not a postal code of DE, which look like 26133 or 53225."
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"address": {"postal_code": [sentence]}}
    assert customer.post(URL, {"label": "Home"}).status_code == 400
    make_customer(user=customer.user, addresses=[HOME])
    assert customer.patch(ONE, {"address": {"city": "Bonn"}}).status_code == 400
    assert customer.get(URL).json() == {"results": [HOME]}


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_another_s_address(customer: Client, other_customer: Client, method: str) -> None:
    make_customer(user=customer.user, addresses=[HOME])
    answer = getattr(other_customer, method)(ONE, {"label": "Mine"})
    assert (answer.status_code, answer.json()["code"]) == (404, "address_not_found")
    assert customer.get(URL).json() == {"results": [HOME]}
    assert other_customer.get(URL).json() == {"results": []}


@pytest.mark.parametrize(
    ("method", "url"), [("get", URL), ("post", URL), ("patch", ONE), ("delete", ONE)]
)
def test_guests_have_none(guest: APIClient, method: str, url: str) -> None:
    answer = getattr(guest, method)(url)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_the_same_key_adds_one(customer: Client) -> None:
    headers = {"Idempotency-Key": "a7aa10e7-3516-415d-a064-f94b6ae25879"}
    first, second = (customer.post(URL, {"address": BERLIN}, headers=headers) for _ in range(2))
    assert first.json() == second.json()
    assert len(customer.get(URL).json()["results"]) == 1


def test_what_it_costs(customer: Client, calls: Any) -> None:
    def add() -> Any:
        return customer.post(URL, {"address": BERLIN})

    runs: list[tuple[Any, list[str]]] = [
        (lambda: customer.get(URL), ["GetItem", "Query"]),
        (
            lambda: customer.post(URL, {"address": BERLIN}),
            ["GetItem", "Query", "TransactWriteItems"],
        ),
        (add, ["GetItem", "Query", "GetItem", "UpdateItem"]),
    ]
    for run, expected in runs:
        with calls() as made:
            assert run().status_code < 300
        assert [call.operation for call in made] == expected
    first = customer.get(URL).json()["results"][0]["id"]
    changes = (
        lambda: customer.patch(f"{URL}{first}/", {"label": "Mum"}),
        lambda: customer.delete(f"{URL}{first}/"),
    )
    for change in changes:
        with calls() as made:
            assert change().status_code == 200
        assert [call.operation for call in made] == ["GetItem", "Query", "GetItem", "UpdateItem"]
