"""What a customer does before there is an order to look at."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from orders.events import OrderPlaced
from orders.history import history_entry
from orders.models import Order
from orders.numbers import new_number
from orders.states import State
from outbox.consumers import consume
from outbox.events import Delivery, Event
from outbox.models import OutboxMessage
from outbox.services import GRACE, body_for
from tests.customers.places import BERLIN
from tests.outbox.deliveries import batch, deliver_message, stored

ADDRESS = BERLIN
CHECKOUT = {
    "email": "ada@example.com",
    "shipping_address": ADDRESS,
    "payment_method": "test-ok",
}
PLACED = datetime(2026, 3, 1, 12, tzinfo=UTC)

keys = count(10**16)


def fill_cart(client: APIClient, quantities: dict[str, int]) -> None:
    for sku, quantity in quantities.items():
        client.post("/api/v1/cart/lines/", {"sku": sku, "quantity": quantity})


def check_out(client: APIClient, *, key: str | None = None, **changes: Any) -> Any:
    """POST the checkout, with a new Idempotency-Key unless told."""
    headers = {"Idempotency-Key": key or str(next(keys))}
    return client.post("/api/v1/checkout/", {**CHECKOUT, **changes}, headers=headers)


def make_order(quantities: dict[str, int] | None = None, **columns: Any) -> Order:
    """An accepted order of articles at 12.00 EUR, straight into the store."""
    lines = [
        {
            "sku": sku,
            "name": f"Product {sku}",
            "slug": f"product-{sku.lower()}",
            "image": "",
            "options": {"colour": "Red"},
            "quantity": quantity,
            "unit_price": "12.00",
            "line_total": f"{12 * quantity}.00",
        }
        for sku, quantity in (quantities or {"MUG-RED": 2}).items()
    ]
    columns = {
        "number": new_number(),
        "email": "ada@example.com",
        "lines": lines,
        "currency": "EUR",
        "subtotal": "24.00",
        "shipping": "4.90",
        "tax": "4.61",
        "total": "28.90",
        "shipping_address": ADDRESS,
        "payment_method": "test-ok",
        "history": [history_entry(State.CREATED)],
        "placed_at": PLACED,
        "updated_at": PLACED,
        **columns,
    }
    order = Order(**columns)
    order.standing = order.status
    order.save(force_insert=True)
    return Order.objects.get(pk=order.pk)


def store_message(order: Order) -> int:
    """The outbox entry of an order, as checkout leaves it; its id."""
    message = stored(OrderPlaced(order.pk), queue=settings.QUEUES["orders"])
    message.save(force_insert=True)
    return message.pk


def told(order: Order, message: int = 1) -> dict[str, Any]:
    """What the queue brings of an order."""
    return body_for(stored(OrderPlaced(order.pk), pk=message), "orders.process")


def deliver(order: Order, message: int = 1) -> list[dict[str, str]]:
    """One delivery of the order's message, and of all that follows from it; the failures."""
    failures = consume(batch(told(order, message)), None)["batchItemFailures"]
    return [*failures, *follow(order)]


def follow(order: Order) -> list[dict[str, str]]:
    """Deliver what the order's way has told, and what that tells, once each; the failures."""
    seen, failures = set[int](), []
    while fresh := [each for each in waiting(order) if each.pk not in seen]:
        for message in fresh:
            seen.add(message.pk)
            failures += deliver_message(message)
    return failures


def waiting(order: Order) -> Iterator[OutboxMessage]:
    """Messages about the order that are under way, but for that of its checkout."""
    for message in OutboxMessage.objects.filter(key=order.pk):
        delayed = message.due_at > timezone.now() + GRACE
        if message.type != OrderPlaced.type and not message.is_dead and not delayed:
            yield message


def delivered(order: Order, message: int = 1) -> Delivery[Event]:
    """The same, as the process gets it."""
    event = OrderPlaced(order.pk)
    return Delivery(event, "orders.process", message, PLACED, message)
