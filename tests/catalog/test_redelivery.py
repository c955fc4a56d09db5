"""A job whose function died: the queue hides its message for 90 minutes, the sweeper does not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Category, Listing, Product
from catalog.services import save_category
from outbox.models import OutboxMessage
from outbox.services import GRACE, sweep_messages
from shop.events import consume_catalog
from shop.functions import function_of
from shop.management.commands import worker
from tests.outbox.conftest import catalog_queue
from tests.outbox.queues import TestQueue

__all__ = ["catalog_queue"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sweeper_brings_it_and_the_late_message_does_nothing(
    make_product: Callable[..., Product],
    mugs: Category,
    catalog_queue: TestQueue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """GIVEN a renamed category, and a function that died with the message in hand WHEN a minute has
    passed THEN the products are listed anew; what comes after 90 minutes tells of nothing more."""
    monkeypatch.setattr(worker, "LONG_POLL", 0)
    hidden = {"VisibilityTimeout": str(function_of("catalog").visibility)}
    catalog_queue.sqs.set_queue_attributes(QueueUrl=catalog_queue.url, Attributes=hidden)
    queue = worker.Queue("catalog")
    make_product("Red Mug")
    mugs.slug = "cups"
    save_category(category=mugs)
    died = queue.receive()
    assert (len(died), queue.receive()) == (1, [])

    assert sweep_messages(now=timezone.now() + GRACE + timedelta(seconds=1)) == 1
    worker.process_batch(queue)

    assert Listing.objects.filter(shelf="category:cups").count() == 1
    assert OutboxMessage.objects.count() == 0
    assert consume_catalog({"Records": died}, None) == {"batchItemFailures": []}
    assert Listing.objects.filter(shelf="category:cups").count() == 1
    assert (OutboxMessage.objects.count(), queue.receive()) == (0, [])
