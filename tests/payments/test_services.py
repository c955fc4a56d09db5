"""Asking a gateway and hearing from it, by several at once and in any order."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.patience import deadline
from outbox.records import TryLater
from payments import services
from payments.errors import GatewayUnavailable
from payments.facts import NOTHING, Fact, Kind
from payments.gateways.testing import TestGateway, facts_of, settle
from payments.models import NotificationEntry, Payment, TestCharge
from tests.cart.races import at_once
from tests.payments.paying import (
    ORDER,
    PROCESS,
    TOTAL,
    fact,
    kinds,
    notify,
    pay,
    recall,
    stored,
    take,
    take_all,
    waiting,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOTIFICATIONS = "payments.notifications"


# Paying ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "capture", "kind", "state"),
    [
        ("test-ok", True, "charged", "charged"),
        ("test-ok", False, "authorized", "authorized"),
        ("test-declined", True, "declined", "declined"),
        ("test-later", True, "pending", "pending"),
        ("test-action", False, "action_required", "action_required"),
    ],
)
def test_what_the_gateway_says_is_kept(method: str, capture: bool, kind: str, state: str) -> None:
    payment = pay(method, capture=capture)
    assert (payment.state, stored().state, kinds()) == (state, state, [kind])
    assert (stored().gateway, stored().method) == ("test", method)
    assert (stored().amount, stored().currency) == (Decimal("28.90"), "EUR")


def test_two_consumers_pay_at_once() -> None:
    payments = at_once(*[pay] * 4)
    assert [payment.state for payment in payments] == ["charged"] * 4
    assert len(Payment.objects.all()) == len(TestCharge.objects.all()) == 1
    assert (kinds(), stored().sums.charged) == (["charged"], Decimal("28.90"))


def test_who_died_before_the_note_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(services, "keep", killed)
        pay()
    assert not Payment.objects.exists()
    assert pay().state == "charged"
    assert len(TestCharge.objects.all()) == 1


def killed(*args: Any) -> None:
    raise KeyboardInterrupt


def test_no_answer_leaves_no_payment() -> None:
    with pytest.raises(GatewayUnavailable):
        pay("test-unavailable")
    assert not Payment.objects.exists()


@pytest.mark.parametrize("ask", [pay, recall])
def test_no_gateway_is_asked_with_too_little_time(ask: Any) -> None:
    """GIVEN less than the five seconds that the gateway may take, another delivery asks it."""
    with deadline(4.9), pytest.raises(TryLater, match="too little time is left"):
        ask()
    assert not TestCharge.objects.exists()


def test_promised_then_taken() -> None:
    taken = services.capture(payment=pay(capture=False), amount=TOTAL)
    assert (taken.state, kinds()) == ("charged", ["authorized", "charged"])
    assert (stored().sums.open, stored().sums.charged) == (NOTHING, Decimal("28.90"))


@pytest.mark.parametrize("method", ["test-ok", "test-later"])
def test_a_promise_is_given_back(method: str) -> None:
    voided = services.void(payment=pay(method, capture=False))
    assert (voided.state, stored().state, stored().sums.open) == ("voided", "voided", NOTHING)


def test_taken_and_given_back_at_once() -> None:
    """Whichever the gateway hears first is what both of them know in the end."""
    payment = pay(capture=False)
    at_once(
        partial(retried, services.capture, payment=payment, amount=TOTAL),
        partial(retried, services.void, payment=payment),
    )
    assert as_the_gateway_knows()


def retried(act: Any, **arguments: Any) -> Any:
    return retry_on_conflict(partial(act, **arguments))


def as_the_gateway_knows() -> bool:
    return {each.tells() for each in stored().known} == {
        each.tells() for each in facts_of(TestCharge.objects.get(pk=ORDER))
    }


# Recalling -------------------------------------------------------------------------------


def test_nobody_has_asked_for_it() -> None:
    assert recall() is None
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("method", "capture", "state"),
    [
        ("test-ok", True, "charged"),
        ("test-ok", False, "voided"),
        ("test-later", True, "voided"),
        ("test-declined", True, "declined"),
    ],
)
def test_asked_for_and_not_noted(method: str, capture: bool, state: str) -> None:
    TestGateway().pay(amount=TOTAL, reference=ORDER, method=method, capture=capture)
    payment = recall()
    assert payment is not None
    assert (payment.state, stored().state) == (state, state)


@pytest.mark.parametrize("method", ["test-ok", "test-later"])
def test_asked_for_and_recalled_at_once(method: str) -> None:
    at_once(partial(retried, pay, method=method), partial(retried, recall))
    assert len(Payment.objects.all()) == 1
    assert as_the_gateway_knows()


# Hearing ---------------------------------------------------------------------------------


def test_a_notification_before_the_payment() -> None:
    """The provider is faster than our own note: the notification waits for that."""
    assert notify(fact(Kind.CHARGED)) is True
    (message,) = waiting(NOTIFICATIONS)

    assert take(message, NOTIFICATIONS) is False
    assert [each.pk for each in waiting(NOTIFICATIONS)] == [message.pk]

    pay("test-later")
    assert take(message, NOTIFICATIONS) is True
    assert kinds() == ["pending", "charged"]
    assert waiting(NOTIFICATIONS) == []
    assert len(waiting(PROCESS)) == 1


def test_a_notification_and_the_payment_at_once() -> None:
    notify(fact(Kind.CHARGED))
    (message,) = waiting(NOTIFICATIONS)

    at_once(partial(pay, "test-later"), partial(take, message, NOTIFICATIONS))

    take_all(NOTIFICATIONS)
    assert sorted(kinds()) == ["charged", "pending"]
    assert len(waiting(PROCESS)) == 1


def test_kept_with_its_message_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a process that dies between the two, the provider's next try is the first."""
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(services, "emit", killed)
        notify(fact(Kind.CHARGED))
    assert not NotificationEntry.objects.exists()

    assert [notify(fact(Kind.CHARGED)) for _ in range(2)] == [True, False]
    assert len(waiting(NOTIFICATIONS)) == 1


