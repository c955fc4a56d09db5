"""The OpenAPI schema says which errors there are, and they look as it says."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db(transaction=True)

SIGN_IN = "200 400 401 406 409 413 415 429 503"
STATUSES = {
    "post /api/v1/auth/token/": SIGN_IN,
    "post /api/v1/auth/token/refresh/": SIGN_IN,
    "get /api/v1/cart/": "200 400 401 404 406 429 503",
    "post /api/v1/cart/": "201 400 401 403 406 409 413 429 503",
    "post /api/v1/cart/lines/": "200 400 401 403 404 406 409 413 415 422 429 503",
    "delete /api/v1/cart/lines/": "200 400 401 403 404 406 409 413 422 429 503",
    "patch /api/v1/cart/lines/{sku}/": "200 400 401 403 404 406 409 413 415 422 429 503",
    "delete /api/v1/cart/lines/{sku}/": "200 400 401 403 404 406 409 413 422 429 503",
    "get /api/v1/categories/": "200 400 406 429 503",
    "get /api/v1/countries/{code}/": "200 400 404 406 429 503",
    "post /api/v1/checkout/": "202 400 401 403 404 406 409 413 415 422 429 503",
    "get /api/v1/customer/": "200 400 401 406 429 503",
    "patch /api/v1/customer/": "200 400 401 403 406 409 413 415 422 429 503",
    "get /api/v1/customer/addresses/": "200 400 401 406 429 503",
    "post /api/v1/customer/addresses/": "201 400 401 403 406 409 413 415 422 429 503",
    "patch /api/v1/customer/addresses/{address_id}/": (
        "200 400 401 403 404 406 409 413 415 422 429 503"
    ),
    "delete /api/v1/customer/addresses/{address_id}/": (
        "200 400 401 403 404 406 409 413 422 429 503"
    ),
    "get /api/v1/customer/consents/": "200 400 401 406 429 503",
    "post /api/v1/customer/consents/": "200 400 401 403 406 409 413 415 422 429 503",
    "get /api/v1/health/": "200 400 406 429 503",
    "get /api/v1/orders/": "200 400 401 406 429 503",
    "get /api/v1/orders/{number}/": "200 400 401 404 406 429 503",
    "get /api/v1/products/": "200 400 404 406 429 503",
    "get /api/v1/products/{slug}/": "200 400 404 406 429 503",
    "get /api/v1/products/{slug}/variants/": "200 400 404 406 429 503",
}


@pytest.fixture
def schema(guest: APIClient) -> Any:
    return guest.get("/api/v1/schema/?format=json").json()


def test_every_status_of_every_operation(schema: Any) -> None:
    found = {
        f"{verb} {path}": " ".join(sorted(set(operation["responses"]) - {"default"}))
        for path, operations in schema["paths"].items()
        for verb, operation in operations.items()
    }
    assert found == STATUSES


@pytest.mark.parametrize(
    ("verb", "path", "body", "headers", "status"),
    [
        ("get", "/api/v1/cart/", None, {}, 401),
        ("get", "/api/v1/products/none/", None, {}, 404),
        ("get", "/api/v1/products/?page_size=x", None, {}, 400),
        ("post", "/api/v1/auth/token/", {}, {}, 400),
        ("post", "/api/v1/auth/token/", {"username": "a", "password": "b"}, {}, 401),
        ("post", "/api/v1/checkout/", {}, {}, 400),
        ("patch", "/api/v1/cart/lines/none/", {"quantity": 1}, {"Cart-Token": "x"}, 404),
        ("post", "/api/v1/cart/lines/", {"sku": []}, {"Cart-Token": "x" * 43}, 400),
    ],
)
def test_errors_are_as_it_says(
    guest: APIClient,
    schema: Any,
    verb: str,
    path: str,
    body: Any,
    headers: dict[str, str],
    status: int,
) -> None:
    answer = getattr(guest, verb)(path, body, format="json", headers=headers)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = schema["components"]["schemas"]["Problem"]
    assert list(Draft202012Validator(problem).iter_errors(answer.json())) == []
    assert set(answer.json()) <= set(problem["properties"])


def test_retries(schema: Any) -> None:
    """Where an Idempotency-Key is heeded: not where an answer is a credential."""
    heeded = {
        f"{verb} {path}"
        for path, operations in schema["paths"].items()
        for verb, operation in operations.items()
        if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ()))
    }
    assert heeded == {name for name, statuses in STATUSES.items() if "422" in statuses}
