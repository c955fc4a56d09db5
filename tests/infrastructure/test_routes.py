"""API Gateway refuses what is plainly wrong, and nothing that the shop would take."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from jsonschema import Draft4Validator
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from infrastructure.routes import Route, routes_of, translate
from shop.api.description import Generator
from tests.cart.conftest import mug
from tests.cart.shoppers import Shopper
from tests.conftest import PASSWORD, Customer
from tests.customers.people import HOME, make_customer
from tests.customers.places import BERLIN
from tests.orders.conftest import buyer, shopper
from tests.orders.shopping import CHECKOUT

__all__ = ["buyer", "mug", "shopper"]

VALUES: tuple[Any, ...] = (None, True, 7, 1.5, -1, 10**12, "", "text", [], {}, ["text"], {"a": 1})
TOTAL = {"amount": "28.90", "currency": "EUR"}
PROFILE = "PATCH /api/v1/customer/"
OWN: dict[str, dict[str, Any]] = {  # for who has signed in
    PROFILE: {"name": "Ada", "language": "en", "gender": "female", "company": "Engines"},
    "POST /api/v1/customer/addresses/": {"label": "Home", "address": BERLIN},
    "PATCH /api/v1/customer/addresses/{address_id}/": {"label": "Home", "address": BERLIN},
    "POST /api/v1/customer/consents/": {
        "purpose": "sms", "given": True, "version": "1", "language": "en",
    },
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/auth/token/": {"username": "ada", "password": PASSWORD},
    "POST /api/v1/auth/token/refresh/": {"refresh": "filled in by the test"},
    "POST /api/v1/cart/lines/": {"sku": "MUG-RED", "quantity": 1},
    "PATCH /api/v1/cart/lines/{sku}/": {"quantity": 3},
    "POST /api/v1/checkout/": {**CHECKOUT, "expected_total": TOTAL},
    **OWN,
}


def routes() -> list[Route]:
    return routes_of(Generator().get_schema(public=True))


def checked_routes() -> dict[str, Route]:
    return {route.address: route for route in routes() if route.model}


def test_each_route_with_a_body_is_checked() -> None:
    assert set(checked_routes()) == set(BODIES)


def test_the_model_of_a_line() -> None:
    model = checked_routes()["POST /api/v1/cart/lines/"].model
    assert model and json.loads(model.schema) == {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": ["object"],
        "properties": {
            "sku": {"type": ["string"]},
            "quantity": {"type": ["integer"], "minimum": 1, "maximum": 99},
        },
        "required": ["quantity", "sku"],
    }
    assert re.fullmatch("NewLineRequest[0-9a-f]{8}", model.name)


def test_what_draft_4_says_otherwise() -> None:
    """Nullable, references, what is only ever read, formats that Django knows better."""
    components = {"Place": {"type": "object", "properties": {"city": {"type": "string"}}}}
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "note": {"type": "string", "nullable": True, "maxLength": 9, "pattern": "^a"},
            "at": {"type": "string", "format": "date-time"},
            "home": {"allOf": [{"$ref": "#/components/schemas/Place"}], "description": "Where."},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        },
        "required": ["id", "note"],
    }
    assert translate(schema, components, numbers=False) == {
        "type": ["object"],
        "properties": {
            "note": {"type": ["string", "null"]},
            "at": {"type": ["string"]},
            "home": {"allOf": [{"type": ["object"], "properties": {"city": {"type": ["string"]}}}]},
            "tags": {"type": ["array"], "items": {"type": ["string"]}},
        },
        "required": ["note"],
    }


def changed(body: dict[str, Any]) -> Iterator[Any]:
    """The body with each of its fields, at any depth, missing or another value."""
    for name, value in body.items():
        yield {key: each for key, each in body.items() if key != name}
        for other in VALUES:
            yield body | {name: other}
        if isinstance(value, dict):
            for inner in changed(value):
                yield body | {name: inner}


@pytest.fixture
def clients(buyer: Shopper, db: None) -> dict[str, APIClient]:
    """Who may send each body."""
    ada = User.objects.create_user("ada", "ada@example.com", PASSWORD)
    User.objects.create_user("7", "7@example.com", "1.5")
    BODIES["POST /api/v1/auth/token/refresh/"]["refresh"] = str(RefreshToken.for_user(ada))
    make_customer(user=ada, addresses=[HOME])
    return dict.fromkeys(BODIES, buyer) | dict.fromkeys(OWN, Customer(ada))


def send(client: APIClient, address: str, body: str, **headers: str) -> Any:
    verb, path = address.split(" ")
    return client.generic(
        verb,
        path.replace("{sku}", "MUG-RED").replace("{address_id}", HOME["id"]),
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "0d3c41a8-4f5e-4b57-9a53-5f0c7d566f5e"} | headers,
    )


@pytest.mark.parametrize("address", sorted(BODIES))
def test_the_gateway_is_never_stricter(address: str, clients: dict[str, APIClient]) -> None:
    route = checked_routes()[address]
    assert route.model
    validator = Draft4Validator(json.loads(route.model.schema))
    Draft4Validator.check_schema(validator.schema)
    good = BODIES[address]
    wrong = [body for body in [*VALUES, *changed(good)] if not validator.is_valid(body)]
    answers = {
        text: send(clients[address], address, text).status_code
        for text in ["", "{", '{"a": NaN}', *map(json.dumps, wrong)]
    }

    assert {text: status for text, status in answers.items() if status not in {400, 401}} == {}
    assert validator.is_valid(good)
    assert send(clients[address], address, json.dumps(good)).status_code in {200, 201, 202}


@pytest.mark.parametrize("address", sorted(BODIES))
def test_wrong_types_and_missing_fields_are_caught(
    address: str, clients: dict[str, APIClient]
) -> None:
    route = checked_routes()[address]
    assert route.model
    schema = json.loads(route.model.schema)
    validator = Draft4Validator(schema)
    good = BODIES[address]
    for name in good:
        for value in (None, True, [], ["text"]):
            right = value is good[name]
            assert validator.is_valid(good | {name: value}) == right, (name, value)
    for name in schema.get("required", []):
        assert not validator.is_valid({key: good[key] for key in good if key != name}), name
    assert not validator.is_valid([])


def test_what_a_profile_may_leave_open() -> None:
    model = checked_routes()[PROFILE].model
    assert model and Draft4Validator(json.loads(model.schema)).is_valid(
        {"birth_date": None, "channels": []}
    )


def test_a_number_for_a_password(clients: dict[str, APIClient]) -> None:
    """Why `NUMBERS_FOR_TEXT`: the shop takes it, so the gateway must."""
    address = "POST /api/v1/auth/token/"
    body = {"username": 7, "password": 1.5}
    assert send(clients[address], address, json.dumps(body)).status_code == 200
    model = checked_routes()[address].model
    assert model and Draft4Validator(json.loads(model.schema)).is_valid(body)


@pytest.mark.parametrize("address", sorted(BODIES))
def test_unknown_fields_are_left_to_the_shop(address: str, clients: dict[str, APIClient]) -> None:
    """Its answer is the better one: it lists those that there are."""
    body = BODIES[address] | {"unheard_of": 1}
    answer = send(clients[address], address, json.dumps(body))
    model = checked_routes()[address].model
    assert model and Draft4Validator(json.loads(model.schema)).is_valid(body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["unheard_of"])


def test_blanks_around_a_text_do_not_count(clients: dict[str, APIClient]) -> None:
    """Why lengths are not taken over."""
    address = "POST /api/v1/cart/lines/"
    body = {"sku": "MUG-RED".center(80), "quantity": 1}
    assert send(clients[address], address, json.dumps(body)).status_code == 200
    model = checked_routes()[address].model
    assert model and Draft4Validator(json.loads(model.schema)).is_valid(body)
