"""What views need not say of themselves in the OpenAPI schema: retries, headers, errors."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shop.api.errors import CONTENT_TYPE
from shop.api.languages import PARAMETER
from shop.api.unit_of_work import KEY

UNSAFE = {"post", "put", "patch", "delete"}
NAMES_A_THING = {"Cart-Token", "category"}  # parameters, besides those in the path
GUESTS = {"Cart-Token", "Order-Secret"}  # parameters in place of a sign-in
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
    "description": "A new UUID for a new request; the same one to try again.",
}
LANGUAGES = [code for code, _ in settings.LANGUAGES]
LANGUAGE = {
    "in": "query",
    "name": PARAMETER,
    "schema": {"type": "string", "enum": LANGUAGES},
    "description": "The language of sentences, and of names and descriptions that are in it. "
    "Without it Accept-Language counts; else English.",
}
CONTENT_LANGUAGE = {
    "description": "The language of its sentences, and of names and descriptions that are in it.",
    "schema": {"type": "string", "enum": LANGUAGES},
    "required": True,
}
# REST framework's texts: without a NUL, and with something besides what Python strips.
TEXT = r"^[^\u0000]*[^\s\u0000\u001c-\u001f\u0085][^\u0000]*$"
SENTENCES = {"type": "array", "items": {"type": "string"}}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "example": "about:blank"},
        "title": {"type": "string", "example": "Bad Request"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "example": 400},
        "detail": {"type": "string", "description": "For people: what to do."},
        "code": {"type": "string", "description": "For programs.", "example": "invalid"},
        "errors": {
            "type": "object",
            "description": "Sentences, or objects of such, by the field at fault.",
            "additionalProperties": {
                "anyOf": [SENTENCES, {"type": "object", "additionalProperties": True}]
            },
        },
    },
}
REQUEST_ID = {"description": "The shop's log knows it.", "schema": {"type": "string"}}
REPLAYED = {
    "description": "Sent when the answer is that of an earlier request with this key.",
    "schema": {"type": "string", "enum": ["true"]},
}
RETRY_AFTER = {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}
ALWAYS_TELLS_WHEN = RETRY_AFTER | {"required": True}
# By status: the component's name, what it means, and its headers.
PROBLEMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "400": ("BadRequest", "Something in the request is wrong: `errors` says what.", {}),
    "401": ("Unauthorized", "Not signed in, or the credentials are not taken.", {}),
    "403": ("Forbidden", "A session's request without its CSRF token.", {}),
    "404": ("NotFound", "There is no such thing, or it is another customer's.", {}),
    "406": ("NotAcceptable", "No answer is of a type that Accept names.", {}),
    "409": (
        "Conflict",
        "Something else has changed meanwhile: `code` says what.",
        {"Retry-After": RETRY_AFTER},
    ),
    "413": ("TooLarge", "The body is too large.", {}),
    "415": ("UnsupportedMediaType", "The body is not JSON.", {}),
    "422": ("KeyReused", "The Idempotency-Key came with another request before.", {}),
    "429": (
        "TooManyRequests",
        "Too many requests: `Retry-After` says for how many seconds.",
        {"Retry-After": ALWAYS_TELLS_WHEN},
    ),
    "503": (
        "Unavailable",
        "Not now. Try again after `Retry-After`, with the same Idempotency-Key.",
        {"Retry-After": ALWAYS_TELLS_WHEN},
    ),
    "default": ("Error", "Anything else, in the same shape.", {}),
}


def complete(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """drf-spectacular's hook: each operation's Idempotency-Key, headers, and problems."""
    add_components(result["components"])
    translated = translated_operations(generator)
    for path, operations in result["paths"].items():
        for verb, operation in operations.items():
            describe_key(verb, operation)
            if verb == "patch":
                demand_something(operation, result["components"]["schemas"])
            operation.setdefault("parameters", []).append(LANGUAGE)
            describe_answers(verb, operation, (path, verb) in translated)
            describe_access(operation)
    return result


def translated_operations(generator: Any) -> set[tuple[str, str]]:
    """Path and verb of those whose answers have sentences."""
    return {
        (path, verb.lower())
        for path, _, verb, view in generator.endpoints
        if getattr(view.view_class, "translated", False)
    }


def add_components(components: dict[str, Any]) -> None:
    """What all operations share. Raises ImproperlyConfigured for a serializer's name."""
    schemas = components.setdefault("schemas", {})
    if "Problem" in schemas:
        raise ImproperlyConfigured("Problem is the API's error: name the serializer otherwise.")
    describe_texts(schemas)
    schemas["Problem"] = PROBLEM
    components["headers"] = {
        "RequestId": REQUEST_ID,
        "IdempotentReplayed": REPLAYED,
        "ContentLanguage": CONTENT_LANGUAGE,
    }
    components["responses"] = {
        name: problem_answer(description, headers)
        for name, description, headers in PROBLEMS.values()
    }


