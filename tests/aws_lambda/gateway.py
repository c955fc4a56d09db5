"""HTTP requests as API Gateway hands them to Lambda, in both of its formats."""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

RECORDED = Path(__file__).parent / "recorded"
FORM = "application/x-www-form-urlencoded"
Event = dict[str, Any]


def recorded(name: str) -> Event:
    """A fresh copy of `recorded/<name>.json`."""
    event: Event = json.loads((RECORDED / f"{name}.json").read_text())
    return event


@dataclass(frozen=True)
class Request:
    """What a client sends. `target` is path and query; `body` is a form's text, or made JSON."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        return urlsplit(self.target).query

    @property
    def all_headers(self) -> dict[str, str]:
        kind = FORM if isinstance(self.body, str) else "application/json"
        return {**({} if self.body is None else {"Content-Type": kind}), **self.headers}

    @property
    def text(self) -> str:
        if isinstance(self.body, str):
            return self.body
        return "" if self.body is None else json.dumps(self.body)


def rest_api_event(request: Request) -> Event:
    """Version 1, of a REST API. Zappa declares `*/*` binary there: bodies come in base64."""
    return rest_api(recorded("rest_api"), request)


def rest_api(event: Event, request: Request) -> Event:
    """A recorded event, changed into that of this request."""
    parameters = parse_qs(request.query, keep_blank_values=True)
    event |= {
        "path": request.path,
        "httpMethod": request.method,
        "queryStringParameters": {name: many[-1] for name, many in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
        "pathParameters": {"proxy": request.path.strip("/")},
    }
    event["headers"] |= request.all_headers
    event["multiValueHeaders"] |= {name: [value] for name, value in request.all_headers.items()}
    context = event["requestContext"]
    context |= {"httpMethod": request.method, "path": f"/{context['stage']}{request.path}"}
    if request.body is not None:
        body = base64.b64encode(request.text.encode()).decode()
        event |= {"body": body, "isBase64Encoded": True}
    return event


def http_api_event(request: Request) -> Event:
    """Version 2, of an HTTP API: header names in lower case, the stage in the path."""
    event = recorded("http_api")
    path = f"/dev{request.path}"
    event |= {"rawPath": path, "rawQueryString": request.query}
    event["headers"] |= {name.lower(): value for name, value in request.all_headers.items()}
    event["headers"]["content-length"] = str(len(request.text.encode()))
    event["requestContext"]["http"] |= {"method": request.method, "path": path}
    if request.query:
        many = parse_qs(request.query)
        event["queryStringParameters"] = {name: ",".join(each) for name, each in many.items()}
    if request.body is not None:
        event["body"] = request.text
    return event


EVENTS: dict[str, Callable[[Request], Event]] = {
    "REST API": rest_api_event,
    "HTTP API": http_api_event,
}


@dataclass(frozen=True)
class Answer:
    """What the client gets of Lambda's answer; `encoded` says that Lambda sent base64."""

    status: int
    headers: dict[str, str]
    body: bytes
    encoded: bool
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        compressed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if compressed else self.body).decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def answer_of(answer: Event) -> Answer:
    """As API Gateway sends it on, in either format."""
    text, encoded = answer.get("body") or "", answer.get("isBase64Encoded", False)
    many = answer.get("multiValueHeaders", {})
    return Answer(
        answer["statusCode"],
        answer["headers"],
        base64.b64decode(text) if encoded else text.encode(),
        encoded,
        tuple(answer.get("cookies") or many.get("Set-Cookie") or many.get("set-cookie") or ()),
    )


class Gateway:
    """API Gateway in front of a Lambda handler: a request in, an answer out."""

    def __init__(
        self, handler: Callable[[Event, Any], Any], make_event: Callable[[Request], Event]
    ):
        self.handler, self.make_event = handler, make_event

    def send(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        event = self.make_event(Request(method, target, headers or {}, body))
        return answer_of(self.handler(event, None))
