"""Ways of an order, as the matrix and others go through them.

Each is what happens from outside, one after the other; between two of them consumers take all that
they are told of. A way that leads to a new state is a function here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from orders.events import HeldOrderCancelled
from orders.fulfilling import ship
from orders.history import history_entry
from orders.models import Order
from orders.process import take_step
from orders.process.ending import cancel_order
from orders.states import State
from outbox.models import OutboxMessage
from payments.facts import Fact
from payments.gateways.testing import TestGateway, facts_of, notification_of, settle
from payments.models import TestCharge
from payments.selectors import payments_of
from payments.services import receive, request_refund
from tests.cart.articles import set_stock
from tests.cart.races import at_once
from tests.orders.shopping import delivered, make_order, store_message
from tests.outbox.deliveries import stored

SKU, PIECES, PART = "MUG-RED", 2, Decimal("10.00")
#: Of which no payment is kept, since code of before kept none.
PAID_BEFORE = {"billed_before", "told_before"}
YESTERDAY = timedelta(days=1)


@dataclass
class World:
    """One order and all around it; `late` lets messages come that wait for a moment."""

    monkeypatch: Any
    order: Order = field(init=False)
    late: bool = False

    def place(self, **columns: Any) -> None:
        self.order = make_order({SKU: PIECES}, placed_at=timezone.now(), **columns)
        store_message(self.order)

    def again(self) -> Order:
        return Order.objects.get(pk=self.order.pk)

    def pass_time(self) -> None:
        """It is tomorrow: what was to be paid is overdue."""
        then = self.order.placed_at - YESTERDAY
        Order.objects.filter(pk=self.order.pk).update(placed_at=then)
        self.late = True

    def answer(self, *, succeeds: bool, times: int = 2) -> None:
        """The bank answers, and the provider tells all it knows, the latest first, twice."""
        settle(reference=self.order.pk, succeeds=succeeds)
        self.notify(times)

    def take_anyway(self) -> None:
        """The provider takes the money after it was told not to, and tells."""
        TestCharge.objects.filter(pk=self.order.pk).update(status=TestCharge.Status.CHARGED)
        self.notify(2)

    def notify(self, times: int) -> None:
        row = TestCharge.objects.get(pk=self.order.pk)
        for fact in reversed(facts_of(row) * times):
            body, headers = notification_of(row, fact)
            told = TestGateway().read_notification(body=body, headers=headers)
            receive(gateway="test", notification=told)

    def give_up(self) -> None:
        """The customer does not pay, and the provider tells."""
        TestCharge.objects.filter(pk=self.order.pk).update(status=TestCharge.Status.VOIDED)
        self.notify(2)

    def refund(self) -> None:
        with transaction.atomic():
            (payment,) = payments_of(self.order.pk)
            request_refund(payment=payment, number=1, amount=PART, reason="by a person")

    def cancel(self) -> None:
        assert cancel_order(order=self.again(), reason="by a person")


Act = Callable[[World], object]


def sale(world: World) -> Sequence[Act]:
    return [World.place]


def nothing_to_pay(world: World) -> Sequence[Act]:
    return [lambda world: world.place(total="0.00", subtotal="0.00", shipping="0.00", tax="0.00")]


def promised(world: World) -> Sequence[Act]:
    world.monkeypatch.setattr("django.conf.settings.CAPTURE_LATER", True)
    return [World.place]


def declined(world: World) -> Sequence[Act]:
    return [lambda world: world.place(payment_method="test-declined")]


def sold_out(world: World) -> Sequence[Act]:
    def place(world: World) -> None:
        world.place()
        set_stock(SKU, PIECES - 1)

    return [place]


def slow_bank(world: World) -> Sequence[Act]:
    return [
        lambda world: world.place(payment_method="test-later"),
        lambda world: world.answer(succeeds=True),
    ]


def action_refused(world: World) -> Sequence[Act]:
    return [
        lambda world: world.place(payment_method="test-action"),
        lambda world: world.answer(succeeds=False),
    ]


def expired(world: World) -> Sequence[Act]:
    return [lambda world: world.place(payment_method="test-later"), World.pass_time]


def paid_at_the_last_moment(world: World) -> Sequence[Act]:
    """The bank has taken it, and its notification is lost."""

    def pay(world: World) -> None:
        settle(reference=world.order.pk, succeeds=True)
        world.pass_time()

    return [lambda world: world.place(payment_method="test-later"), pay]


def late_money(world: World) -> Sequence[Act]:
    return [*expired(world), World.take_anyway]


def late_money_without_stock(world: World) -> Sequence[Act]:
    return [*expired(world), lambda world: set_stock(SKU, 1), World.take_anyway]


def back_ordered(world: World) -> Sequence[Act]:
    world.monkeypatch.setattr("django.conf.settings.BACK_ORDER_SHORTFALLS", True)

    def shelve(world: World) -> None:
        world.late = False

    return [
        *expired(world),
        lambda world: set_stock(SKU, 1),
        shelve,
        World.take_anyway,
        lambda world: set_stock(SKU, 10),
        lambda world: setattr(world, "late", True),
    ]


def back_ordered_and_cancelled(world: World) -> Sequence[Act]:
    return [*back_ordered(world)[:-2], World.cancel]


def taken_back(world: World) -> Sequence[Act]:
    return [lambda world: world.place(payment_method="test-action"), World.give_up]


def refunded_in_part(world: World) -> Sequence[Act]:
    return [World.place, World.refund]


def sent(world: World) -> Sequence[Act]:
    """What was promised is taken when the parcel has left."""
    return [*promised(world), lambda world: ship(order=world.again(), lines={SKU: PIECES})]


def cancelled_when_paid(world: World) -> Sequence[Act]:
    return [World.place, World.cancel]


def cancelled_when_promised(world: World) -> Sequence[Act]:
    return [*promised(world), World.cancel]


def cancelled_while_asked(world: World) -> Sequence[Act]:
    """A consumer has asked the gateway and died; then a person cancels the order."""

    def ask_and_die(world: World) -> None:
        world.place()
        take_step(world.order, delivered(world.order))
        total = world.order.totals.total
        TestGateway().pay(amount=total, reference=world.order.pk, method="test-ok", capture=True)
        world.cancel()

    return [ask_and_die]


def cancelled_while_answered(world: World) -> Sequence[Act]:
    """A person cancels the order between the gateway's answer and our note of it."""
    pay = TestGateway.pay

    def pay_and_cancel(self: TestGateway, **options: Any) -> list[Fact]:
        told = pay(self, **options)
        if world.again().state == State.PREPARED:
            at_once(world.cancel)
        return told

    world.monkeypatch.setattr(TestGateway, "pay", pay_and_cancel)
    return [World.place]