def describe_texts(schemas: dict[str, Any]) -> None:
    """What a text that must be there cannot be, unless its field says more."""
    for schema in schemas.values():
        for field in schema.get("properties", {}).values():
            if field.get("minLength") and not {"pattern", "format"} & field.keys():
                field["pattern"] = TEXT


def problem_answer(description: str, headers: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {
            **headers,
            "Content-Language": {"$ref": "#/components/headers/ContentLanguage"},
            "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        },
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def describe_key(verb: str, operation: dict[str, Any]) -> None:
    """Where a key is heeded: unsafe operations of who has signed in, or on a known cart."""
    parameters = {each["name"]: each for each in operation.get("parameters", ())}
    if "Idempotency-Key" in parameters:
        parameters["Idempotency-Key"]["schema"] = IDEMPOTENCY_KEY["schema"]
    elif verb in UNSAFE and ("Cart-Token" in parameters or demands_sign_in(operation)):
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)


def demand_something(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A change has a body, and at least one field of it."""
    body = operation["requestBody"]
    body["required"] = True
    name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schemas[name]["minProperties"] = 1


def demands_sign_in(operation: dict[str, Any]) -> bool:
    """Whether nobody else is let in: of the ways to show who one is, none is to show nothing."""
    ways = operation.get("security", ())
    return bool(ways) and {} not in ways


def describe_answers(verb: str, operation: dict[str, Any], is_translated: bool) -> None:
    names = {each["name"] for each in operation.get("parameters", ())}
    for answer in operation["responses"].values():
        headers = answer.setdefault("headers", {})
        headers["X-Request-Id"] = {"$ref": "#/components/headers/RequestId"}
        if is_translated:
            headers["Content-Language"] = {"$ref": "#/components/headers/ContentLanguage"}
        if "Idempotency-Key" in names:
            headers["Idempotent-Replayed"] = {"$ref": "#/components/headers/IdempotentReplayed"}
    for status in problems_of(verb, operation, names):
        name, _, _ = PROBLEMS[status]
        operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def describe_access(operation: dict[str, Any]) -> None:
    """Where nobody need show who they are, the operation has no `security`.

    Client generators take a list of it for a demand, even if one of its alternatives is
    empty.
    """
    names = {each["name"] for each in operation.get("parameters", ())}
    if {} in operation.get("security", ()) and not names & GUESTS:
        del operation["security"]


def problems_of(verb: str, operation: dict[str, Any], names: set[str]) -> Iterator[str]:
    """Statuses that an operation can answer with, by what it takes."""
    places = {each["in"] for each in operation.get("parameters", ())}
    schemes = {name for each in operation.get("security", ()) for name in each}
    yield "400"
    if schemes or "auth" in operation["tags"]:
        yield "401"
    if verb in UNSAFE and "cookieAuth" in schemes:
        yield "403"
    if "path" in places or names & NAMES_A_THING:
        yield "404"
    yield "406"
    if verb in UNSAFE:
        yield from ("409", "413")
    if "requestBody" in operation:
        yield "415"
    if "Idempotency-Key" in names:
        yield "422"
    yield from ("429", "503", "default")
