"""One piece bought as a customer would, over the public API."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infrastructure.errors import DeploymentError

DEADLINE = 120.0  # seconds until an order is settled
PAUSE = 0.5
API = "/api/v1/"
ORDER = {
    # SES takes mail for it, and nobody's reputation suffers.
    "email": "success@simulator.amazonses.com",
    "shipping_address": {
        "name": "Smoke Test",
        "line1": "Nowhere 1",
        "postal_code": "10115",
        "city": "Berlin",
        "country": "DE",
    },
}


@dataclass(frozen=True)
class Purchase:
    """Times as the customer saw them: milliseconds of the answers, seconds to the end."""

    number: str
    cart: float
    line: float
    checkout: float
    confirmed: float

    def __str__(self) -> str:
        return (
            f"{self.number} is confirmed {self.confirmed:.1f} s after its checkout. Answers took: "
            f"cart {self.cart:.0f} ms, line {self.line:.0f} ms, checkout {self.checkout:.0f} ms"
        )


def buy(base: str, sku: str, method: str, headers: Mapping[str, str]) -> Purchase:
    """Buy one piece of `sku` at `base` (no slash at its end), and wait until it is confirmed.

    Raises DeploymentError if the shop refuses, cancels or holds the order, or takes too long.
    """
    shop = Shop(base, headers, public=base)
    opened, cart = shop.send("POST", "cart/")
    token = {"Cart-Token": opened["token"]}
    _, line = shop.send("POST", "cart/lines/", {"sku": sku, "quantity": 1}, token)
    order = ORDER | {"payment_method": method}
    receipt, checkout = shop.send(
        "POST", "checkout/", order, token | {"Idempotency-Key": str(uuid.uuid4())}
    )
    confirmed = await_confirmation(shop, receipt)
    return Purchase(receipt["number"], cart, line, checkout, confirmed)


def await_confirmation(shop: "Shop", receipt: Mapping[str, str]) -> float:
    """Seconds that it took. The order is looked for where its receipt says."""
    started = time.monotonic()
    while True:
        order, _ = shop.follow(receipt["url"], {"Order-Secret": receipt["secret"]})
        took = time.monotonic() - started
        if order["status"] == "confirmed":
            return took
        if order["status"] in {"cancelled", "expired", "held"} or took > DEADLINE:
            raise DeploymentError(
                f"Order {receipt['number']} is {order['status']} after {took:.0f} s: "
                f"{order['reason'] or 'is the consumer on? See the log group of the function.'}"
            )
        time.sleep(PAUSE)


class Shop:
    """A shop's API at `base`, asked with `headers` besides each request's own.

    `public` is the address that the shop knows itself by. Its links must begin with it: whoever
    follows one shows tokens and secrets to whom it names. Neither has a slash at its end.
    """

    def __init__(self, base: str, headers: Mapping[str, str], *, public: str):
        self.base, self.headers, self.public = base, headers, public

    def follow(self, link: str, headers: Mapping[str, str] | None = None) -> tuple[Any, float]:
        """What a link of the shop's leads to. Raises DeploymentError if it leads elsewhere."""
        here = f"{self.public}{API}"
        if not link.startswith(here):
            raise DeploymentError(
                f"The shop links to {link}, which is not below {here}: is SHOP_PUBLIC_URL right?"
            )
        return self.send("GET", link.removeprefix(here), None, headers)

    def send(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, float]:
        """The answer's JSON, and milliseconds. Raises DeploymentError for a refusal."""
        # Only ever the address of a stage's own API.
        request = urllib.request.Request(  # noqa: S310
            self.base + API + path,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **self.headers, **(headers or {})},
            method=method,
        )
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.load(answer), 1000 * (time.perf_counter() - started)
        except urllib.error.HTTPError as error:
            with error:
                said = error.read().decode(errors="replace")
            raise DeploymentError(f"{method} {request.full_url}: {error.code}\n{said}") from error
        except (OSError, ValueError) as error:  # or not in JSON
            raise DeploymentError(f"{request.full_url} does not answer: {error}.") from error
