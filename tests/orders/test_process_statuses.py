"""What hangs on an order is what it says, in every state, whoever hears of it first."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from orders import process
from orders.models import Order
from orders.process import ending, late
from orders.reconciling import faults_of
from orders.states import State
from payments.facts import Fact, Kind
from payments.gateways.base import Notification
from payments.gateways.testing import TestGateway
from payments.models import Payment
from payments.selectors import refunds_of
from payments.services import keep, new_payment, receive
from tests.cart.articles import stock_article, stock_of
from tests.cart.races import at_once
from tests.orders.shopping import PLACED, delivered, follow, make_order

pytestmark = pytest.mark.django_db(transaction=True)

ALL, PART = "28.90", "10.00"
KEPT = (State.CONFIRMED, State.BACK_ORDERED, State.HELD)  # states in which money stays
OVER = (State.CANCELLED, State.EXPIRED)  # and those in which it goes back


def paid(state: State) -> Order:
    """An order in that state whose payment was charged; of its article there is nothing."""
    order = make_order({"GONE": 2}, state=state, payment_status="charged")
    total = order.totals.total
    payment = new_payment(order=order.pk, number=1, amount=total, method="test-ok")
    payment.learn(
        TestGateway().pay(amount=total, reference=order.pk, method="test-ok", capture=True)
    )
    keep(payment)
    return order


def tell(order: Order, kind: Kind, amount: str) -> None:
    """The provider notifies, and everybody hears of it."""
    fact = Fact(kind, f"by itself: {kind}", Decimal(amount), order.currency, PLACED)
    receive(gateway="test", notification=Notification(kind.value, order.pk, (fact,)))
    assert follow(order) == []


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


@pytest.mark.parametrize("state", KEPT)
@pytest.mark.parametrize(
    ("kind", "amount", "status"),
    [
        (Kind.REFUNDED, PART, "partly_refunded"),
        (Kind.CHARGED_BACK, ALL, "refunded"),
        (Kind.CHARGED, PART, "overcharged"),
    ],
)
def test_what_a_provider_tells(state: State, kind: Kind, amount: str, status: str) -> None:
    order = paid(state)
    tell(order, kind, amount)
    assert (again(order).state, again(order).payment_status) == (state, status)
    assert list(faults_of(again(order))) == []


@pytest.mark.parametrize("state", OVER)
def test_what_is_over_says_when_its_money_is_back(state: State) -> None:
    order = paid(state)
    process.take_step(order, delivered(order))
    assert follow(order) == []
    assert (again(order).state, again(order).payment_status) == (state, "refunded")
    assert list(faults_of(again(order))) == []


@pytest.mark.parametrize(
    ("state", "module", "read"),
    [(State.CONFIRMED, process, 1), (State.CANCELLED, ending, 2)],
)
def test_older_news_overwrites_nothing(
    monkeypatch: pytest.MonkeyPatch, state: State, module: Any, read: int
) -> None:
    """GIVEN a consumer that has read the payments when another hears of a refund and writes what
    the order says then, the first one leaves it so."""
    order = paid(state)
    payments_of, reads = module.payments_of, iter(range(1, 99))

    def slow(number: str) -> list[Payment]:
        known: list[Payment] = payments_of(number)
        if next(reads) == read:
            at_once(partial(tell, order, Kind.CHARGED_BACK, ALL))
        return known

    monkeypatch.setattr(module, "payments_of", slow)
    process.take_step(again(order), delivered(order))

    assert again(order).payment_status == "refunded"


def test_taken_up_again_while_another_finds_no_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN stock that comes when one consumer has found none, and another that confirms the
    order, the first one gives nothing back."""
    order, fall_short = paid(State.EXPIRED), late.fall_short

    def slow(*args: Any) -> Order | None:
        stock_article("GONE")
        monkeypatch.undo()
        at_once(partial(process.take_step, again(order), delivered(order)))
        at_once(partial(process.take_step, again(order), delivered(order)))
        return fall_short(*args)

    monkeypatch.setattr(late, "fall_short", slow)
    process.take_step(order, delivered(order))

    assert (again(order).state, again(order).payment_status) == ("confirmed", "charged")
    assert (refunds_of(order.pk), stock_of("GONE")) == ([], (8, 2))


def test_a_refused_refund_is_a_person_s(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """GIVEN a provider that refuses a refund, it is not asked for the same again and again."""
    asked: list[str] = []

    def refuse(self: TestGateway, *, refund: str, **options: Any) -> list[Fact]:
        asked.append(refund)
        if len(asked) > 2:  # else it would never end
            raise KeyboardInterrupt
        return [Fact(Kind.REFUND_FAILED, refund, Decimal(ALL), "EUR", PLACED, "too old")]

    monkeypatch.setattr(TestGateway, "refund", refuse)
    order = paid(State.CANCELLED)
    process.take_step(order, delivered(order))

    assert follow(order) == []

    assert asked == [f"{order.pk}/r1"]
    assert [(each.state, each.problem) for each in refunds_of(order.pk)] == [("failed", "too old")]
    assert again(order).payment_status == "charged"
    assert [each.message for each in caplog.records if each.levelname == "CRITICAL"] == [
        f"Payment {order.pk} charged: its refund of 28.90 EUR was refused, make it by hand"
    ]
