"""Jobs that come again: their queue hides for 90 minutes what is worked on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from catalog.models import Category, Listing, Product
from catalog.services import save_category
from dynamodb.client.services import Api
from outbox.models import OutboxMessage
from outbox.queues import Outgoing, send
from outbox.services import GRACE
from outbox.sweeping import sweep_messages
from shop.events import consume_catalog
from shop.functions import function_of
from shop.management.commands import worker
from shop.redelivery import RETRY_AFTER
from tests.catalog.conftest import settle_categories
from tests.outbox.conftest import catalog_queue
from tests.outbox.queues import TestQueue

__all__ = ["catalog_queue"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue(catalog_queue: TestQueue, monkeypatch: pytest.MonkeyPatch) -> worker.Queue:
    """As it is provisioned."""
    monkeypatch.setattr(worker, "LONG_POLL", 0)
    hidden = {"VisibilityTimeout": str(function_of("catalog").visibility)}
    catalog_queue.sqs.set_queue_attributes(QueueUrl=catalog_queue.url, Attributes=hidden)
    return worker.Queue("catalog")


def test_the_sweeper_brings_it_and_the_late_message_does_nothing(
    make_product: Callable[..., Product],
    mugs: Category,
    queue: worker.Queue,
) -> None:
    """GIVEN a renamed category, and a function that died with the message in hand WHEN a minute has
    passed THEN the products are listed anew; what comes after 90 minutes tells of nothing more."""
    make_product("Red Mug")
    settle_categories()
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


@pytest.mark.parametrize("guarded", [True, False])
def test_what_only_failed_comes_sooner(
    queue: worker.Queue, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """GIVEN two messages that nobody understands WHEN they failed THEN they come again when the
    function says, and without that when the queue does."""
    monkeypatch.setattr("shop.redelivery.RETRY_AFTER", 0)
    if not guarded:
        monkeypatch.setattr("shop.events.retry_soon", lambda event, answer: None)
    for _ in range(2):
        send(queue.name, [Outgoing({"nonsense": True}, "")])

    worker.process_batch(queue)

    assert len(queue.receive()) == (2 if guarded else 0)


def test_a_call_for_what_failed_and_none_for_what_did_not(
    queue: worker.Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And when SQS is away they come all the same, later."""
    asked: list[str] = []

    def away(self: Api, operation: str, params: Any) -> Any:
        asked.append(operation)
        raise OperationalError("away")

    send(queue.name, [Outgoing({"nonsense": True}, "")])
    batch = {"Records": queue.receive()}
    monkeypatch.setattr(Api, "call", away)
    answer = consume_catalog(batch, None)
    failed = [{"itemIdentifier": batch["Records"][0]["messageId"]}]
    assert answer == {"batchItemFailures": failed}
    assert asked == ["ChangeMessageVisibilityBatch"]
    assert "What failed comes again when its queue shows it: away" in caplog.messages
    assert consume_catalog({"Records": []}, None) == {"batchItemFailures": []}
    assert len(asked) == 1


def test_what_sqs_refuses_of_a_batch_is_told(
    queue: worker.Queue, caplog: pytest.LogCaptureFixture
) -> None:
    """GIVEN a message that was deleted meanwhile: its call is answered with 200 all the same."""
    send(queue.name, [Outgoing({"nonsense": True}, "")])
    (record,) = queue.receive()
    stale = {**record, "receiptHandle": "of nobody"}
    answer = consume_catalog({"Records": [stale]}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
    said = [each for each in caplog.messages if each.startswith("What failed comes again when")]
    assert len(said) == 1


def test_three_minutes_are_what_the_first_function_takes() -> None:
    assert function_of("orders").visibility == RETRY_AFTER
