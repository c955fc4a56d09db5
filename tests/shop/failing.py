"""A shop whose DynamoDB fails as told, asked over HTTP, for tests."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from catalog.models import Variant
from dynamodb.client import retries
from shop.api import failures, unit_of_work
from tests.cart.articles import stock_article
from tests.dynamodb.faults import Proxy, fault_proxy
from tests.local_aws import ENDPOINT

KEY = "0123456789abcdef"
LINES = "/api/v1/cart/lines/"
ALWAYS = 100  # faults: more than anybody asks


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long pauses between attempts."""
    monkeypatch.setattr(retries, "BASE_DELAY", 0.001)
    monkeypatch.setattr("dynamodb.conflicts.BASE_DELAY", 0.001)


@pytest.fixture
def one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is all a request has, a quarter of it to find out what became of it."""
    for module in (failures, unit_of_work):
        monkeypatch.setattr(module, "REQUEST", 1.0)
    monkeypatch.setattr(unit_of_work, "LOOK_UP", 0.25)


@pytest.fixture
def proxy(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Between the shop that runs and its DynamoDB; a test's own thread asks DynamoDB itself."""
    connection.ensure_connection()  # or it would ask the proxy, also in tests after this one
    with fault_proxy(os.environ[ENDPOINT]) as made:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", made.url)
        yield made


@pytest.fixture
def mug() -> Variant:
    return stock_article("MUG-RED")


class Answer:
    """What a request was answered, whatever its status."""

    def __init__(self, answer: Any):
        self.status, self.headers = answer.status, answer.headers
        self.body = answer.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@pytest.fixture
def send(live_server: Any) -> Callable[..., Answer]:
    """A request to the running shop."""

    def send(method: str, path: str, body: Any = None, **headers: str) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(  # noqa: S310  our own server
            live_server.url + path,
            data,
            {"Content-Type": "application/json", **names},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  our own server
                return Answer(answer)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error)

    return send


@pytest.fixture
def cart(send: Callable[..., Answer], mug: Variant) -> dict[str, str]:
    """A guest's cart with two mugs; the header that opens it."""
    token = send("POST", "/api/v1/cart/").json["token"]
    assert send("POST", LINES, {"sku": mug.sku, "quantity": 2}, Cart_Token=token).status == 200
    return {"Cart_Token": token}
