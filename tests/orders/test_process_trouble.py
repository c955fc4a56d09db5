"""Outages, wrong sums, missing stock: the saga loses no order and hides nothing."""

import json
from decimal import Decimal

import pytest
from django.core import mail

from catalog.models import Stock, Variant
from orders import process
from orders.models import Order
from orders.states import State
from outbox.events import Delivery, Event
from outbox.models import OutboxMessage
from outbox.sweeping import sweep_messages
from payments.facts import Fact, Kind
from payments.gateways.testing import TestGateway
from payments.models import Payment
from pricing.money import Money
from tests.cart.articles import stock_of
from tests.orders.shopping import PLACED, deliver, delivered, make_order, store_message
from tests.orders.test_process import FAILED, SALE, again, states, unavailable
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_long_outage_loses_no_order(
    mug: Variant, order_queue: TestQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a message that has gone to the dead letters, the sweeper sends another."""
    order = make_order()
    message = store_message(order)
    with monkeypatch.context() as patch:
        patch.setattr(TestGateway, "pay", unavailable)
        assert [deliver(order, message) for _ in range(3)] == [FAILED] * 3

    assert sweep_messages(now=PLACED) == 1
    (body,) = order_queue.receive()

    sent = json.loads(body)
    assert (sent["message"], sent["order"]) == (message, order.pk)
    assert deliver(order, message) == []
    assert again(order).status == "confirmed"
    assert not OutboxMessage.objects.filter(pk=message).exists()


@pytest.mark.parametrize("state", SALE)
def test_the_message_is_kept_until_the_last_write(
    mug: Variant, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    order = make_order()
    message = store_message(order)

    def killed(order: Order, delivery: Delivery[Event]) -> Order | None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setitem(process.STEPS, state, killed)
        deliver(order, message)

    assert again(order).state == state
    assert OutboxMessage.objects.filter(pk=message).exists()


@pytest.mark.parametrize("charged", [Money(Decimal("2.89"), "EUR"), Money(Decimal("28.90"), "USD")])
def test_another_sum_was_charged(
    mug: Variant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    charged: Money,
) -> None:
    order = make_order()
    message = store_message(order)
    wrong = [Fact(Kind.CHARGED, "c", charged.amount, charged.currency, PLACED)]
    monkeypatch.setattr(TestGateway, "pay", lambda *args, **options: wrong)

    assert [deliver(order, message) for _ in range(2)] == [[], []]

    reason = f"charged {charged} instead of 28.90 EUR"
    assert (again(order).status, again(order).reason) == ("held", reason)
    assert states(order) == ["created", "prepared", "held"]
    assert (stock_of("MUG-RED"), mail.outbox) == ((8, 2), [])
    assert not OutboxMessage.objects.filter(pk=message).exists()
    alarms = [record.message for record in caplog.records if record.levelname == "CRITICAL"]
    assert alarms == [f"Order {order.pk} is held: {reason}"]


def test_stock_that_cannot_be_given_back_is_told(
    mug: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    order = make_order(payment_method="test-declined")
    process.take_step(order, delivered(order))
    Stock.objects.filter(pk="MUG-RED").update(reserved=1)

    assert deliver(order) == []

    assert (again(order).status, stock_of("MUG-RED")) == ("cancelled", (8, 1))
    assert f"{order.pk} had not reserved its 2 of MUG-RED" in caplog.text


def test_money_given_back_before_anybody_has_noted_it(mug: Variant) -> None:
    """GIVEN a consumer that died between the gateway and its note, and a provider that gave all
    back since THEN the order ends, and what happened to its payment is on record."""
    order = make_order(state=State.PREPARED)
    total, gateway = order.totals.total, TestGateway()
    gateway.pay(amount=total, reference=order.pk, method="test-ok", capture=True)
    gateway.refund(amount=total, reference=order.pk, refund=f"{order.pk}/by-itself")

    assert deliver(order) == []

    payment = Payment.objects.get(order=order.pk)
    assert (payment.state, payment.sums.refunded) == ("refunded", total.amount)
    assert (again(order).state, again(order).payment_status) == ("cancelled", "refunded")
