"""The same thing at the same time."""

import pytest
from django.core import mail

from catalog.models import Variant
from orders.models import Order
from outbox.models import OutboxMessage
from payments.models import TestCharge
from tests.cart.articles import stock_article, stock_of
from tests.cart.races import at_once
from tests.cart.shoppers import Shopper
from tests.orders.shopping import check_out, deliver, make_order
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_buyers_of_the_last_three(db: None) -> None:
    stock_article("MUG-RED", available=3)
    orders = [make_order({"MUG-RED": 1}) for _ in range(10)]

    failures = at_once(*[lambda order=order: deliver(order) for order in orders])

    assert failures == [[]] * 10
    ended = [(order.status, order.reason) for order in Order.objects.all()]
    assert sorted(ended) == [("cancelled", "sold out: MUG-RED")] * 7 + [("confirmed", "")] * 3
    assert stock_of("MUG-RED") == (0, 3)
    assert len(mail.outbox) == 10


def test_one_order_delivered_five_times_at_once(mug: Variant) -> None:
    order = make_order()

    at_once(*[lambda: deliver(order)] * 5)

    ended = Order.objects.get(pk=order.pk)
    assert [entry["status"] for entry in ended.history] == [
        "created",
        "prepared",
        "confirmed",
    ]
    assert stock_of("MUG-RED") == (8, 2)
    assert len(TestCharge.objects.all()) == 1
    assert len(mail.outbox) == 1


def test_one_checkout_sent_ten_times_at_once(buyer: Shopper, order_queue: TestQueue) -> None:
    clients = [Shopper(buyer.token) for _ in range(10)]

    answers = at_once(
        *[lambda client=client: check_out(client, key="a-key-for-all-of-us") for client in clients]
    )

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert (len(Order.objects.all()), len(OutboxMessage.objects.all())) == (1, 1)
