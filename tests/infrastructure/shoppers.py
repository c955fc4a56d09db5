"""A customer of what was deployed."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infrastructure.watching import DEADLINE
from tests.orders.shopping import ADDRESS

SKU = "MUG-RED"


class Shopper:
    """A customer at the emulated API Gateway."""

    def __init__(self, base: str, key: Mapping[str, str]):
        self.base, self.key = base, key

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, Any]:
        """The answer's JSON and headers. Raises HTTPError for a refusal."""
        request = urllib.request.Request(  # noqa: S310  our own AWS
            f"{self.base}/api/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **self.key, **headers},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:  # noqa: S310  the same
            text = answer.read().decode()
            return json.loads(text) if text else None, answer.headers

    def buy(self, email: str, key: str) -> dict[str, str]:
        """Two pieces, to the end of the checkout; number and secret."""
        _, opened = self.send("POST", "cart/")
        cart = {"Cart-Token": opened["Cart-Token"]}
        self.send("POST", "cart/lines/", {"sku": SKU, "quantity": 2}, **cart)
        order = {"email": email, "shipping_address": ADDRESS, "payment_method": "test-ok"}
        receipt, _ = self.send("POST", "checkout/", order, **cart, **{"Idempotency-Key": key})
        assert receipt["status"] == "open"
        return receipt

    def status(self, receipt: dict[str, str]) -> str:
        order, _ = self.send(
            "GET", f"orders/{receipt['number']}/", **{"Order-Secret": receipt["secret"]}
        )
        return order["status"]

    def refused(self, path: str, body: bytes) -> tuple[int, Any, str | None]:
        """Status, problem, and API Gateway's name of the error; None if the function answered."""
        request = urllib.request.Request(  # noqa: S310  our own AWS
            f"{self.base}/api/v1/{path}", body, {"Content-Type": "application/json", **self.key}
        )
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=DEADLINE)  # noqa: S310  the same
        with caught.value as answer:
            assert answer.headers["Content-Type"] == "application/problem+json"
            return answer.code, json.load(answer), answer.headers["x-amzn-ErrorType"]
