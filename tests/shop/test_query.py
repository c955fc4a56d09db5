"""Parameters that nothing reads are told, with those that there are."""

from typing import Any

import pytest
from django.urls import resolve
from rest_framework.test import APIClient

from shop.api.query import known_parameters
from tests.conftest import Customer
from tests.orders.shopping import PLACED, make_order

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "/api/v1/": "format, lang",
    "/api/v1/health/": "format, lang",
    "/api/v1/products/": "category, cursor, format, lang, page_size",
    "/api/v1/products/harbour-mug/": "format, lang",
    "/api/v1/categories/": "format, lang",
    "/api/v1/cart/": "format, lang",
    "/api/v1/cart/lines/": "format, lang",
    "/api/v1/cart/lines/MUG-RED/": "format, lang",
    "/api/v1/checkout/": "format, lang",
    "/api/v1/customer/": "format, lang",
    "/api/v1/customer/addresses/": "format, lang",
    "/api/v1/customer/addresses/00000001/": "format, lang",
    "/api/v1/customer/consents/": "format, lang",
    "/api/v1/orders/": "cursor, format, lang, page_size, placed_after, placed_before",
    "/api/v1/orders/AAAA-AAAA-AAAA/": "format, lang",
    "/api/v1/auth/token/": "format, lang",
    "/api/v1/auth/token/refresh/": "format, lang",
    "/api/v1/schema/": "format, lang, version",
    "/api/v1/docs/": "format, lang, version",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_parameter(guest: APIClient, calls: Any, address: str) -> None:
    """WHEN it is misspelt THEN nothing is read, and the answer lists what can be asked."""
    unknown = ["categroy"] if "page_size" in ADDRESSES[address] else ["categroy", "page_size"]
    known = f"Known here: {ADDRESSES[address]}."
    for verb in ("get", "post", "patch", "delete", "options"):
        with calls() as made:
            answer = getattr(guest, verb)(f"{address}?categroy=mugs&page_size=3")

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": f"Nothing here reads {', '.join(unknown)}. {known}",
            "code": "unknown_parameter",
            "errors": {name: [f"No parameter of this address. {known}"] for name in unknown},
        }
        assert list(made) == []


@pytest.mark.parametrize(
    ("address", "query", "names"),
    [
        ("/api/v1/products/", "page_size=2&page_size=3", ["page_size"]),
        (
            "/api/v1/products/",
            "page_size=2&page_size=2&format=api&format=api",
            ["format", "page_size"],
        ),
        ("/api/v1/orders/", "placed_after=&placed_after=2026-03-01", ["placed_after"]),
        ("/api/v1/cart/", "format=json&format=api", ["format"]),
        ("/api/v1/schema/", "lang=de&lang=en", ["lang"]),
    ],
)
def test_a_parameter_twice(
    guest: APIClient, calls: Any, address: str, query: str, names: list[str]
) -> None:
    """No value of the two is silently the one."""
    for verb in ("get", "post", "patch", "delete", "options"):
        with calls() as made:
            answer = getattr(guest, verb)(f"{address}?{query}")

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": f"Send {', '.join(names)} once: more than one value came, and one is read.",
            "code": "repeated_parameter",
            "errors": {name: ["Send one value: more than one came."] for name in names},
        }
        assert list(made) == []


@pytest.mark.parametrize("named", ["fr", "DE", "de-AT", ""])
def test_a_language_that_the_shop_does_not_speak(guest: APIClient, calls: Any, named: str) -> None:
    """No English is silently given for it; it is told in a language that is understood."""
    with calls() as made:
        answer = guest.get(f"/api/v1/products/?lang={named}", headers={"Accept-Language": "de"})

    assert answer.status_code == 400
    assert answer["Content-Language"] == "de"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Fehlerhafte Anfrage",
        "status": 400,
        "detail": "Der Shop spricht en, de.",
        "code": "unknown_language",
        "errors": {"lang": ["Der Shop spricht en, de."]},
    }
    assert list(made) == []


def test_no_parameter_is_a_list(guest: APIClient) -> None:
    paths = guest.get("/api/v1/schema/?format=json").json()["paths"]
    kinds = {
        each["schema"]["type"]
        for operations in paths.values()
        for operation in operations.values()
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    }
    assert kinds == {"integer", "string"}


def test_views_know_what_the_schema_says(guest: APIClient) -> None:
    """And the other way round; `format` is for people in a browser, and not in the schema."""
    paths = guest.get("/api/v1/schema/?format=json").json()["paths"]
    for path, operations in paths.items():
        view: Any = resolve(path.replace("{", "").replace("}", "")).func
        for verb, operation in operations.items():
            parameters = operation.get("parameters", ())
            described = {each["name"] for each in parameters if each["in"] == "query"}
            if verb == "get":
                assert known_parameters(view.cls) == described | {"format"}, path
            else:
                assert described == {"lang"}, (verb, path)


def test_known_ones(guest: APIClient) -> None:
    assert guest.get("/api/v1/products/?page_size=3&format=json").status_code == 200
    assert guest.get("/api/v1/health/?format=json").status_code == 200
    assert guest.get("/api/v1/schema/?format=json&lang=en").status_code == 200


def test_outside_the_api_anything_goes(guest: APIClient) -> None:
    assert guest.get("/admin/login/?utm_source=x").status_code == 200


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("placed_after=2026-03-01T14:00:00+02:00", 1),
        ("placed_after=2026-03-01T14:00:00%2B02:00", 1),
        ("placed_after=2026-03-01T14:00:00.000001+02:00", 0),
        ("placed_after=2026-03-01T14:00+0200", 1),
        ("placed_after=2026-03-01+14:00:00+02:00", 1),
        ("placed_before=2026-03-01T14:00:00+02:00", 0),
        ("placed_after=2026-03-01 12:00", 1),
        ("placed_after=2026-03-01T10:00:00-02:00", 1),
    ],
)
def test_a_plus_that_was_not_escaped(customer: Customer, query: str, number: int) -> None:
    """GIVEN an order of noon, in UTC: a + in an address is a blank when it arrives."""
    assert PLACED.isoformat() == "2026-03-01T12:00:00+00:00"
    make_order(user=customer.user)

    answer = customer.get(f"/api/v1/orders/?{query}")

    assert (answer.status_code, len(answer.json().get("results", ()))) == (200, number)


@pytest.mark.parametrize("text", ["noon", "2026-03-01T14:00:00+99:00", "2026-03-01T14:00:00++02"])
def test_no_moment(customer: Customer, text: str) -> None:
    answer = customer.get(f"/api/v1/orders/?placed_after={text}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["placed_after"])
