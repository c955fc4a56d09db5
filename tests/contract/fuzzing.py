"""What Schemathesis cannot know of valid requests: which things there are in this shop.

A schema says how a SKU looks, not that there is such an article; how a country looks, not
which there are. Without this, no generated request would ever buy anything. Requests that
are meant to be wrong are left as they are.

Schemathesis imports it as its hooks (schemathesis.toml).
"""

import random
import re
import uuid
from typing import Any

import requests
import schemathesis

from tests.contract.prepare import ARTICLES, CATEGORY, PRODUCT

CHECKOUT = "/api/v1/checkout/"
CUSTOMER = "/api/v1/customer/"
LINES = "/api/v1/cart/lines/"
LINE = "/api/v1/cart/lines/{sku}/"
KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")
dice = random.Random(1)  # the same in every run, as Schemathesis's own seed
TIMEOUT = 10  # seconds
ADDRESS = {
    "name": "Ada Byron",
    "line1": "1 Analytical Way",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}
CREDENTIALS = ("Authorization", "Cart-Token")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Put real things into a valid request, and into the cart that it is about."""
    renew_key(case.headers)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.headers and "Authorization" in (kwargs.get("headers") or {}):
        case.headers.pop("Cart-Token", None)  # it would win over the customer's own cart
    sku = dice.choice(list(ARTICLES))
    leave_out_what_depends(case.query or {})
    name_things(case, {"slug": PRODUCT, "category": CATEGORY, "sku": sku})
    if case.operation.path == CHECKOUT and isinstance(case.body, dict):
        address_order(case.body)
    if case.operation.path.startswith(CUSTOMER) and isinstance(case.body, dict):
        describe_customer(case.body)
    if case.operation.path in (CHECKOUT, LINES):
        prepare_cart(case, kwargs, sku)
    elif case.operation.path == LINE and case.meta.phase.name != "stateful":
        # Where requests follow each other, they see to it themselves.
        prepare_cart(case, kwargs, case.path_parameters["sku"])


def renew_key(headers: Any) -> None:
    """A key belongs to one request; Schemathesis sends one key with all."""
    if headers and KEY.fullmatch(headers.get("Idempotency-Key", "")):
        headers["Idempotency-Key"] = str(uuid.UUID(int=dice.getrandbits(128)))


def leave_out_what_depends(query: Any) -> None:
    """A cursor is only ever what a `next` link said; a period begins before it ends."""
    query.pop("cursor", None)
    if "placed_after" in query:
        query.pop("placed_before", None)


def name_things(case: Any, things: dict[str, str]) -> None:
    """Mostly what there is, sometimes what the generator made up."""
    for values in (case.path_parameters, case.query):
        for name in sorted(set(values or ()) & set(things)):
            if dice.random() < 0.8:
                values[name] = things[name]
    if isinstance(case.body, dict) and "sku" in case.body:
        case.body["sku"] = things["sku"]


def address_order(body: dict[str, Any]) -> None:
    """To where one can send, by a method that there is, in the shop's currency."""
    body["email"] = "ada@example.com"
    body["payment_method"] = "test-ok"
    body["shipping_address"] = dict(ADDRESS)
    if isinstance(body.get("expected_total"), dict):
        body["expected_total"]["currency"] = "EUR"


def describe_customer(body: dict[str, Any]) -> None:
    """With a language and an address that there are, none of a book that is empty, and a consent to
    a text that has a name."""
    known = {
        "address": dict(ADDRESS),
        "language": "de",
        "default_shipping_address": "",
        "default_billing_address": "",
        "birth_date": "1990-12-10",
        "version": "2026-11",
    }
    if body.get("given"):
        body["version"] = known["version"]
    body.update({name: value for name, value in known.items() if name in body})


def prepare_cart(case: Any, kwargs: dict[str, Any], sku: str) -> None:
    """One of the article, and nothing else; nothing at all before something is added."""
    sent = {**(case.headers or {}), **(kwargs.get("headers") or {})}
    headers = {name: sent[name] for name in CREDENTIALS if name in sent}
    lines = str(case.operation.base_url).rstrip("/") + LINES
    requests.delete(lines, headers=headers, timeout=TIMEOUT)
    if case.operation.path != LINES:
        line: dict[str, Any] = {"sku": sku, "quantity": 1}
        requests.post(lines, json=line, headers=headers, timeout=TIMEOUT)