def test_a_notification_delivered_five_times_at_once() -> None:
    pay("test-later")
    notify(fact(Kind.CHARGED))
    (message,) = waiting(NOTIFICATIONS)

    assert at_once(*[partial(take, message, NOTIFICATIONS)] * 5) == [True] * 5

    assert (kinds(), waiting(NOTIFICATIONS)) == (["pending", "charged"], [])
    assert len(waiting(PROCESS)) == 1


def test_three_notifications_at_once() -> None:
    """Of one payment, as providers send them: none is lost, and none has to come again."""
    pay("test-later")
    facts = [fact(Kind.AUTHORIZED), fact(Kind.CHARGED), fact(Kind.CHARGED_BACK, "1.00")]
    for number, each in enumerate(facts):
        notify(each, name=f"evt_{number}")

    messages = waiting(NOTIFICATIONS)
    taken = at_once(*[partial(take, message, NOTIFICATIONS) for message in messages])

    assert taken == [True] * 3
    assert sorted(kinds()) == ["authorized", "charged", "charged_back", "pending"]
    assert stored().sums.kept == Decimal("27.90")
    assert len(waiting(PROCESS)) == 3


def test_what_is_no_news_is_told_to_nobody() -> None:
    pay()
    notify(fact(Kind.CHARGED))
    assert take_all(NOTIFICATIONS) == [True]
    assert (kinds(), waiting(PROCESS)) == (["charged"], [])


def test_a_payment_that_changes_under_the_note_is_read_again() -> None:
    """GIVEN a fact that comes between reading and writing, the write fails: neither is lost."""
    payment = pay("test-later")

    with pytest.raises(ConflictError), transaction.atomic():
        read = Payment.objects.get(order=ORDER, number=1)
        at_once(partial(services.note_facts, order=ORDER, number=1, told=[fact(Kind.AUTHORIZED)]))
        services.learn(read, [fact(Kind.CHARGED)])

    assert kinds() == ["pending", "authorized"]
    services.note_facts(order=payment.order, number=1, told=[fact(Kind.CHARGED)])
    assert kinds() == ["pending", "authorized", "charged"]


def test_the_bank_answers_while_the_shop_gives_up() -> None:
    """Whichever comes first: what the gateway says afterwards is what is known."""
    payment = pay("test-later")
    at_once(
        partial(settle, reference=ORDER, succeeds=True),
        partial(retried, services.void, payment=payment),
    )
    told = [each for each in facts_of(TestCharge.objects.get(pk=ORDER)) if each.kind != "pending"]
    assert len(told) == 1
    assert kinds()[1:] == [told[0].kind.value]


def test_facts_are_never_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that has forgotten answers with less: what is known stays."""
    payment = pay()
    monkeypatch.setattr(TestGateway, "void", lambda self, reference: list[Fact]())
    assert services.void(payment=payment).state == "charged"
    assert kinds() == ["charged"]
