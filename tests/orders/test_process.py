"""From accepted to confirmed or cancelled, step by step, whatever is repeated."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from catalog.models import Variant
from dynamodb.errors import ConflictError
from orders import process
from orders.models import Order
from orders.process import ground, stock
from orders.services import move_order
from orders.states import State
from outbox.events import Delivery, Event
from outbox.models import OutboxMessage
from payments.errors import GatewayUnavailable
from payments.gateways.testing import TestGateway
from payments.models import TestCharge
from tests.cart.articles import set_stock, stock_article, stock_of
from tests.cart.races import at_once
from tests.orders.shopping import deliver, delivered, make_order, store_message

pytestmark = pytest.mark.django_db(transaction=True)

FAILED = [{"itemIdentifier": "m-1"}]
SALE = [State.CREATED, State.PREPARED]


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def states(order: Order) -> list[str]:
    return [entry["status"] for entry in again(order).history]


def test_confirmed(mug: Variant) -> None:
    order = make_order()
    message = store_message(order)

    assert deliver(order, message) == []

    assert states(order) == ["created", "prepared", "confirmed"]
    assert again(order).status == "confirmed"
    assert stock_of("MUG-RED") == (8, 2)
    charge = TestCharge.objects.get(pk=order.pk)
    assert (charge.amount, charge.currency, charge.status) == (Decimal("28.90"), "EUR", "charged")
    assert not OutboxMessage.objects.filter(pk=message).exists()
    assert [sent.to for sent in mail.outbox] == [["ada@example.com"]]


def test_delivered_again(mug: Variant) -> None:
    order = make_order()

    for _ in range(3):
        assert deliver(order) == []

    assert stock_of("MUG-RED") == (8, 2)
    assert len(TestCharge.objects.all()) == 1
    assert len(mail.outbox) == 1


def test_sold_out(mug: Variant) -> None:
    """GIVEN enough of the first line and too little of the second, nothing is reserved."""
    stock_article("CUP", available=1)
    order = make_order({"MUG-RED": 2, "CUP": 2})
    message = store_message(order)

    assert deliver(order, message) == []

    cancelled = again(order)
    assert (cancelled.status, cancelled.reason) == ("cancelled", "sold out: CUP")
    assert (stock_of("MUG-RED"), stock_of("CUP")) == ((10, 0), (1, 0))
    assert not OutboxMessage.objects.filter(pk=message).exists()
    assert not TestCharge.objects.filter(pk=order.pk).exists()
    assert len(mail.outbox) == 1


def test_an_article_that_vanished_is_sold_out() -> None:
    order = make_order({"GONE": 1})

    assert deliver(order) == []
    assert again(order).reason == "sold out: GONE"


def test_sold_out_between_the_look_and_the_reservation(
    mug: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look decides nothing: the commit of all lines fails, and the next look says why."""
    stock_article("CUP", available=5)
    order = make_order({"MUG-RED": 2, "CUP": 2})
    look = ground.check_stock

    def sell_after_the_look(order: Order) -> None:
        look(order)
        at_once(lambda: set_stock("CUP", 1))

    monkeypatch.setattr(stock, "check_stock", sell_after_the_look)
    with pytest.raises(ConflictError):
        stock.reserve(order, delivered(order))

    assert again(order).state == "created"
    monkeypatch.undo()
    assert deliver(order) == []
    assert again(order).reason == "sold out: CUP"
    assert (stock_of("MUG-RED"), stock_of("CUP")) == ((10, 0), (1, 0))


def test_declined(mug: Variant) -> None:
    order = make_order(payment_method="test-declined")

    for _ in range(2):
        assert deliver(order) == []

    assert again(order).reason == "payment declined: the card was refused"
    assert states(order) == ["created", "prepared", "cancelled"]
    assert stock_of("MUG-RED") == (10, 0)
    assert len(mail.outbox) == 1


def test_gateway_unavailable_then_back(mug: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    order = make_order()
    with monkeypatch.context() as patch:
        patch.setattr(TestGateway, "pay", unavailable)
        assert deliver(order) == FAILED
        assert deliver(order) == FAILED
    assert (again(order).state, stock_of("MUG-RED")) == ("prepared", (8, 2))

    assert deliver(order) == []

    assert again(order).status == "confirmed"
    assert stock_of("MUG-RED") == (8, 2)


def test_unavailable_for_good(mug: Variant) -> None:
    order = make_order(payment_method="test-unavailable")

    assert deliver(order) == FAILED
    assert (again(order).state, mail.outbox) == ("prepared", [])


def unavailable(*args: Any, **kwargs: Any) -> None:
    raise GatewayUnavailable


@pytest.mark.parametrize("state", SALE)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_step(
    mug: Variant, monkeypatch: pytest.MonkeyPatch, state: State, when: str
) -> None:
    """GIVEN a consumer that dies before or after a step, the next one ends the order."""
    order = make_order()
    step = process.STEPS[state]

    def killed(order: Order, delivery: Delivery[Event]) -> Order | None:
        if when == "after":
            step(order, delivery)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setitem(process.STEPS, state, killed)
        deliver(order)

    assert deliver(order) == []
    assert states(order) == ["created", "prepared", "confirmed"]
    assert stock_of("MUG-RED") == (8, 2)
    assert len(TestCharge.objects.all()) == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("state", SALE)
def test_a_step_with_yesterday_s_order_does_nothing(mug: Variant, state: State) -> None:
    """Two consumers have read the same state; the second one's step finds it gone."""
    order = make_order()
    while again(order).state != state:
        process.take_step(again(order), delivered(order))
    read_by_both = again(order)
    process.STEPS[state](read_by_both, delivered(order))
    after = again(order)

    with suppress(ConflictError):  # which is how the store says it inside a transaction
        process.STEPS[state](read_by_both, delivered(order))

    assert (again(order).state, again(order).history) == (after.state, after.history)
    assert stock_of("MUG-RED") == (8, 2)
    assert len(TestCharge.objects.all()) <= 1


def test_the_loser_of_a_race_goes_on_from_there(
    mug: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN somebody who takes each step just before us, the order is taken to its end."""
    order = make_order()
    raced = {state: after_somebody_else(process.STEPS[state]) for state in SALE}
    for state in SALE:
        monkeypatch.setitem(process.STEPS, state, raced[state])

    assert deliver(order) == []

    assert states(order) == ["created", "prepared", "confirmed"]
    assert stock_of("MUG-RED") == (8, 2)
    assert len(TestCharge.objects.all()) == 1
    assert len(mail.outbox) == 1


def after_somebody_else(step: ground.Step) -> ground.Step:
    def raced(order: Order, delivery: Delivery[Event]) -> Order | None:
        step(again(order), delivery)
        return step(order, delivery)

    return raced


def test_a_conflict_is_tried_again(mug: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    order, conflicts = make_order(), iter([True, True])

    def busy(order: Order, delivery: Delivery[Event]) -> Order | None:
        if next(conflicts, False):
            raise ConflictError
        return stock.reserve(order, delivery)

    monkeypatch.setitem(process.STEPS, State.CREATED, busy)

    assert deliver(order) == []
    assert again(order).status == "confirmed"


def test_a_reason_is_kept(mug: Variant) -> None:
    order = make_order()

    moved = move_order(order=order, state=State.CANCELLED, reason="why")
    assert moved is not None
    assert (moved.state, moved.status, moved.reason) == ("cancelled", "cancelled", "why")
    assert move_order(order=order, state=State.CANCELLED, reason="why not") is None
    assert again(order).reason == "why"
