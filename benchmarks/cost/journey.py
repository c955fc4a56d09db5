"""`python -m benchmarks.cost.journey <times>`: a purchase and an edit through Lambda's handler.

Its environment says where the AWS is. Prints one JSON object: of each step its CPU, calls,
units and bytes; and the bytes that one order leaves in the tables.
"""

import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.cost.browser import fields_of, form_event
from benchmarks.cost.meter import Consumed, metered
from benchmarks.cost.sizes import stored_size
from benchmarks.sides.common import ORDER
from tests.aws_lambda.gateway import Event, Request, recorded, rest_api_event

SKUS = ("HARB-MUG-RUST", "HARB-MUG-FOAMWH")
PAGE = "/api/v1/products/harbour-mug/"
SHELF = "/api/v1/products/?category=mugs-and-cups"
LEFT_BEHIND = (
    "orders_order",
    "payments_payment",
    "payments_testcharge",
    "catalog_stockmovement",
    "mails_mail",
)  # for good; the rest expires


@dataclass(frozen=True)
class Taken:
    """One step, once. `cpu` in milliseconds; the answer's body and the log's lines in bytes."""

    cpu: float
    calls: dict[str, int]
    units: Consumed
    sent: int
    logged: int


class Journey:
    """The steps in their order; `taken` has each as often as it was gone through."""

    def __init__(self, handler: Callable[[Event, Any], Any], prefix: str):
        self.handler, self.prefix = handler, prefix
        self.taken: dict[str, list[Taken]] = {}

    def step(self, name: str, event: Event, *expected: int) -> Any:
        """Hand the event to the handler, measured; its answer, whose status is expected."""
        logged = log_size()
        with metered(self.prefix) as meter:
            started = time.process_time()
            answer = self.handler(event, None)
            cpu = 1000 * (time.process_time() - started)
        assert not expected or answer["statusCode"] in expected, answer
        sent, logged = len(answer.get("body") or ""), log_size() - logged
        taken = Taken(cpu, dict(meter.calls), meter.consumed(), sent, logged)
        self.taken.setdefault(name, []).append(taken)
        return answer

    def request(self, name: str, method: str, target: str, **sent: Any) -> Any:
        """A request of the API; the JSON that came back."""
        event = rest_api_event(Request(method, target, sent.get("headers", {}), sent.get("body")))
        return json.loads(self.step(name, event, 200, 201, 202)["body"])

    # What people do ----------------------------------------------------------------------

    def browse(self) -> None:
        self.request("list products", "GET", "/api/v1/products/")
        self.request("list a category", "GET", SHELF)
        self.request("categories", "GET", "/api/v1/categories/")
        self.request("product page", "GET", PAGE)

    def buy(self) -> None:
        token = self.request("open a cart", "POST", "/api/v1/cart/")["token"]
        cart = {"Cart-Token": token}
        for name, sku in zip(("add a line", "add another line"), SKUS, strict=True):
            line = {"sku": sku, "quantity": 1}
            self.request(name, "POST", "/api/v1/cart/lines/", headers=cart, body=line)
        self.request("show the cart", "GET", "/api/v1/cart/", headers=cart)
        headers = {**cart, "Idempotency-Key": str(uuid.uuid4())}
        receipt = self.request("checkout", "POST", "/api/v1/checkout/", headers=headers, body=ORDER)
        number = receipt["number"]
        self.consume("process the order", number)
        self.consume("mail the order", number)
        secret = {"Order-Secret": receipt["secret"]}
        order = self.request("order status", "GET", f"/api/v1/orders/{number}/", headers=secret)
        assert order["status"] == "confirmed", order

    def consume(self, name: str, number: str) -> None:
        """What the queue would deliver: a batch of this one message."""
        from outbox.models import OutboxMessage
        from outbox.services import body_for

        (message,) = OutboxMessage.objects.all()
        assert message.body == {"order": number}
        (pattern,) = recorded("sqs")["Records"]
        record = pattern | {
            "body": json.dumps(body_for(message, message.open)),
            "eventSourceARN": os.environ["COST_QUEUE_ARN"],
        }
        answer = self.step(name, {"Records": [record]})
        assert answer == {"batchItemFailures": []}, answer

    def sweep(self) -> None:
        event = recorded("schedule")
        event["resources"][0] += "shop-production-shop.events.sweep_outbox"
        assert self.step("sweep the outbox", event) == {"sent": 0}

    def edit(self, session: str) -> None:
        """A manager opens a product of three variants, and saves it with another name."""
        from catalog.models import Product

        product = Product.objects.get(slug="harbour-mug")
        path = f"/admin/catalog/product/{product.pk}/change/"
        cookies = {"Cookie": f"sessionid={session}"}
        page = self.step(
            "open a product's form", rest_api_event(Request("GET", path, cookies)), 200
        )
        fields = dict(fields_of(page["body"]))
        fields["name"] = "Harbour Mug" if product.name.endswith(".") else "Harbour Mug."
        host = f"https://{rest_api_event(Request('GET', path))['headers']['Host']}"
        token = page["headers"]["Set-Cookie"].partition("csrftoken=")[2].partition(";")[0]
        headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "Referer": host}
        event = form_event(path, list(fields.items()), headers)
        self.step("save a product", event, 302)


