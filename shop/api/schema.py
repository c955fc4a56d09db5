"""What views need not say of themselves in the OpenAPI schema: retries, and errors."""

from collections.abc import Iterator
from typing import Any

from shop.api.errors import CONTENT_TYPE

UNSAFE = {"post", "put", "patch", "delete"}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string"},
    "description": "A new UUID for a new request; the same one to try again.",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "example": "about:blank"},
        "title": {"type": "string", "example": "Bad Request"},
        "status": {"type": "integer", "example": 400},
        "detail": {"type": "string", "description": "For people: what to do."},
        "code": {"type": "string", "description": "For programs.", "example": "invalid"},
        "errors": {
            "type": "object",
            "description": "Sentences, or objects of such, by the field at fault.",
            "additionalProperties": True,
        },
    },
}


def complete(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """drf-spectacular's hook: each operation's Idempotency-Key, and its problems."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for verb, operation in operations.items():
            names = {each["name"] for each in operation.get("parameters", ())}
            if verb in UNSAFE and "Cart-Token" in names and "Idempotency-Key" not in names:
                operation["parameters"].append(IDEMPOTENCY_KEY)
            for status, description in problems_of(verb, operation):
                operation["responses"].setdefault(status, answer(description))
    return result


def problems_of(verb: str, operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Statuses that an operation can answer with, by what it takes."""
    parameters = operation.get("parameters", ())
    places, names = ({each[what] for each in parameters} for what in ("in", "name"))
    schemes = {name for each in operation.get("security", [{"none": []}]) for name in each}
    # Of each: a parameter that nothing reads is an error, see shop/api/query.py.
    yield "400", "Something in the request is wrong: `errors` says what."
    if schemes:
        yield "401", "Not signed in, or the credentials are not taken."
    if verb in UNSAFE and "cookieAuth" in schemes:
        yield "403", "A session's request without its CSRF token."
    if "path" in places or "Cart-Token" in names:
        yield "404", "There is no such thing, or it is another customer's."
    if verb in UNSAFE:
        yield "409", "Something else has changed meanwhile: `code` says what."
    if "Idempotency-Key" in names:
        yield "422", "The Idempotency-Key came with another request before."
    if "requestBody" in operation:
        yield "413", "The body is too large."
        yield "415", "The body is not JSON."
    yield "429", "Too many requests: `Retry-After` says for how many seconds."
    yield "default", "Anything else, in the same shape."


def answer(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {CONTENT_TYPE: {"schema": schema}}}
