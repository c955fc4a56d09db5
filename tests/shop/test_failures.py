"""What is answered when DynamoDB does not: over HTTP, through a proxy that injects faults."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.db.models.signals import post_save

from cart.models import Cart
from catalog.models import Variant
from dynamodb import client
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.patience import deadline, time_left
from orders.models import Order
from outbox.models import OutboxMessage
from shop.api import failures, unit_of_work
from shop.models import IdempotencyKey
from tests.cart.articles import stock_article
from tests.conftest import PASSWORD, Customer, make_user
from tests.dynamodb.faults import Fault, Proxy, cancelled, cut_after, fault_proxy, refused
from tests.local_aws import ENDPOINT
from tests.orders.shopping import CHECKOUT
from tests.outbox.queues import TestQueue, order_queue

__all__ = ["order_queue"]

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "0123456789abcdef"
LINES = "/api/v1/cart/lines/"
ALWAYS = 100  # faults: more than anybody asks


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long pauses between attempts."""
    monkeypatch.setattr(client, "BASE_DELAY", 0.001)
    monkeypatch.setattr("dynamodb.conflicts.BASE_DELAY", 0.001)


@pytest.fixture
def one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is all a request has, a quarter of it to find out what became of it."""
    for module in (failures, unit_of_work):
        monkeypatch.setattr(module, "REQUEST", 1.0)
    monkeypatch.setattr(unit_of_work, "LOOK_UP", 0.25)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Between the shop and its DynamoDB."""
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


# Nobody answers ------------------------------------------------------------------------

EVERYWHERE = [
    ("GET", "/api/v1/health/", None),
    ("GET", "/api/v1/products/", None),
    ("GET", "/api/v1/products/mug/", None),
    ("GET", "/api/v1/categories/", None),
    ("GET", "/api/v1/cart/", None),
    ("POST", "/api/v1/cart/", None),
    ("POST", LINES, {"sku": "MUG-RED", "quantity": 1}),
    ("DELETE", LINES, None),
    ("PATCH", LINES + "MUG-RED/", {"quantity": 1}),
    ("DELETE", LINES + "MUG-RED/", None),
    ("POST", "/api/v1/checkout/", CHECKOUT),
    ("GET", "/api/v1/customer/", None),
    ("PATCH", "/api/v1/customer/", {"phone": "030 1"}),
    ("POST", "/api/v1/customer/addresses/", {"address": CHECKOUT["shipping_address"]}),
    ("POST", "/api/v1/customer/consents/", {"purpose": "sms", "given": False}),
    ("GET", "/api/v1/orders/", None),
    ("GET", "/api/v1/orders/AAAA-AAAA-AAAA/", None),
    ("POST", "/api/v1/auth/token/", {"username": "customer", "password": PASSWORD}),
    ("GET", "/admin/", None),
]


@pytest.mark.parametrize(("method", "path", "body"), EVERYWHERE)
def test_a_503_everywhere_when_dynamodb_hangs(
    method: str,
    path: str,
    body: Any,
    one_second: None,
    proxy: Proxy,
    send: Callable[..., Answer],
    customer: Customer,
) -> None:
    """GIVEN a DynamoDB that takes all and answers nothing THEN the deadline is the request's."""
    headers = {"Authorization": f"Bearer {customer.token}", "Idempotency_Key": KEY}
    if path.startswith("/admin/"):
        headers = {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz012345"}
    over, started = threading.Event(), time.monotonic()
    proxy.always = Fault(first=lambda: over.wait(10))
    try:
        answer = send(method, path, body, **headers)
    finally:
        over.set()

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert time.monotonic() - started < 8  # one second's deadline, and a busy machine
    if path.startswith("/api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["code"] == "unavailable"


def test_a_dynamodb_that_is_away(proxy: Proxy, send: Callable[..., Answer]) -> None:
    proxy.always = refused("ServiceUnavailable", 503)
    answer = send("GET", "/api/v1/categories/")
    assert (answer.status, answer.json["code"]) == (503, "unavailable")


# The commit's answer is lost ---------------------------------------------------------------


def test_with_a_key_the_stored_answer_tells(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str], order_queue: TestQueue
) -> None:
    """GIVEN a checkout that was committed WHEN no answer says so THEN the customer hears of it."""
    limits = Fault(True, 200, {}, None, lambda request, answer: answer)
    proxy.inject("TransactWriteItems", limits, *[cut_after()] * ALWAYS)
    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)

    order = Order.objects.get()
    assert (answer.status, answer.json["number"]) == (202, order.number)
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert len(proxy.requests) == 1 + client.ATTEMPTS