def log_size() -> int:
    """Bytes of the log so far: stderr, which is a file."""
    return os.fstat(2).st_size


@contextmanager
def answers_apart() -> Iterator[Any]:
    """Where the result goes; whatever else prints, prints to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with answers:
        yield answers


def main(times: int) -> None:
    with answers_apart() as answers:
        started = time.process_time()
        from zappa.handler import lambda_handler

        start = 1000 * (time.process_time() - started)
        lambda_handler(rest_api_event(Request("GET", "/api/v1/health/")), None)
        json.dump(
            {"start_cpu": round(start, 1), **go(Journey(lambda_handler, prefix()), times)}, answers
        )


def go(journey: Journey, times: int) -> dict[str, Any]:
    """The journey so many times, the first apart: it fills caches."""
    prepare()
    session = signed_in()
    for number in range(times + 1):
        if number == 1:
            journey.taken.clear()
            before = stored_bytes()
        journey.browse()
        journey.buy()
        journey.sweep()
        journey.edit(session)
    left = (stored_bytes() - before) / times
    steps = {name: summary(name, taken) for name, taken in journey.taken.items()}
    return {"bytes_of_an_order": round(left), "steps": steps}


def summary(name: str, taken: list[Taken]) -> dict[str, Any]:
    """One step: its CPU, and calls and units, which never differ.

    The lower quartile of the CPU: whatever else the machine does makes it more, never less.
    """
    first = taken[0]
    for each in taken:
        assert (each.calls, each.units) == (first.calls, first.units), (name, first, each)
    return {
        "cpu_ms": round(sorted(each.cpu for each in taken)[len(taken) // 4], 2),
        "answer_bytes": round(median(each.sent for each in taken)),
        "log_bytes": round(median(each.logged for each in taken)),
        "calls": first.calls,
        "units": first.units,
    }


def prefix() -> str:
    return os.environ["SHOP_TABLE_PREFIX"]


def prepare() -> None:
    """Tables, queues, the sample catalogue; and no end of mugs."""
    from django.core.management import call_command

    from catalog.models import Stock

    call_command("migrate", interactive=False, verbosity=0)
    call_command("provision")
    call_command("load_sample")
    Stock.objects.filter(pk__in=SKUS).update(available=10_000)


def signed_in() -> str:
    """The session of a manager who may do everything."""
    from django.contrib.auth.models import User
    from django.test import Client

    browser = Client()
    browser.force_login(User.objects.create_superuser("manager", "manager@example.com", "x" * 20))
    return str(browser.cookies["sessionid"].value)


def stored_bytes() -> int:
    """What orders have left in tables and indexes."""
    from django.db import connection

    connection.ensure_connection()
    client: Any = connection.dynamodb  # type: ignore[attr-defined]
    total = 0
    for model in LEFT_BEHIND:
        name = {"TableName": f"{prefix()}{model}"}
        table = client.call("DescribeTable", name)["Table"]
        keys = [key["AttributeName"] for key in table["KeySchema"]]
        indexes = table.get("GlobalSecondaryIndexes", [])
        items = client.call("Scan", name)["Items"]
        total += sum(stored_size(item, keys, indexes) for item in items)
    return total


if __name__ == "__main__":
    main(int(sys.argv[1]))
