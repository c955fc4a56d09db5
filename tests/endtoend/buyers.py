"""Customers at the other end of HTTP."""

import http.client
import json
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any, TypeVar

from shop.localaws.server import HOST

TIMEOUT = 60.0  # seconds for one answer
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What came back; `seconds` from the first byte sent to the last one received."""

    status: int
    body: Any
    seconds: float


class Buyer:
    """A guest, known by the email of his order. Each request has its own connection."""

    def __init__(self, port: int, name: str, *, payment_method: str = "test-ok"):
        self.port, self.email = port, f"{name}@example.com"
        self.payment_method = payment_method
        self.token = ""

    def fill_cart(self, sku: str, quantity: int = 1) -> None:
        self.token = self.post("cart/", {}).body["token"]
        answer = self.post("cart/lines/", {"sku": sku, "quantity": quantity})
        assert answer.status == 200, answer

    def check_out(self, *, key: str | None = None, **changes: Any) -> Answer:
        """Order what is in the cart, with a new Idempotency-Key unless told."""
        address = {
            "name": "Ada Byron",
            "line1": "1 Analytical Way",
            "postal_code": "10115",
            "city": "Berlin",
            "country": "DE",
        }
        order = {
            "email": self.email,
            "shipping_address": address,
            "payment_method": self.payment_method,
        }
        return self.post(
            "checkout/", order | changes, {"Idempotency-Key": key or str(uuid.uuid4())}
        )

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.token:
            sent["Cart-Token"] = self.token
        connection = http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)
        started = time.perf_counter()
        try:
            connection.request("POST", f"/api/v1/{path}", json.dumps(body), sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        return Answer(response.status, json.loads(content), time.perf_counter() - started)


def at_once(runs: Iterable[Callable[[], T]]) -> list[T]:
    """The results of all, started at the same moment."""
    runs = list(runs)
    start = Barrier(len(runs))

    def run(function: Callable[[], T]) -> T:
        start.wait()
        return function()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(run, runs))


def fill_carts(buyers: Iterable[Buyer], sku: str) -> None:
    """One of the article into each cart, a few carts at a time."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda buyer: buyer.fill_cart(sku), buyers))
