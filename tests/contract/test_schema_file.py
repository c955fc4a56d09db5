"""docs/openapi.yaml is what the shop serves, made without a warning, the same everywhere."""

import os
import subprocess
import sys
from typing import Any

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from rest_framework.test import APIClient

from shop.api.schema import add_components
from shop.localaws.install import ROOT

FILE = ROOT / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def schema() -> Any:
    return yaml.safe_load(FILE.read_text())


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_in_step(seed: str) -> None:
    """Also where Python's hashes differ. When it fails: `make schema`."""
    command = [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn"]
    made = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings", "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == FILE.read_text()


def test_it_is_what_is_served(guest: APIClient, schema: Any) -> None:
    assert guest.get("/api/v1/schema/?format=json").json() == schema


def test_no_serializer_takes_the_errors_name() -> None:
    with pytest.raises(ImproperlyConfigured, match="name the serializer otherwise"):
        add_components({"schemas": {"Problem": {"type": "object"}}})


def test_a_line_s_problem_is_no_error(schema: Any) -> None:
    schemas = schema["components"]["schemas"]
    assert set(schemas["LineProblem"]["properties"]) == {"code", "detail"}
    assert schemas["CartLine"]["properties"]["problem"]["allOf"] == [
        {"$ref": "#/components/schemas/LineProblem"}
    ]


def test_what_is_sent_and_what_is_answered_to_sign_in(schema: Any) -> None:
    schemas = schema["components"]["schemas"]
    required = {
        name: schemas[name]["required"]
        for name in ("TokenRequest", "Token", "RefreshRequest", "Refresh")
    }
    assert required == {
        "TokenRequest": ["password", "username"],
        "Token": ["access", "refresh"],
        "RefreshRequest": ["refresh"],
        "Refresh": ["access"],
    }


def test_bodies_have_no_other_fields(schema: Any) -> None:
    """Nor have the objects in them."""
    requests = {
        name: each.get("additionalProperties")
        for name, each in schema["components"]["schemas"].items()
        if name.endswith("Request")
    }
    assert requests == dict.fromkeys(
        (
            "AddressChangeRequest",
            "AddressRequest",
            "CheckoutRequest",
            "ConsentChangeRequest",
            "ExpectedTotalRequest",
            "NewAddressRequest",
            "NewLineRequest",
            "ProfileRequest",
            "QuantityRequest",
            "RefreshRequest",
            "TokenRequest",
        ),
        False,
    )


SKU = "^[A-Za-z0-9._-]+$"
TEXT = r"^[^\u0000]*[^\s\u0000\u001c-\u001f\u0085][^\u0000]*$"
NUMBER = "^[0123456789ABCDEFGHJKMNPQRSTVWXYZ]{4}(-[0123456789ABCDEFGHJKMNPQRSTVWXYZ]{4}){2}$"
AMOUNT = r"^[0-9]{1,16}(\.[0-9]{1,3})?$"


@pytest.mark.parametrize(
    ("component", "field", "rules"),
    [
        ("NewLineRequest", "sku", {"minLength": 1, "maxLength": 64, "pattern": SKU}),
        ("NewLineRequest", "quantity", {"minimum": 1, "maximum": 99}),
        ("QuantityRequest", "quantity", {"minimum": 1, "maximum": 99}),
        ("TokenRequest", "username", {"minLength": 1, "pattern": TEXT}),
        ("TokenRequest", "password", {"minLength": 1, "pattern": TEXT}),
        ("AddressRequest", "country", {"minLength": 1, "pattern": "^[A-Za-z]{2}$"}),
        ("AddressRequest", "name", {"minLength": 1, "maxLength": 100}),
        ("CheckoutRequest", "email", {"format": "email", "maxLength": 254}),
        ("ExpectedTotalRequest", "amount", {"pattern": AMOUNT}),
        ("Money", "amount", {"pattern": AMOUNT}),
        ("Money", "currency", {"pattern": "^[A-Z]{3}$"}),
        ("Order", "number", {"pattern": NUMBER}),
        ("Order", "placed_at", {"format": "date-time"}),
        ("Variant", "available", {"minimum": 0}),
        ("Receipt", "url", {"format": "uri"}),
    ],
)
def test_what_a_field_may_be(schema: Any, component: str, field: str, rules: Any) -> None:
    said = schema["components"]["schemas"][component]["properties"][field]
    assert {name: said.get(name) for name in rules} == rules


@pytest.mark.parametrize(
    ("path", "verb", "name", "required", "pattern"),
    [
        ("checkout/", "post", "Idempotency-Key", True, "^[A-Za-z0-9_-]{16,128}$"),
        ("cart/lines/", "post", "Idempotency-Key", False, "^[A-Za-z0-9_-]{16,128}$"),
        ("cart/lines/", "delete", "Idempotency-Key", False, "^[A-Za-z0-9_-]{16,128}$"),
        ("cart/lines/{sku}/", "patch", "sku", True, SKU),
        ("orders/{number}/", "get", "number", True, NUMBER),
        ("products/{slug}/", "get", "slug", True, "^[A-Za-z0-9_-]{1,100}$"),
        ("products/", "get", "category", False, "^[A-Za-z0-9_-]{1,100}$"),
    ],
)
def test_what_a_parameter_may_be(
    schema: Any, path: str, verb: str, name: str, required: bool, pattern: str
) -> None:
    (said,) = (
        each
        for each in schema["paths"][f"/api/v1/{path}"][verb]["parameters"]
        if each["name"] == name
    )
    assert (said.get("required", False), said["schema"]["pattern"]) == (required, pattern)


def test_when_to_try_again_is_told(schema: Any) -> None:
    answers = schema["components"]["responses"]
    required = {
        name: answer["headers"]["Retry-After"].get("required", False)
        for name, answer in answers.items()
        if "Retry-After" in answer["headers"]
    }
    assert required == {"Conflict": False, "TooManyRequests": True, "Unavailable": True}
