"""Each answer of the API, in whichever test, is one that the OpenAPI schema declares.

A middleware of tests/settings.py writes down what is not; the fixture `as_declared` of
tests/conftest.py makes the test fail in which it happened.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from jsonschema import Draft202012Validator, FormatChecker

from shop.api.description import Generator
from shop.api.errors import below_api

FAULTS: list[str] = []
FORMATS = FormatChecker(("email",))
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")  # of a path: <str:slug>


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: Any) -> bool:
    """RFC 3339: with its offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri")
def is_address(value: Any) -> bool:
    return not isinstance(value, str) or value.startswith(("http://", "https://"))


class ContractMiddleware:
    """Outermost: it sees what a client would."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if below_api(request):
            at = f"{request.method} {request.path_info} -> {response.status_code}"
            FAULTS.extend(f"{at}: {fault}" for fault in faults_of(request, response))
        return response


def faults_of(request: HttpRequest, response: HttpResponse) -> Iterator[str]:
    """In what the answer is none that the schema declares for the request."""
    path = "/" + CONVERTER.sub(r"{\1}", resolve(request.path_info).route)
    operations = openapi()["paths"].get(path)
    if operations is None or request.method == "OPTIONS" or is_page(request, response):
        return
    verb = "get" if request.method == "HEAD" else str(request.method).lower()
    answer = declared_answer(operations.get(verb), response.status_code)
    if answer is None:
        yield "a status that is not declared"
        return
    yield from faults_of_headers(answer.get("headers", {}), response)
    yield from faults_of_body(answer["content"], response, request.method == "HEAD")


def is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Pages are for people; the schema is about JSON."""
    asked = request.headers.get("Accept", "") + request.GET.get("format", "")
    html = response.get("Content-Type", "").startswith("text/html")
    return html and ("html" in asked or "api" in asked)


def declared_answer(operation: Any, status: int) -> Any:
    """None if it is not declared.

    A verb that there is not answers with an error, and what an answer of 500 and above
    is, `default` may say; no other.
    """
    if operation is None:
        return openapi()["components"]["responses"]["Error"] if status >= 400 else None
    answers = operation["responses"]
    answer = answers.get(str(status), answers["default"] if status >= 500 else None)
    return dereferenced(answer)


def faults_of_headers(headers: Mapping[str, Any], response: HttpResponse) -> Iterator[str]:
    for name, header in ((name, dereferenced(each)) for name, each in headers.items()):
        if name not in response:
            if header.get("required"):
                yield f"no {name}"
            continue
        whole = header["schema"]["type"] == "integer"
        value = int(response[name]) if whole else response[name]
        yield from (f"{name}: {error}" for error in errors_of(header["schema"], value))


def faults_of_body(
    content: Mapping[str, Any], response: HttpResponse, is_head: bool
) -> Iterator[str]:
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind not in content:
        yield f"a body of type {kind or 'none'}"
    elif not is_head:
        yield from errors_of(content[kind]["schema"], json.loads(body_of(response)))


def body_of(response: HttpResponse) -> bytes:
    """As it was before a long one was compressed."""
    is_compressed = response.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.content) if is_compressed else response.content


def errors_of(schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    whole = {**as_json_schema(schema), "components": json_schema_components()}
    validator = Draft202012Validator(whole, format_checker=FORMATS)
    for error in validator.iter_errors(value):
        yield f"{error.json_path}: {error.message}"


@cache
def openapi() -> Any:
    return Generator().get_schema(public=True)


def dereferenced(node: Any) -> Any:
    if not isinstance(node, dict) or "$ref" not in node:
        return node
    found = openapi()
    for name in node["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


@cache
def json_schema_components() -> Any:
    return as_json_schema(openapi()["components"])


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema, where objects have no properties but those declared."""
    if isinstance(node, list):
        return [as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {name: as_json_schema(each) for name, each in node.items() if name != "nullable"}
    if made.get("type") == "object" and "properties" in made:
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made
