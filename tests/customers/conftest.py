"""A subscriber to all that happens to customers."""

from collections.abc import Iterator
from typing import Any

import pytest

from customers.events import ConsentChanged, CustomerCreated, CustomerErased
from outbox import subscriptions
from outbox.subscriptions import Subscription
from tests.outbox.queues import TestQueue, order_queue

__all__ = ["order_queue"]

SUBSCRIBER = Subscription(
    "listener", "tests.listener", "orders", (CustomerCreated, ConsentChanged, CustomerErased)
)


@pytest.fixture
def listener(
    order_queue: TestQueue, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[None]:
    """Somebody takes the events, so that they are stored."""
    settings.EVENT_SUBSCRIPTIONS = "tests.table"
    monkeypatch.setattr(subscriptions, "import_string", {"tests.table": (SUBSCRIBER,)}.__getitem__)
    subscriptions.subscriptions.cache_clear()
    yield
    subscriptions.subscriptions.cache_clear()