def test_with_a_key_that_tells_nothing(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str], order_queue: TestQueue
) -> None:
    """GIVEN a checkout of which DynamoDB has heard, perhaps WHEN no stored answer is there THEN
    it says so, and that the same key may be sent again: once it is there, it is one order."""
    limits = Fault(True, 200, {}, None, lambda request, answer: answer)
    proxy.inject("TransactWriteItems", limits, *[Fault()] * ALWAYS)
    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)

    assert (answer.status, answer.json["code"]) == (503, "outcome_unknown")
    assert answer.json["detail"] == (
        "It may have been done, or not: no answer came that tells. Send the same again with the "
        "same Idempotency-Key: it is done once."
    )
    proxy.faults = []
    again = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)
    assert (again.status, Order.objects.count()) == (202, 1)


def test_without_a_key_it_says_that_it_does_not_know(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str]
) -> None:
    proxy.inject("UpdateItem", *[cut_after()] * ALWAYS)
    answer = send("POST", LINES, {"sku": "MUG-RED", "quantity": 1}, **cart)

    assert (answer.status, answer.json["code"]) == (503, "outcome_unknown")
    assert answer.json["detail"] == (
        "It may have been done, or not: no answer came that tells. Look at what is there now "
        "(GET), and repeat only what is missing."
    )
    assert send("GET", "/api/v1/cart/", **cart).json["lines"][0]["quantity"] == 3


def test_what_was_surely_not_done_is_said_to_be_so(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str]
) -> None:
    proxy.inject("UpdateItem", *[refused("ThrottlingException")] * ALWAYS)
    answer = send("POST", LINES, {"sku": "MUG-RED", "quantity": 1}, **cart)

    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert answer.json["detail"] == failures.AWAY
    assert send("GET", "/api/v1/cart/", **cart).json["lines"][0]["quantity"] == 2


# Tried again, and how often ---------------------------------------------------------------


def test_a_conflict_for_ever(
    proxy: Proxy, send: Callable[..., Answer], cart: dict[str, str]
) -> None:
    """64 commits, when each of eight attempts was sent eight times."""
    limits = Fault(True, 200, {}, None, lambda request, answer: answer)
    conflict = cancelled("TransactionConflict", "None", "None", "None")
    proxy.inject("TransactWriteItems", limits, *[conflict] * ALWAYS)
    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **cart, Idempotency_Key=KEY)

    assert (answer.status, answer.json["code"], answer.headers["Retry-After"]) == (
        409,
        "conflict",
        "1",
    )
    assert len(proxy.requests) == 1 + 12
    assert Order.objects.count() == 0


def test_retries_do_not_multiply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dynamodb.conflicts.BASE_DELAY", 0)
    ran = []

    def inner() -> None:
        ran.append(1)
        raise ConflictError("always")

    with pytest.raises(ConflictError):
        retry_on_conflict(lambda: retry_on_conflict(lambda: retry_on_conflict(inner)), attempts=5)
    assert len(ran) == 5


def test_deadlines_nest() -> None:
    with deadline(60):
        with deadline(600):
            assert 59 < time_left(1000) <= 60
            assert time_left(5) == 5
        with deadline(0):
            assert time_left(1000) == 0
            with pytest.raises(OperationalError, match="the deadline has passed"):
                Cart.objects.filter(pk="x").first()
        assert Cart.objects.filter(pk="x").first() is None


# What follows a commit ----------------------------------------------------------------------


@pytest.fixture
def on_cart_saved() -> Iterator[Callable[[Callable[..., None]], None]]:
    """Has a function called whenever a cart is saved, in the request's transaction."""
    receivers: list[Any] = []

    def connect(receiver: Callable[..., None]) -> None:
        receivers.append(receiver)
        post_save.connect(receiver, sender=Cart, weak=False)

    yield connect
    for receiver in receivers:
        post_save.disconnect(receiver, sender=Cart)


