"""Headers as HTTP means them, and the methods that every address has."""

import pytest
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from shop.api.unit_of_work import authorized
from tests.conftest import Customer
from tests.shop.test_query import ADDRESSES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR", "bearer "])
def test_the_scheme_in_any_case(customer: Customer, guest: APIClient, scheme: str) -> None:
    """And for an Idempotency-Key it is the same caller."""
    header = f"{scheme} {RefreshToken.for_user(customer.user).access_token}"

    answer = guest.get("/api/v1/orders/", headers={"Authorization": header})

    assert (answer.status_code, answer.json()) == (200, {"next": None, "results": []})
    assert authorized(header) == f"user:{customer.user.pk}"


@pytest.mark.parametrize("header", ["bearer", "bearer x", "bearer a b", "Basic eDp5", "Bearerx"])
def test_what_is_no_token(guest: APIClient, header: str) -> None:
    answer = guest.get("/api/v1/orders/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("accept", ["", " ", ",", " , ", "*/*", "application/json,"])
def test_an_accept_that_names_nothing(guest: APIClient, accept: str) -> None:
    answer = guest.get("/api/v1/health/", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == {"status": "ok"}


@pytest.mark.parametrize("accept", ["application/xyz", "x" * 9000])
def test_an_accept_of_what_there_is_not(guest: APIClient, accept: str) -> None:
    answer = guest.get("/api/v1/health/", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_a_body(guest: APIClient, address: str) -> None:
    got, head = guest.get(address), guest.head(address)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head["Content-Type"] == got["Content-Type"]


def is_for_all(address: str) -> bool:
    return address != "/api/v1/orders/" and not address.startswith("/api/v1/customer/")


@pytest.mark.parametrize("address", [each for each in ADDRESSES if is_for_all(each)])
def test_options_says_what_may_be_sent(guest: APIClient, address: str) -> None:
    answer = guest.options(address)
    assert answer.status_code in {200, 405}
    assert "OPTIONS" in answer["Allow"] or answer.status_code == 405
