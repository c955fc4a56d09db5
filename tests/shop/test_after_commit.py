"""What was committed is not done again, and its answer is found: stored answers, messages."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.db.models.signals import post_save

from cart.models import Cart
from catalog.models import Variant
from dynamodb.errors import ConflictError
from outbox.models import OutboxMessage
from shop.models import IdempotencyKey
from tests.conftest import Customer, make_user
from tests.dynamodb.faults import Fault, Proxy
from tests.orders.shopping import CHECKOUT
from tests.outbox.queues import TestQueue, order_queue
from tests.shop.failing import KEY, LINES, Answer, cart, mug, proxy, quick, send

__all__ = ["cart", "mug", "order_queue", "proxy", "quick", "send"]

pytestmark = pytest.mark.django_db(transaction=True)


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
