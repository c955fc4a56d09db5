"""Whatever happens to a few orders, and in whichever order: nothing is sold twice, nothing is taken
that is not sent, given back or waited for, and every status is what its parts say."""

import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from rest_framework.exceptions import ValidationError

from catalog.models import Stock, StockMovement, Variant
from mails.models import Mail
from orders.fulfilling import announce_return, parcels_of, receive_return, ship
from orders.models import Fulfilment, Order, OrderEntry, Return
from orders.process.ending import cancel_order
from orders.reconciling import faults_of, faults_of_stock, reserved_by
from orders.states import WITH_STOCK, State
from outbox.models import OutboxMessage
from outbox.services import GRACE
from payments.errors import RefundTooLarge
from payments.facts import Fact
from payments.gateways.testing import TestGateway, facts_of, notification_of, settle
from payments.models import NotificationEntry, Payment, Refund, TestCharge
from payments.selectors import payments_of, refunds_of, sums_of
from payments.services import receive, request_refund
from tests.orders.scenarios import YESTERDAY
from tests.orders.shopping import make_order, store_message
from tests.outbox.deliveries import deliver_message, waiting

pytestmark = pytest.mark.django_db(transaction=True)

SKU, STOCK, ORDERS = "MUG-RED", 5, 3
#: Of whole proofs many more (`make machine`); a share of them in each run of the tests.
EXAMPLES = int(os.environ.get("SHOP_TEST_EXAMPLES", "25"))
METHODS = ("test-ok", "test-ok", "test-declined", "test-action", "test-later")
TABLES = (
    Order, Fulfilment, Return, OrderEntry, OutboxMessage, Payment, Refund, NotificationEntry,
    TestCharge, Mail, StockMovement,
)  # fmt: skip
PLACE = st.integers(0, 99)  # which one of some, whatever their number
CHARGED = TestCharge.Status.CHARGED


