"""Orders of code of before, brought up to what is kept of new ones while the shop sells."""

import os
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from catalog.models import Stock, Variant
from dynamodb import bulk
from orders.models import Order
from orders.process import advance_order
from orders.states import WITH_STOCK
from outbox.models import OutboxMessage
from payments.models import Payment, TestCharge
from tests.cart.articles import stock_article
from tests.orders.shopping import PLACED, deliver, delivered, follow, make_order, store_message

pytestmark = pytest.mark.django_db(transaction=True)

#: Of whole proofs 2,000 (`make upgrade`); a share of them in each run of the tests.
SIZE = int(os.environ.get("SHOP_TEST_ORDERS", "120"))
STATES = ("created", "prepared", "billed", "confirmed", "cancelled", "held")
LISTED = {"confirmed": "confirmed", "cancelled": "cancelled", "held": "held"}


def of_before(size: int) -> Iterator[Order]:
    """As code of before has left them: no statuses, and no payments of their own."""
    template = make_order()
    columns = {field.attname: getattr(template, field.attname) for field in Order._meta.fields}
    for number in range(size):
        state = STATES[number % len(STATES)]
        yield Order(
            **{
                **columns,
                "number": f"{number:04d}-0000-0000",
                "state": state,
                "standing": None,
                "payment_status": None,
                "fulfilment_status": None,
                "history": [
                    {"status": each, "at": PLACED.isoformat()}
                    for each in STATES[: STATES.index(state) + 1]
                ],
                "placed_at": PLACED + timedelta(minutes=number),
            }
        )
    template.delete()


@pytest.fixture
def orders(mug: Variant) -> list[Order]:
    made = list(of_before(SIZE))
    bulk.load(made)
    held = sum(2 for order in made if order.state in WITH_STOCK)
    Stock.objects.filter(pk="MUG-RED").update(reserved=held, available=10_000)
    return made


def fill() -> None:
    import_module("orders.migrations.0006_statuses").fill(apps, None)


def kill_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the migration die at its write of this number."""
    update, left = QuerySet.update, iter(range(writes))

    def mortal(self: Any, **columns: Any) -> int:
        if "standing" in columns and next(left, None) is None:
            raise KeyboardInterrupt
        return update(self, **columns)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(QuerySet, "update", mortal)
        fill()


def test_killed_twice_and_resumed(orders: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its lives code of before takes an order on, and a new one is placed and confirmed."""
    kill_after(SIZE // 3, monkeypatch)
    assert Order.objects.filter(standing__isnull=True).count() == SIZE - SIZE // 3
    bought = make_order()
    assert deliver(bought) == []
    overtaken = Order.objects.filter(standing__isnull=True, state="billed").first()
    assert overtaken is not None
    Order.objects.filter(pk=overtaken.pk).update(state="confirmed")
    kill_after(SIZE // 3, monkeypatch)
    fill()

    stored = {order.pk: order for order in Order.objects.iterator()}
    assert len(stored) == SIZE + 1
    for before in orders:
        order = stored[before.pk]
        state = "confirmed" if before.pk == overtaken.pk else before.state
        assert (order.state, order.standing) == (state, LISTED.get(state, "open"))
        assert order.payment_status == ("charged" if state in {"billed", "confirmed"} else "none")
        assert (order.lines, order.total) == (before.lines, before.total)

    with pytest.raises(CommandError, match="and no payment is kept"):
        call_command("reconcile")
    call_command("reconcile", "--mend")
    call_command("reconcile")
    paid = Payment.objects.exclude(order=bought.pk)
    assert {str(each.sums.charged) for each in paid} == {"28.90"}
    assert paid.count() == SIZE // 3


@pytest.mark.parametrize(
    ("state", "end"),
    [("created", "confirmed"), ("prepared", "confirmed"), ("billed", "confirmed"),
     ("confirmed", "confirmed"), ("cancelled", "cancelled")],
)  # fmt: skip
def test_a_message_of_before_is_taken_to_its_end(
    mug: Variant, mailoutbox: list[Any], state: str, end: str
) -> None:
    """Code of before had not yet mailed: with its message still there, this code does."""
    stock_article("CUP")
    order = make_order(state=state, reason="sold out: X" if state == "cancelled" else "")
    Order.objects.filter(pk=order.pk).update(
        standing=None, payment_status=None, fulfilment_status=None
    )
    message = store_message(order)

    assert deliver(order, message) == []

    stored = Order.objects.get(pk=order.pk)
    assert (stored.state, stored.standing) == (end, LISTED[end])
    assert [mail.subject.split()[-1] for mail in mailoutbox] == [end]
    assert not OutboxMessage.objects.exists()


def test_a_held_order_of_before_that_a_person_had_cancelled(mug: Variant) -> None:
    """Its charge was refunded by hand: this code asks for nothing, and tells the customer."""
    history = [{"status": state, "at": PLACED.isoformat()} for state in ("prepared", "held")]
    order = make_order(state="cancelled", history=history)
    TestCharge.objects.create(
        reference=order.pk, amount=1, currency="EUR", status="charged", created_at=PLACED
    )
    advance_order(number=order.pk, delivery=delivered(order))
    assert follow(order) == []
    assert not Payment.objects.exists()
    assert TestCharge.objects.get(pk=order.pk).refunds in ({}, None)