@pytest.mark.parametrize("error", [IntegrityError, ConflictError, OperationalError, RuntimeError])
def test_what_was_committed_is_not_run_again(
    error: type[Exception],
    send: Callable[..., Answer],
    cart: dict[str, str],
    on_cart_saved: Callable[[Callable[..., None]], None],
) -> None:
    """GIVEN a hook after the commit WHEN it fails THEN the request is answered, and done once."""

    def fail() -> None:
        raise error("afterwards")

    on_cart_saved(lambda **_: transaction.on_commit(fail))
    answer = send("POST", LINES, {"sku": "MUG-RED", "quantity": 2}, **cart)

    assert (answer.status, answer.json["lines"][0]["quantity"]) == (200, 4)
    assert send("GET", "/api/v1/cart/", **cart).json["lines"][0]["quantity"] == 4


def test_insert_or_seen_before(
    send: Callable[..., Answer],
    cart: dict[str, str],
    on_cart_saved: Callable[[Callable[..., None]], None],
) -> None:
    """A row that is there is found where it is inserted, inside a request too."""
    seen: list[bool] = []
    IdempotencyKey.objects.create(key="known", status=200, expires_at=IdempotencyKey.expiry())

    def insert(**_: Any) -> None:
        for key in ("known", "new"):
            row = IdempotencyKey(key=key, status=200, expires_at=IdempotencyKey.expiry())
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
                seen.append(False)
            except IntegrityError:
                seen.append(True)

    on_cart_saved(insert)
    assert send("POST", LINES, {"sku": "MUG-RED", "quantity": 1}, **cart).status == 200
    assert (seen, IdempotencyKey.objects.filter(pk="new").exists()) == ([True, False], True)


# Stored answers -----------------------------------------------------------------------------


@pytest.fixture
def ordered(send: Callable[..., Answer], mug: Variant, order_queue: TestQueue) -> Any:
    """A customer's order: its answer, and the headers that it was sent with."""
    customer = Customer(make_user("ada"))
    headers = {"Authorization": f"Bearer {customer.token}", "Idempotency_Key": KEY}
    send(
        "POST", LINES, {"sku": "MUG-RED", "quantity": 1}, **{**headers, "Idempotency_Key": KEY * 2}
    )
    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **headers)
    assert answer.status == 202
    return customer, answer, headers


def test_a_repeated_checkout_gets_the_secret_again(
    send: Callable[..., Answer], ordered: Any
) -> None:
    _, first, headers = ordered
    again = send("POST", "/api/v1/checkout/", CHECKOUT, **headers)
    assert (again.status, again.body, again.headers["Location"]) == (
        202,
        first.body,
        first.headers["Location"],
    )


def test_no_secret_is_stored(ordered: Any) -> None:
    _, first, _ = ordered
    assert len(first.json["secret"]) == 43
    stored = json.dumps(list(IdempotencyKey.objects.values()), default=str)
    assert (first.json["number"] in stored, first.json["secret"] in stored) == (True, False)


@pytest.mark.parametrize("accept", ["application/xyz", "application/json", "*/*"])
def test_a_revoked_token_gets_no_stored_answer(
    accept: str, send: Callable[..., Answer], ordered: Any
) -> None:
    customer, _, headers = ordered
    customer.user.set_password("another")
    customer.user.save()

    answer = send("POST", "/api/v1/checkout/", CHECKOUT, **headers, Accept=accept)

    assert answer.status == (406 if accept == "application/xyz" else 401)
    assert b"secret" not in answer.body


# Messages ------------------------------------------------------------------------------------


def test_a_batch_ends_before_its_function(proxy: Proxy, order_queue: TestQueue) -> None:
    """GIVEN a DynamoDB that hangs WHEN ten messages come THEN all are handed back in time."""
    from outbox.consumers import consume
    from outbox.records import LAST_WORDS
    from shop.management.commands.worker import Call

    call = Call(LAST_WORDS + 1)
    over, started = threading.Event(), time.monotonic()
    proxy.always = Fault(first=lambda: over.wait(10))
    bodies = [json.dumps({"message": n, "order": f"{n:04}-AAAA-AAAA"}) for n in range(10)]
    records = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]
    failed: list[Any] = []
    thread = threading.Thread(
        target=lambda: failed.append(consume({"Records": records}, call)["batchItemFailures"])
    )
    thread.start()
    thread.join()
    over.set()

    assert [each["itemIdentifier"] for each in failed[0]] == [str(n) for n in range(10)]
    assert time.monotonic() - started < 8  # of ten that hang
    assert OutboxMessage.objects.count() == 0
