"""A customer's program and a manager's browser, at the other side of API Gateway."""

import base64
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from tests.aws_lambda.gateway import Event, Request, rest_api_event

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def form_event(path: str, fields: list[tuple[str, str]], headers: Mapping[str, str]) -> Event:
    """A browser's POST of a form, as API Gateway hands it to Lambda."""
    event = rest_api_event(Request("POST", path, {**FORM, **headers}))
    body = base64.b64encode(urlencode(fields).encode()).decode()
    return event | {"body": body, "isBase64Encoded": True}


def fields_of(page: str) -> list[tuple[str, str]]:
    """What a browser would send of the page's forms: names and values, files apart."""
    reader = FormReader()
    reader.feed(page)
    return reader.fields


class FormReader(HTMLParser):
    """Collects `fields` from inputs, selects and text areas."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.inside = ""  # the name of the select or text area that is open
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attributes)
        if tag == "input" and is_sent(given):
            self.fields.append((given["name"], given.get("value") or ""))
        elif tag in {"select", "textarea"}:
            self.inside, self.text = given.get("name") or "", ""
        elif tag == "option" and "selected" in given and self.inside:
            self.fields.append((self.inside, given.get("value") or ""))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.inside:
            self.fields.append((self.inside, self.text.strip()))
        if tag in {"select", "textarea"}:
            self.inside = ""


def is_sent(given: Mapping[str, Any]) -> bool:
    """Whether a browser sends this input: it has a name, is no file, button or empty box."""
    kind = given.get("type", "text")
    if not given.get("name") or kind in {"file", "submit", "button"}:
        return False
    return kind not in {"checkbox", "radio"} or "checked" in given
