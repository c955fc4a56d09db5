"""What a form is told of a country's addresses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from customers.addresses import check_area, rules_of
from customers.countries import COUNTRIES

pytestmark = pytest.mark.django_db


def test_a_country_with_states(client: Client, calls: Callable[[], Any]) -> None:
    with calls() as made:
        answer = client.get("/api/v1/countries/US/")
    assert made == []
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=86400")
    country = answer.json()
    areas = country.pop("areas")
    assert country == {
        "code": "US",
        "required": ["administrative_area", "city", "postal_code"],
        "postal_code_examples": "95014 or 22162-1010",
        "area_kind": "state",
    }
    assert len(areas) == 62
    assert areas[8] == {"code": "CA", "name": "California"}


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("JP", {"code": "Hokkaido", "name": "Hokkaido"}),
        ("IT", {"code": "AG", "name": "Agrigento"}),
        ("AE", {"code": "Abu Dhabi", "name": "Abu Dhabi"}),
        ("DE", None),
    ],
)
def test_names_are_in_latin_letters(client: Client, code: str, first: dict[str, str]) -> None:
    areas = client.get(f"/api/v1/countries/{code}/").json()["areas"]
    assert next(iter(areas), None) == first


@pytest.mark.parametrize("code", ["de", "XX", "DEU", "1", "U%20"])
def test_no_such_country(client: Client, code: str) -> None:
    answer = client.get(f"/api/v1/countries/{code}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_checkout_takes_every_name_that_is_offered() -> None:
    """And keeps the code that stands beside it."""
    for country in sorted(COUNTRIES):
        rules = rules_of(country)
        for code, name in rules.areas.items():
            assert (country, check_area(rules, name)) == (country, code)
            assert (country, check_area(rules, code)) == (country, code)