class Orders(RuleBasedStateMachine):
    """Three orders at most of five mugs, at a gateway that charges or only promises."""

    def __init__(self) -> None:
        super().__init__()
        for table in TABLES:
            table.objects.all().delete()
        Stock.objects.filter(pk=SKU).update(available=STOCK, reserved=0)
        self.numbers: list[str] = []
        self.delivered: list[OutboxMessage] = []
        self.prompt = False
        self.patch = pytest.MonkeyPatch()

    @initialize(later=st.booleans(), back_order=st.booleans(), prompt=st.booleans())
    def open_shop(self, later: bool, back_order: bool, prompt: bool) -> None:
        self.prompt = prompt
        self.patch.setattr("django.conf.settings.CAPTURE_LATER", later)
        self.patch.setattr("django.conf.settings.BACK_ORDER_SHORTFALLS", back_order)
        self.patch.setattr("mails.once.LEASE", timedelta(0))

    # What customers, banks and people do -----------------------------------------------------

    @precondition(lambda self: len(self.numbers) < ORDERS)
    @rule(method=st.sampled_from(METHODS), quantity=st.integers(1, 3))
    def place(self, method: str, quantity: int) -> None:
        order = make_order({SKU: quantity}, payment_method=method)
        Order.objects.filter(pk=order.pk).update(placed_at=order.placed_at + 10_000 * YESTERDAY)
        store_message(order)
        self.numbers.append(order.pk)

    @precondition(lambda self: self.numbers)
    @rule(place=PLACE)
    def pass_time(self, place: int) -> None:
        order = self.order(place)
        Order.objects.filter(pk=order.pk).update(placed_at=order.placed_at - 20_000 * YESTERDAY)

    @precondition(lambda self: TestCharge.objects.exists())
    @rule(place=PLACE, succeeds=st.booleans())
    def bank_answers(self, place: int, succeeds: bool) -> None:
        settle(reference=self.charge(place).pk, succeeds=succeeds)

    @precondition(lambda self: TestCharge.objects.exists())
    @rule(place=PLACE)
    def bank_takes_it_anyway(self, place: int) -> None:
        row = self.charge(place)
        if row.status == TestCharge.Status.VOIDED and not row.was_authorized:
            TestCharge.objects.filter(pk=row.pk).update(status=CHARGED)

    @precondition(lambda self: TestCharge.objects.exists())
    @rule(place=PLACE)
    def bank_takes_it_too_late(self, place: int) -> None:
        """The whole of it at once, which by itself happens in one run of hundreds: the order is
        overdue, everybody hears of it, the money comes, and the provider tells."""
        row = self.charge(place)
        if row.status == TestCharge.Status.WAITING:
            at = Order.objects.get(pk=row.pk).placed_at - 20_000 * YESTERDAY
            Order.objects.filter(pk=row.pk).update(placed_at=at)
            OutboxMessage.objects.filter(key=row.pk).update(due_at=at)
            self.drain()
            self.bank_takes_it_anyway(place)
            self.tell_all(TestCharge.objects.get(pk=row.pk))

    @precondition(lambda self: TestCharge.objects.exists())
    @rule(place=PLACE)
    def bank_takes_another_sum(self, place: int) -> None:
        waits = TestCharge.objects.filter(status=TestCharge.Status.WAITING)
        waits.filter(pk=self.charge(place).pk).update(amount=Decimal("2.89"))
        self.bank_answers(place, succeeds=True)

    @precondition(lambda self: TestCharge.objects.exists())
    @rule(place=PLACE, which=PLACE)
    def provider_notifies(self, place: int, which: int) -> None:
        row = self.charge(place)
        facts = facts_of(row)
        self.tell(row, facts[which % len(facts)])

    @precondition(lambda self: self.numbers)
    @rule(place=PLACE, sure=st.integers(0, 3))
    def person_cancels(self, place: int, sure: int) -> None:
        if not sure:  # most orders are wanted
            cancel_order(order=self.order(place), reason="by a person")

    @precondition(lambda self: self.numbers)
    @rule(place=PLACE, quantity=st.integers(1, 3))
    def parcel_leaves(self, place: int, quantity: int) -> None:
        with suppress(ValidationError):
            ship(order=self.order(place), lines={SKU: quantity})

    @precondition(lambda self: self.numbers)
    @rule(place=PLACE, accepted=st.booleans(), restock=st.booleans())
    def parcel_comes_back(self, place: int, accepted: bool, restock: bool) -> None:
        try:
            back = announce_return(order=self.order(place), lines={SKU: 1})
        except ValidationError:
            return
        verdict = Return.Acceptance.ACCEPTED if accepted else Return.Acceptance.REJECTED
        receive_return(back=back, acceptance=verdict, restock=restock)

    @precondition(lambda self: self.numbers)
    @rule(place=PLACE, amount=st.sampled_from(("1.00", "20.00", "28.90")))
    def person_refunds(self, place: int, amount: str) -> None:
        number = self.order(place).pk
        with transaction.atomic():
            for payment in payments_of(number):
                try:
                    request_refund(
                        payment=payment,
                        number=len(refunds_of(number)) + 1,
                        amount=Decimal(amount),
                        reason="by a person",
                    )
                except RefundTooLarge as refused:
                    assert Decimal(amount) > refused.left

    # What queues do --------------------------------------------------------------------------

    @precondition(lambda self: OutboxMessage.objects.exists())
    @rule(place=PLACE)
    def message_comes(self, place: int) -> None:
        messages = waiting()
        self.bring(messages[place % len(messages)])

    @precondition(lambda self: self.delivered)
    @rule(place=PLACE)
    def message_comes_again(self, place: int) -> None:
        deliver_message(self.delivered[place % len(self.delivered)])

    @rule()
    def all_messages_come(self) -> None:
        self.drain()

    # What must hold --------------------------------------------------------------------------

    @invariant()
    def consumers_take_what_is_due(self) -> None:
        """At once in every other shop; elsewhere when `message_comes` says so."""
        if self.prompt:
            self.drain()

    @invariant()
    def no_piece_is_lost_or_made(self) -> None:
        stock, moved = Stock.objects.get(pk=SKU), Counter[str]()
        for movement in StockMovement.objects.all():
            moved[movement.kind] += movement.lines[SKU]
        away = moved["sale"] - moved["return"]
        assert stock.available + stock.reserved + away == STOCK
        assert stock.reserved == moved["allocation"] - moved["release"] - moved["sale"]
        assert stock.reserved == reserved_by(Order.objects.all())[SKU]

    @invariant()
    def no_more_goes_back_than_came(self) -> None:
        for payment in Payment.objects.all():
            assert payment.refunds_pending >= 0
            assert payment.sums.refunded + payment.refunds_pending <= payment.sums.charged
        for row in TestCharge.objects.all():
            back = sum(map(Decimal, (row.refunds or {}).values()))
            assert back <= (row.amount if row.status == CHARGED else 0)

    @invariant()
    def what_is_listed_is_what_is(self) -> None:
        for order in Order.objects.all():
            assert order.standing == order.status

    def teardown(self) -> None:
        try:
            self.check_all()
        finally:
            self.patch.undo()

    def check_all(self) -> None:
        """When all is told, what the parts say is what the order says."""
        for row in TestCharge.objects.all():  # providers tell again what was lost
            self.tell_all(row)
        self.drain()
        orders = list(Order.objects.all())
        assert [fault for order in orders for fault in faults_of(order)] == []
        assert list(faults_of_stock(reserved_by(orders))) == []
        for order in orders:
            self.check_money(order)

    def check_money(self, order: Order) -> None:
        sums = sums_of(payments_of(order.pk))
        row = TestCharge.objects.filter(pk=order.pk).first()
        taken = row.amount if row and row.status == CHARGED and row.captured is None else Decimal(0)
        taken = row.captured if row and row.captured is not None else taken
        back = sum(map(Decimal, (row.refunds or {}).values()), Decimal(0)) if row else Decimal(0)
        assert (sums.charged, sums.refunded) == (taken, back)
        if order.state in {State.CANCELLED, State.EXPIRED}:
            assert (sums.kept, sums.open) == (Decimal(0), Decimal(0))
        elif sums.kept and not parcels_of(order.pk):
            assert order.state in {*WITH_STOCK, State.BACK_ORDERED}

    # -----------------------------------------------------------------------------------------

    def order(self, place: int) -> Order:
        return Order.objects.get(pk=self.numbers[place % len(self.numbers)])

    def charge(self, place: int) -> TestCharge:
        rows = sorted(TestCharge.objects.all(), key=lambda row: self.numbers.index(row.pk))
        return rows[place % len(rows)]

    def tell_all(self, row: TestCharge) -> None:
        for fact in facts_of(row):
            self.tell(row, fact)

    def tell(self, row: TestCharge, fact: Fact) -> None:
        body, headers = notification_of(row, fact)
        told = TestGateway().read_notification(body=body, headers=headers)
        receive(gateway="test", notification=told)

    def bring(self, message: OutboxMessage) -> None:
        self.delivered.append(message)
        deliver_message(message)

    def drain(self) -> None:
        for _ in range(60):
            messages = [each for each in waiting() if is_due(each)]
            if not messages:
                return
            for message in messages:
                self.bring(message)
        raise AssertionError(f"no end: {[str(message) for message in messages]}")


def is_due(message: OutboxMessage) -> bool:
    """Not what waits for its moment, nor what looks for stock every hour."""
    return message.due_at <= message.created_at + GRACE


def test_orders(mug: Variant) -> None:
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            derandomize="SHOP_TEST_EXAMPLES" not in os.environ,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
