"""One JSON object a line, once, without personal data."""

import json
import logging
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.mail.backends.locmem import EmailBackend
from rest_framework.test import APIClient

from catalog.models import Variant
from infrastructure.targets import ROOT
from orders.events import OrderConfirmed
from outbox.services import body_for
from shop.events import consume_orders
from telemetry.context import log_fields
from telemetry.logs import JSONFormatter, LineFormatter, without_addresses
from tests.cart.shoppers import Shopper
from tests.conftest import PASSWORD, Customer
from tests.orders.shopping import ADDRESS, CHECKOUT, check_out, make_order
from tests.outbox.deliveries import stored
from tests.outbox.queues import TestQueue
from tests.telemetry.calls import LambdaCall
from tests.telemetry.conftest import Log, batch

logger = logging.getLogger("shop.anything")


def test_a_line() -> None:
    record = logging.LogRecord("shop.x", logging.WARNING, "x.py", 1, "%s left", (3,), None)
    record.created = 1_773_101_039.25
    record.fields = {"sku": "MUG-RED"}

    with log_fields(request_id="r-1"), log_fields(order="HJJ3"):
        line = JSONFormatter().format(record)

    assert line == (
        '{"time":"2026-03-10T00:03:59.250000Z","level":"WARNING","logger":"shop.x",'
        '"message":"3 left","request_id":"r-1","order":"HJJ3","sku":"MUG-RED"}'
    )
    assert "request_id" not in JSONFormatter().format(record)


@pytest.mark.parametrize("value", ["\ud800", 2**70, {1: 2}])
def test_what_orjson_does_not_take(value: Any) -> None:
    record = logging.LogRecord("shop.x", logging.INFO, "x.py", 1, "told", (), None)
    record.fields = {"value": value}

    line = json.loads(JSONFormatter().format(record))

    assert line["value"] == ({"1": 2} if value == {1: 2} else value)


def test_a_text_made_to_take_long() -> None:
    """Linear it takes milliseconds; an expression that tries each place anew, half a minute of
    CPU, and the system ends it after five seconds."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (5, 5))\n"
        "from telemetry.logs import without_addresses\n"
        "text = 'x@' * 20_000\n"
        "assert without_addresses(text) == text\n"
        "assert without_addresses(text + ' ada@example.com') == text + ' [address]'\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_line_for_people() -> None:
    record = logging.LogRecord("shop.x", logging.WARNING, "x.py", 1, "%s left", (3,), None)
    lines = LineFormatter("%(levelname)s %(message)s")

    with log_fields(request_id="r-1"), log_fields(order="HJJ3"):
        assert lines.format(record) == "WARNING 3 left [r-1 HJJ3]"
    assert lines.format(record) == "WARNING 3 left"


def test_an_exception_is_one_field(log: Log) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        logger.exception("it broke")

    (line,) = log.lines
    assert line["message"] == "it broke"
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("ValueError: first\nsecond")


@pytest.mark.django_db(transaction=True)
def test_an_error_of_ours_has_the_request_s_id(
    guest: APIClient, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.selectors.get_product_page", None)
    guest.raise_request_exception = False

    answer = guest.get("/api/v1/products/red-mug/")

    error, done = log.lines
    assert (answer.status_code, error["logger"], done["status"]) == (500, "django.request", 500)
    assert answer["X-Request-Id"] == error["request_id"] == done["request_id"]
    assert "TypeError: 'NoneType' object is not callable" in error["exception"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("refused: ada@example.com, bob.o'neil+x@mail.example.org.", "refused: [address], "),
        ("<ada@example.com>", "<[address]>"),
        ("'email': 'ada@example.com'", "'email': '[address]'"),
        ("3 @ 12.00", "3 @ 12.00"),
        ("@property", "@property"),
    ],
)
def test_addresses_are_taken_out(text: str, left: str) -> None:
    assert without_addresses(text).startswith(left)
    assert "example" not in without_addresses(text)


@pytest.mark.django_db(transaction=True)
def test_every_line_of_an_order_has_its_number(
    mug: Variant, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever logs, and the lines outside have it not."""

    def refuse(self: EmailBackend, messages: Any) -> int:
        refusal = {"Code": "MessageRejected", "Message": "not verified: ada@example.com"}
        raise ClientError({"Error": refusal}, "SendRawEmail")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    order = make_order(state="confirmed")
    message = stored(OrderConfirmed(order.pk), pk=1)

    body = json.dumps(body_for(message, "orders.mails"))
    consume_orders(batch(body), LambdaCall("l-1"))

    failed, done = log.lines
    assert (failed["logger"], failed["message"]) == (
        "outbox.records",
        "Record m-1 was not processed",
    )
    assert failed["order"] == order.pk
    assert {line["request_id"] for line in log.lines} == {"l-1"}
    assert "order" not in done
    assert failed["exception"].endswith("SendRawEmail operation: not verified: [address]")


@pytest.mark.django_db(transaction=True)
def test_nothing_personal_is_logged(
    buyer: Shopper, customer: Customer, order_queue: TestQueue, log: Log
) -> None:
    signed_in = customer.post(
        "/api/v1/auth/token/", {"username": "customer", "password": PASSWORD}
    ).json()
    receipt = check_out(buyer).json()
    consume_orders(batch(*order_queue.receive()), None)
    buyer.get(f"/api/v1/orders/{receipt['number']}/", headers={"Order-Secret": receipt["secret"]})
    buyer.get("/api/v1/products/?q=ada@example.com")
    buyer.post("/api/v1/cart/lines/", {"sku": "ada@example.com", "quantity": "x"})

    text = log.stream.getvalue()

    assert len(log.works) == 6
    private = [
        *(buyer.token, receipt["secret"], PASSWORD, signed_in["access"], signed_in["refresh"]),
        *(CHECKOUT["email"], ADDRESS["name"], ADDRESS["line1"], "127.0.0.1"),
    ]
    assert [value for value in private if value in text] == []


ON_LAMBDA = """
import logging, sys
runtime = logging.StreamHandler(sys.stdout)
runtime.setFormatter(logging.Formatter("[RUNTIME] %(message)s"))
logging.getLogger().addHandler(runtime)
from tests.aws_lambda.gateway import Request, rest_api_event
from tests.aws_lambda.stages import load_stage, packaged_settings
sys.modules["zappa_settings"] = packaged_settings(load_stage("dev"))
from tests.telemetry.calls import LambdaCall
from zappa.handler import lambda_handler
for path in ("/api/v1/", "/api/v1/none/"):
    context = LambdaCall("l-1")
    lambda_handler(rest_api_event(Request("GET", path)), context)
"""


def test_on_lambda_each_line_comes_once() -> None:
    """Lambda's runtime has a handler of its own, and Zappa and Django configure logging too."""
    environ = os.environ | {
        "AWS_LAMBDA_FUNCTION_NAME": "shop-dev",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_ALLOWED_HOSTS": ".amazonaws.com",
    }
    done = subprocess.run(
        [sys.executable, "-c", ON_LAMBDA],
        cwd=ROOT,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["logger"], line.get("status")) for line in lines] == [
        ("telemetry.work", 200),
        ("telemetry.work", 404),
    ]
    assert [line["cold_start"] for line in lines] == [True, False]
    assert {line["Stage"] for line in lines} == {"dev"}
    assert not re.search("RUNTIME|203.0.113.7|curl", done.stdout + done.stderr)
