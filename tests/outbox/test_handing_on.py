"""A message that becomes the next event's, in the transaction that makes it happen."""

from typing import Any

import pytest
from django.db import transaction

from dynamodb.conflicts import retry_on_conflict
from orders.events import OrderConfirmed, OrderPlaced
from outbox.models import DEAD, LIVING, OutboxMessage
from outbox.services import acknowledge, hand_on
from tests.outbox.deliveries import delivery_of, stored, waiting
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


def placed(**columns: Any) -> OutboxMessage:
    message = stored(OrderPlaced("A1"), **columns)
    message.save(force_insert=True)
    return message


def handed_on(message: OutboxMessage) -> None:
    delivery = delivery_of(message, OrderPlaced("A1"))

    def run() -> None:
        with transaction.atomic():
            hand_on(delivery=delivery, event=OrderConfirmed("A1"))

    retry_on_conflict(run)


def told() -> list[tuple[str, str, int]]:
    return [(each.type, each.open, each.attempts) for each in waiting()]


def test_one_becomes_the_other(order_queue: TestQueue) -> None:
    message = placed(attempts=3)
    handed_on(message)
    assert told() == [("order.confirmed", "orders.mails", 0)]
    (found,) = waiting()
    assert (found.pk, found.event == message.pk) == (message.pk, False)


def test_a_repeat_of_the_one_takes_nothing_from_the_other(order_queue: TestQueue) -> None:
    message = placed()
    repeat = delivery_of(message, OrderPlaced("A1"))
    handed_on(message)
    assert retry_on_conflict(lambda: acknowledge(delivery=repeat)) is False
    assert told() == [("order.confirmed", "orders.mails", 0)]


def test_who_else_has_to_take_the_one_keeps_it(order_queue: TestQueue) -> None:
    """GIVEN another subscriber, of code of before WHEN it is handed on THEN there are two."""
    message = placed()
    delivery = delivery_of(message, OrderPlaced("A1"))
    OutboxMessage.objects.filter(pk=message.pk).update(open="orders.process,search")

    def run() -> None:
        with transaction.atomic():
            hand_on(delivery=delivery, event=OrderConfirmed("A1"))

    retry_on_conflict(run)
    assert sorted(told()) == [
        ("order.confirmed", "orders.mails", 0),
        ("order.placed", "search", 0),
    ]


def test_a_dead_one_that_is_taken_after_all_lives_on_as_a_new_one(order_queue: TestQueue) -> None:
    handed_on(placed(shard=DEAD, reason="Sent 72 times", attempts=72))
    (found,) = waiting()
    assert (found.shard, found.reason, found.attempts) == (LIVING, "", 0)
