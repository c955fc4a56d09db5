"""The API's routes, and what API Gateway can check of their bodies, from our OpenAPI schema.

API Gateway takes JSON Schema draft 4. What it refuses, Django must refuse too: so only types,
missing fields and the limits of whole numbers are taken over. The length of a text is not, since
Django counts it without the blanks around it; nor are formats and patterns. Of a field that nobody
reads Django's answer says which there are.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

JSON = "application/json"
VERBS = ("get", "post", "put", "patch", "delete")
KEPT = ("minimum", "maximum")
# Where fields are REST framework's own, which take a number for a text.
NUMBERS_FOR_TEXT = {"/api/v1/auth/token/"}


@dataclass(frozen=True)
class Model:
    """A body's schema. The name says what is in it: another schema is another model."""

    name: str
    schema: str


@dataclass(frozen=True)
class Route:
    """`path` as API Gateway has it, without the slash at its end; `model` of its body."""

    verb: str
    path: str
    model: Model | None = None

    @property
    def address(self) -> str:
        """As the shop's own documents write it: POST /api/v1/checkout/."""
        return f"{self.verb} {self.path}/"


def routes_of(openapi: Mapping[str, Any]) -> list[Route]:
    """All operations, in the schema's order."""
    return [
        Route(
            verb.upper(), path.rstrip("/"), model_of(openapi, operation, path in NUMBERS_FOR_TEXT)
        )
        for path, operations in openapi["paths"].items()
        for verb, operation in operations.items()
        if verb in VERBS
    ]


def model_of(
    openapi: Mapping[str, Any], operation: Mapping[str, Any], numbers: bool
) -> Model | None:
    """Of the operation's JSON body; None if it takes none. `numbers` as in `translate`."""
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is None:
        return None
    components = openapi["components"]["schemas"]
    name = body["schema"]["$ref"].rpartition("/")[2]
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        **translate(body["schema"], components, numbers=numbers),
    }
    text = json.dumps(schema, sort_keys=True)
    return Model(name + hashlib.sha256(text.encode()).hexdigest()[:8], text)


def translate(
    schema: Mapping[str, Any], components: Mapping[str, Any], *, numbers: bool
) -> dict[str, Any]:
    """OpenAPI 3.0 to draft 4, without references. `numbers`: texts may be numbers."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return translate(components[name], components, numbers=numbers)
    made: dict[str, Any] = {name: schema[name] for name in KEPT if name in schema}
    if types := list(types_of(schema, numbers)):
        made["type"] = types
    written = {
        name: each
        for name, each in schema.get("properties", {}).items()
        if not each.get("readOnly")
    }
    if written:
        made["properties"] = {
            name: translate(each, components, numbers=numbers) for name, each in written.items()
        }
    if required := [name for name in schema.get("required", []) if name in written]:
        made["required"] = required
    if "items" in schema:
        made["items"] = translate(schema["items"], components, numbers=numbers)
    if "allOf" in schema:
        made["allOf"] = [translate(each, components, numbers=numbers) for each in schema["allOf"]]
    return made


def types_of(schema: Mapping[str, Any], numbers: bool) -> Iterator[str]:
    """Draft 4 has a list of types where OpenAPI 3.0 says nullable. Of a text with a form that may
    be empty there are two schemas (`oneOf`), of one type."""
    if "oneOf" in schema:
        yield from dict.fromkeys(
            name for each in schema["oneOf"] for name in types_of(each, numbers)
        )
    if "type" not in schema:
        return
    yield schema["type"]
    if schema["type"] == "string" and numbers:
        yield "number"
    if schema.get("nullable"):
        yield "null"
