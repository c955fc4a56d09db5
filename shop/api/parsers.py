"""JSON in: strict, and not to be exhausted by depth."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from shop.api.renderers import JSONRenderer

LONG_NUMBER = re.compile(rb"\d{17}|\d[eE]")


class JSONParser(BaseParser):
    """RFC 8259 and no more: UTF-8, no NaN, no half characters; too deep is an error."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return read_json(stream.read())
        except (ValueError, RecursionError) as error:
            raise ParseError(
                gettext("The body is not JSON: {error}.").format(error=error)
            ) from error


def read_json(body: bytes) -> Any:
    """The value; ValueError or RecursionError for what is not JSON, or not Unicode."""
    if not LONG_NUMBER.search(body):  # of which orjson makes a float, or none
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass  # Python's own has the words that people know
    # Given bytes, json would guess the encoding, and take UTF-16 too.
    value = json.loads(body.decode(), parse_constant=no_constant)
    json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    return value


def no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
