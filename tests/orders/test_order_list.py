"""/api/v1/orders/: one's own, newest first."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import Customer
from tests.orders.shopping import PLACED, make_order

pytestmark = pytest.mark.django_db

URL = "/api/v1/orders/"


@pytest.fixture
def numbers(customer: Customer, other_customer: Customer) -> list[str]:
    """The numbers of a customer's five orders, a day apart, oldest first."""
    make_order(user=other_customer.user)
    make_order()
    days = [PLACED + timedelta(days=day) for day in range(5)]
    return [make_order(user=customer.user, placed_at=day).number for day in days]


def listed(client: APIClient, **params: Any) -> list[str]:
    response = client.get(URL, params)
    assert response.status_code == 200
    return [order["number"] for order in response.json()["results"]]


def test_newest_first_and_one_s_own(customer: Customer, numbers: list[str]) -> None:
    assert listed(customer) == numbers[::-1]


def test_as_the_detail_shows_them(customer: Customer, numbers: list[str]) -> None:
    detail = customer.get(f"{URL}{numbers[-1]}/").json()

    assert customer.get(URL).json()["results"][0] == detail


def test_pages(customer: Customer, numbers: list[str]) -> None:
    pages, url = [], f"{URL}?page_size=2"
    while url:
        data = customer.get(url).json()
        pages.append([order["number"] for order in data["results"]])
        url = data["next"]

    newest_first = numbers[::-1]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:]]


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"placed_after": "2026-03-02T12:00:00Z"}, slice(1, 5)),
        ({"placed_after": "2026-03-02T12:00:00.000001Z"}, slice(2, 5)),
        ({"placed_before": "2026-03-02T12:00:00Z"}, slice(0, 1)),
        (
            {
                "placed_after": "2026-03-02T14:00:00+02:00",
                "placed_before": "2026-03-04T00:00:00Z",
            },
            slice(1, 3),
        ),
        ({"placed_after": "2027-01-01T00:00:00Z"}, slice(0, 0)),
    ],
)
def test_periods(
    customer: Customer, numbers: list[str], params: dict[str, str], wanted: slice
) -> None:
    assert listed(customer, **params) == numbers[wanted][::-1]


def test_pages_of_a_period(customer: Customer, numbers: list[str]) -> None:
    params = {"placed_after": "2026-03-02T00:00:00Z", "page_size": "2"}
    first = customer.get(URL, params).json()
    second = customer.get(first["next"]).json()

    assert [order["number"] for order in second["results"]] == numbers[1:3][::-1]
    assert second["next"] is None


@pytest.mark.parametrize("field", ["placed_after", "placed_before"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "0",
        "-1",
        "9999-12-31T23:59:59-23:59",
        "Ü",
        "x" * 3000,
    ],
)
def test_nonsense_times(customer: Customer, field: str, value: str) -> None:
    response = customer.get(URL, {field: value})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]


def test_a_period_backwards(customer: Customer) -> None:
    params = {"placed_after": "2026-03-02T00:00:00Z", "placed_before": "2026-03-01T00:00:00Z"}
    response = customer.get(URL, params)

    assert response.json()["errors"] == {"placed_before": ["Must be after placed_after."]}


@pytest.mark.parametrize(
    "key", [b"", b"{", b"[]", b"{}", b'{"k": "x"}', b'{"k": 5}', b'{"k": null}', b'{"k": {}}']
)
def test_nonsense_cursors(customer: Customer, key: bytes) -> None:
    response = customer.get(URL, {"cursor": base64.urlsafe_b64encode(key).decode()})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["cursor"]


def test_a_guest_has_no_list(guest: APIClient) -> None:
    response = guest.get(URL)

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
