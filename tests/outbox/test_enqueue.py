"""Messages leave with the commit, and only with it."""

import json

import pytest
from django.db import transaction

from outbox.models import OutboxMessage
from outbox.services import acknowledge_message, enqueue_message
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


def test_sent_after_the_commit_and_kept_until_acknowledged(order_queue: TestQueue) -> None:
    with transaction.atomic():
        message = enqueue_message(queue=order_queue.name, body={"order": "A"})
        assert order_queue.receive() == []

    assert [json.loads(body) for body in order_queue.receive()] == [
        {"message": message.pk, "order": "A"}
    ]
    assert OutboxMessage.objects.filter(pk=message.pk).exists()
    acknowledge_message(message_id=message.pk)
    assert not OutboxMessage.objects.filter(pk=message.pk).exists()


def test_a_rolled_back_message_never_was(order_queue: TestQueue) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        message = enqueue_message(queue=order_queue.name, body={"order": "A"})
        raise RuntimeError

    assert order_queue.receive() == []
    assert not OutboxMessage.objects.filter(pk=message.pk).exists()


def test_a_queue_that_is_away_costs_nobody_anything(
    order_queue: TestQueue, caplog: pytest.LogCaptureFixture
) -> None:
    order_queue.delete()

    with transaction.atomic():
        message = enqueue_message(queue=order_queue.name, body={"order": "A"})

    assert OutboxMessage.objects.filter(pk=message.pk).exists()
    assert f"Message {message.pk} waits for the sweeper" in caplog.text


def test_acknowledging_twice_is_fine(order_queue: TestQueue) -> None:
    message = enqueue_message(queue=order_queue.name, body={})
    assert acknowledge_message(message_id=message.pk) is True
    assert acknowledge_message(message_id=message.pk) is False
