"""The cards follow what is ordered, cancelled and given back, through both consumers."""

from typing import Any

import pytest
from django.conf import settings

from catalog.models import Listing, Product
from catalog.services import publish_product
from orders import process
from orders.models import Order
from orders.process.ending import cancel_order
from orders.states import State
from outbox.models import OutboxMessage
from outbox.sweeping import sweep_messages
from payments.gateways.testing import TestGateway
from shop.management.commands import worker
from tests.cart.articles import stock_article
from tests.orders.shopping import PLACED, deliver, delivered, make_order, store_message
from tests.orders.test_process import unavailable
from tests.outbox.deliveries import deliver_message
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def product(db: None) -> Product:
    """Ten mugs, and a card that says so."""
    variant = stock_article("MUG-RED")
    publish_product(product=variant.product)
    return variant.product


def word() -> str:
    return str(Listing.objects.get(shelf="all").card["availability"])


def asked() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(queue=settings.QUEUES["catalog"]))


def count_again() -> int:
    """Deliver what is asked of the catalogue; how many messages there were."""
    waiting = asked()
    for message in waiting:
        assert deliver_message(message) == []
    return len(waiting)


def buy(quantity: int, **columns: Any) -> Order:
    order = make_order({"MUG-RED": quantity}, **columns)
    assert deliver(order, store_message(order)) == []
    return Order.objects.get(pk=order.pk)


def test_sold_down_to_nothing(product: Product) -> None:
    assert word() == "in_stock"
    for quantity, messages, said in ((6, 0, "in_stock"), (1, 1, "few_left"), (3, 1, "sold_out")):
        assert buy(quantity).status == "confirmed"
        assert (count_again(), word()) == (messages, said)
    assert OutboxMessage.objects.count() == 0


def test_a_refused_payment_gives_back(product: Product) -> None:
    assert buy(8, payment_method="test-declined").status == "cancelled"
    assert count_again() == 2  # two left, ten again
    assert word() == "in_stock"


def test_the_card_says_so_while_a_payment_waits(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order({"MUG-RED": 10}, payment_method="test-declined")
    with monkeypatch.context() as patch:
        patch.setattr(TestGateway, "pay", unavailable)
        deliver(order)
    assert (count_again(), word()) == (1, "sold_out")
    assert deliver(order) == []
    assert (count_again(), word()) == (1, "in_stock")


def test_a_held_order_that_is_cancelled_gives_back(product: Product) -> None:
    order = make_order({"MUG-RED": 10})
    process.take_step(order, delivered(order))
    Order.objects.filter(pk=order.pk).update(state=State.HELD)
    assert (count_again(), word()) == (1, "sold_out")
    assert cancel_order(order=Order.objects.get(pk=order.pk), reason="")
    assert (count_again(), word()) == (1, "in_stock")


def test_killed_after_the_reservation(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a consumer that dies before it can send anything, the sweeper sends."""
    order = make_order({"MUG-RED": 10})

    def killed(**options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("outbox.services.send_message", killed)
        process.take_step(order, delivered(order))

    assert (Order.objects.get(pk=order.pk).state, word()) == ("prepared", "in_stock")
    (message,) = asked()
    assert sweep_messages(now=message.due_at) == 1
    assert (count_again(), word()) == (1, "sold_out")


def test_a_reservation_that_fails_asks_for_nothing(product: Product) -> None:
    stock_article("CUP", available=1)
    order = make_order({"MUG-RED": 10, "CUP": 2})

    assert deliver(order) == []

    assert Order.objects.get(pk=order.pk).status == "cancelled"
    assert (asked(), word()) == ([], "in_stock")


def test_through_the_queues(
    product: Product, order_queue: TestQueue, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the worker does: the order's queue first, then what comes to the catalogue's."""
    monkeypatch.setattr(worker, "LONG_POLL", 0)
    settings.QUEUES = {**settings.QUEUES, "catalog": f"{order_queue.name}-catalog"}
    catalog_queue = TestQueue(settings.QUEUES["catalog"])
    order = make_order({"MUG-RED": 10})
    store_message(order)
    assert sweep_messages(now=PLACED) == 1

    worker.process_batch(worker.Queue("orders"))
    assert (Order.objects.get(pk=order.pk).status, word()) == ("confirmed", "in_stock")
    worker.process_batch(worker.Queue("catalog"))

    assert (word(), asked(), catalog_queue.receive()) == ("sold_out", [], [])
    catalog_queue.delete()


def test_what_it_costs(product: Product, calls: Any) -> None:
    """A reservation that asks for nothing, and one that does: the same calls."""
    made_by = []
    for quantity in (6, 4):
        order = make_order({"MUG-RED": quantity})
        with calls() as made:
            process.take_step(order, delivered(order))
        made_by.append([call.operation for call in made])
    assert made_by == [["BatchGetItem", "TransactWriteItems"]] * 2
