"""A purchase through Lambda: requests, queue and mail, as the deployed shop would see them."""

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings

from catalog.models import Product
from orders.models import Order
from outbox.models import OutboxMessage
from shop.management.commands.worker import Queue
from tests.aws_lambda.conftest import Handler
from tests.aws_lambda.edge import ADDRESS as SHOP
from tests.aws_lambda.edge import Edge, Function
from tests.aws_lambda.gateway import EVENTS, Answer, Gateway
from tests.cart.articles import stock_of
from tests.catalog.conftest import kitchen, make_product, mugs
from tests.orders.shopping import ADDRESS

__all__ = ["kitchen", "make_product", "mugs"]

pytestmark = pytest.mark.django_db(transaction=True)
DEADLINE = 10.0  # seconds
KEY = "5f0c7d56-4f5e-4b57-9a53-0d3c41a86f5e"


@pytest.fixture(params=[*EVENTS, "CloudFront"])
def gateway(
    request: pytest.FixtureRequest, handler: Handler, viewer_function: Function | None
) -> Gateway | Edge:
    if request.param in EVENTS:
        return Gateway(handler, EVENTS[request.param])
    return Edge(handler, viewer_function)


@pytest.fixture
def red_mug(make_product: Callable[..., Product]) -> Product:
    return make_product("Red Mug", {"MUG-RED": "12.00"}, stock=10)


def check_out(gateway: Gateway | Edge, cart: dict[str, str], email: str) -> Answer:
    return gateway.send(
        "POST",
        "/api/v1/checkout/",
        {"email": email, "shipping_address": ADDRESS, "payment_method": "test-ok"},
        {**cart, "Idempotency-Key": KEY},
    )


def fill_cart(gateway: Gateway | Edge, sku: str, quantity: int) -> dict[str, str]:
    """A new cart with so many of an article; the header that opens it."""
    cart = {"Cart-Token": gateway.send("POST", "/api/v1/cart/").headers["Cart-Token"]}
    line = {"sku": sku, "quantity": quantity}
    assert gateway.send("POST", "/api/v1/cart/lines/", line, cart).status == 200
    return cart


def queued_event(queue: Queue, number: str) -> dict[str, Any]:
    """What SQS would hand to Lambda for this order; waits until the queue has it."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        records = [each for each in queue.receive() if json.loads(each["body"])["order"] == number]
        if records:
            return {"Records": records}
    raise AssertionError(f"order {number} never came to the queue")


def mails_to(address: str) -> list[dict[str, Any]]:
    """What the local AWS's SES has sent there."""
    url = f"{django_settings.AWS_SES_REGION_ENDPOINT_URL}/_ministack/ses/messages"
    with urllib.request.urlopen(url, timeout=DEADLINE) as answer:  # noqa: S310 - our own AWS
        accounts = json.load(answer)["messages"]
    return [mail for mails in accounts.values() for mail in mails if mail["To"] == [address]]


def test_a_product_is_bought(
    gateway: Gateway | Edge, handler: Handler, red_mug: Product, order_queue: Queue
) -> None:
    listed = gateway.send("GET", "/api/v1/products/?category=mugs&page_size=5")
    assert (listed.status, [card["slug"] for card in listed.json["results"]]) == (200, ["red-mug"])
    page = gateway.send("GET", "/api/v1/products/red-mug/")
    (variant,) = page.json["variants"]
    assert (variant["sku"], variant["available"]) == ("MUG-RED", 10)

    cart = fill_cart(gateway, "MUG-RED", 2)
    email = f"{red_mug.pk}@example.com"
    receipt = check_out(gateway, cart, email)
    assert (receipt.status, receipt.json["status"]) == (202, "open")
    assert receipt.json["total"] == {"amount": "28.90", "currency": "EUR"}
    number = receipt.json["number"]
    # Whatever the event says of host and stage, the address is the one that customers use.
    url = f"{SHOP}/api/v1/orders/{number}/"
    assert (receipt.headers["Location"], receipt.json["url"]) == (url, url)

    event = queued_event(order_queue, number)
    assert handler(event, None) == {"batchItemFailures": []}
    mailing = queued_event(order_queue, number)
    assert handler(mailing, None) == {"batchItemFailures": []}

    secret = {"Order-Secret": receipt.json["secret"]}
    order = gateway.send("GET", f"/api/v1/orders/{number}/", headers=secret)
    assert (order.status, order.json["status"]) == (200, "confirmed")
    assert stock_of("MUG-RED") == (8, 2)
    (mail,) = mails_to(email)
    assert mail["Subject"] == f"Your order {number} is confirmed"
    assert "2 x Red Mug" in mail["BodyText"]
    assert OutboxMessage.objects.count() == 0

    # SQS delivers at least once: nothing happens twice.
    assert handler(event, None) == {"batchItemFailures": []}
    assert handler(mailing, None) == {"batchItemFailures": []}
    assert (len(mails_to(email)), stock_of("MUG-RED")) == (1, (8, 2))


def test_a_repeated_checkout_is_one_order(gateway: Gateway | Edge, red_mug: Product) -> None:
    cart = fill_cart(gateway, "MUG-RED", 1)

    first = check_out(gateway, cart, "twice@example.com")
    second = check_out(gateway, cart, "twice@example.com")

    assert (first.status, second.status) == (202, 202)
    assert first.json == second.json
    assert Order.objects.filter(pk=first.json["number"]).count() == 1
    other = check_out(gateway, cart, "another@example.com")
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


def test_a_problem_is_text(gateway: Gateway | Edge) -> None:
    """Zappa takes only the types it is told of for text; others would go out in base64."""
    answer = gateway.send("GET", "/api/v1/products/none/")
    assert (answer.status, answer.json["code"], answer.encoded) == (404, "product_not_found", False)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_unicode_in_body_and_query(gateway: Gateway | Edge, red_mug: Product) -> None:
    cart = fill_cart(gateway, "MUG-RED", 1)
    address = {**ADDRESS, "name": "Zoë Łukasz 山田"}
    answer = gateway.send(
        "POST",
        "/api/v1/checkout/",
        {"email": "zoe@example.com", "shipping_address": address, "payment_method": "test-ok"},
        {**cart, "Idempotency-Key": KEY},
    )
    assert answer.status == 202
    assert Order.objects.get(pk=answer.json["number"]).shipping_address["name"] == address["name"]
    unknown = gateway.send("GET", "/api/v1/products/?category=caf%C3%A9")
    assert (unknown.status, list(unknown.json["errors"])) == (400, ["category"])