def cancelled_while_waited_for(world: World) -> Sequence[Act]:
    """And then the provider takes the money."""
    return [
        lambda world: world.place(payment_method="test-later"),
        World.cancel,
        World.take_anyway,
    ]


def held(world: World) -> Sequence[Act]:
    """Another sum is charged, and time passes; a person looks, and cancels it."""

    def charge_another_sum(world: World) -> None:
        TestCharge.objects.filter(pk=world.order.pk).update(amount=Decimal("2.89"))
        world.answer(succeeds=True)

    return [
        lambda world: world.place(payment_method="test-later"),
        charge_another_sum,
        World.pass_time,
        World.cancel,
    ]


def billed_before(world: World) -> Sequence[Act]:
    """Code of before had taken the money."""
    return [lambda world: world.place(state="billed", payment_status="charged")]


def told_before(world: World) -> Sequence[Act]:
    """Code of before had confirmed it, and not mailed."""

    def place(world: World) -> None:
        world.place(state="confirmed", payment_status="charged")

    return [place]


def cancelled_before(world: World) -> Sequence[Act]:
    """Code of before had cancelled it, and not mailed."""
    return [lambda world: world.place(state="cancelled", reason="sold out: MUG-RED")]


def held_before(world: World) -> Sequence[Act]:
    """A person had cancelled it, and refunded it by hand."""

    def place(world: World) -> None:
        history = [history_entry(state) for state in (State.PREPARED, State.HELD)]
        world.place(state="cancelled", history=history)
        OutboxMessage.objects.all().delete()
        stored(HeldOrderCancelled(world.order.pk)).save(force_insert=True)

    return [place]


WAYS: dict[str, Callable[[World], Sequence[Act]]] = {
    way.__name__: way
    for way in (
        sale, nothing_to_pay, promised, declined, sold_out, slow_bank, action_refused, expired,
        paid_at_the_last_moment, late_money, late_money_without_stock, back_ordered,
        back_ordered_and_cancelled, taken_back, refunded_in_part, sent, cancelled_when_paid,
        cancelled_when_promised, cancelled_while_asked, cancelled_while_answered,
        cancelled_while_waited_for, held, billed_before, told_before, cancelled_before, held_before,
    )
}  # fmt: skip
