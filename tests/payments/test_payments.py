"""Payments are facts, whatever comes twice, late, at once or in another order."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from catalog.models import Variant
from dynamodb.conflicts import retry_on_conflict
from orders.models import Order
from outbox.models import OutboxMessage
from payments.errors import RefundTooLarge
from payments.facts import Fact, Kind, Sums, with_new
from payments.gateways.testing import facts_of, notification_of, settle
from payments.models import NotificationEntry, Payment, Refund, TestCharge
from payments.services import request_refund
from payments.states import PaymentStatus, payment_status, state_of
from tests.cart.articles import stock_article
from tests.cart.races import at_once
from tests.orders.shopping import deliver, follow, make_order, store_message

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "/api/v1/payments/test/notifications/"


def fact(kind: str, amount: str = "10.00", reference: str = "") -> Fact:
    return Fact(Kind(kind), reference or kind, Decimal(amount), "EUR", AT)


# Facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), "asked"),
        (("pending",), "pending"),
        (("pending", "action_required"), "action_required"),
        (("authorized",), "authorized"),
        (("authorized", "charged"), "charged"),
        (("authorized", "voided"), "voided"),
        (("pending", "declined"), "declined"),
        (("declined", "charged"), "charged"),
        (("action_required", "declined", "authorized"), "authorized"),
        (("charged", "refunded"), "refunded"),
        (("charged", "charged_back"), "refunded"),
        (("charged", "refund_failed"), "charged"),
    ],
)
def test_the_same_facts_in_any_order_make_the_same_state(
    kinds: tuple[str, ...], state: str
) -> None:
    for order in permutations(map(fact, kinds)):
        twice = with_new(with_new([], order), reversed(order))
        assert state_of(twice) == state
        assert len(twice) == len(kinds)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([], "none"),
        ([fact("authorized", "4.00")], "partly_authorized"),
        ([fact("authorized")], "authorized"),
        ([fact("charged", "4.00")], "partly_charged"),
        ([fact("charged")], "charged"),
        ([fact("charged", "11.00")], "overcharged"),
        ([fact("charged"), fact("refunded", "1.00")], "partly_refunded"),
        ([fact("charged"), fact("refunded")], "refunded"),
        ([fact("authorized"), fact("charged", "4.00"), fact("voided", "6.00")], "partly_charged"),
    ],
)
def test_what_payments_say_of_an_order_of_ten(facts: list[Fact], status: str) -> None:
    assert payment_status(Sums.of(facts), Decimal("10.00")) == status


def test_what_costs_nothing_is_paid() -> None:
    assert payment_status(Sums(), Decimal(0)) == PaymentStatus.CHARGED


def test_a_fact_is_stored_whole() -> None:
    told = Fact(Kind.DECLINED, "r", Decimal("12.255"), "KWD", AT, "no")
    assert Fact.of(told.as_data()) == told


# Refunds --------------------------------------------------------------------------------------


@pytest.fixture
def paid(mug: Variant) -> Order:
    order = make_order()
    assert deliver(order) == []
    return order


@pytest.fixture
def mug(db: None) -> Variant:
    return stock_article("MUG-RED")


def ask_for(order: Order, amount: str) -> str:
    def ask() -> None:
        with transaction.atomic():
            payment = Payment.objects.get(order=order.pk, number=1)
            number = Refund.objects.filter(order=order.pk).count() + 1
            request_refund(payment=payment, number=number, amount=Decimal(amount), reason="why")

    try:
        retry_on_conflict(ask)
    except RefundTooLarge as refused:
        return f"{refused.left} left"
    except Exception as error:
        return type(error).__name__
    return "asked"


@pytest.mark.django_db(transaction=True)
def test_no_more_is_refunded_than_was_charged(paid: Order) -> None:
    assert ask_for(paid, "20.00") == "asked"
    assert ask_for(paid, "20.00") == "8.90 left"  # also while the first is only asked for
    assert follow(paid) == []
    assert ask_for(paid, "8.91") == "8.90 left"
    assert ask_for(paid, "8.90") == "asked"
    assert follow(paid) == []
    payment = Payment.objects.get(order=paid.pk, number=1)
    assert (payment.sums.refunded, payment.refunds_pending) == (Decimal("28.90"), Decimal(0))
    assert {refund.state for refund in Refund.objects.all()} == {"succeeded"}
    assert Order.objects.get(pk=paid.pk).payment_status == "refunded"


@pytest.mark.django_db(transaction=True)
def test_of_five_refunds_at_once_one_is_made(paid: Order) -> None:
    outcomes = at_once(*[lambda: ask_for(paid, "20.00")] * 5)
    assert outcomes.count("asked") == 1
    assert follow(paid) == []
    (row,) = TestCharge.objects.all()
    assert list(row.refunds.values()) == ["20.00"]


@pytest.mark.django_db(transaction=True)
def test_a_refund_that_fails_can_be_asked_for_again(paid: Order) -> None:
    TestCharge.objects.update(refunds={"elsewhere": "28.00"})
    assert ask_for(paid, "20.00") == "asked"
    assert follow(paid) == []
    assert Refund.objects.get(order=paid.pk, number=1).state == "failed"
    assert Payment.objects.get(order=paid.pk, number=1).refunds_pending == 0
    TestCharge.objects.update(refunds={})
    assert ask_for(paid, "0.90") == "asked"  # 28.00 are known to have gone
    assert follow(paid) == []
    assert Refund.objects.get(order=paid.pk, number=2).state == "succeeded"


# Notifications --------------------------------------------------------------------------------


@pytest.fixture
def waiting(mug: Variant) -> TestCharge:
    """A payment whose bank has just answered."""
    order = make_order(payment_method="test-later", placed_at=datetime.now(UTC))
    message = store_message(order)
    assert deliver(order, message) == []
    return settle(reference=order.pk, succeeds=True)


def notify(body: bytes, headers: dict[str, str], url: str = URL) -> Any:
    kind = "application/json"
    text = body.decode()
    return APIClient().generic("POST", url, text, content_type=kind, headers=headers)


@pytest.mark.django_db(transaction=True)
def test_a_notification_is_kept_and_its_order_goes_on(waiting: TestCharge) -> None:
    body, headers = notification_of(waiting, facts_of(waiting)[-1])
    for _ in range(3):
        answer = notify(body, headers)
        assert (answer.status_code, answer.content) == (204, b"")
    assert NotificationEntry.objects.count() == 1

    order = Order.objects.get(pk=waiting.pk)
    assert order.state == "prepared"
    assert follow(order) == []
    order = Order.objects.get(pk=waiting.pk)
    assert (order.status, order.payment_status) == ("confirmed", "charged")
    assert [entry["status"] for entry in order.history] == ["created", "prepared", "confirmed"]


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_kept_once(waiting: TestCharge) -> None:
    body, headers = notification_of(waiting, facts_of(waiting)[-1])
    answers = at_once(*[lambda: notify(body, headers).status_code] * 10)
    assert answers == [204] * 10
    told = OutboxMessage.objects.filter(type="payment.notified")
    assert (NotificationEntry.objects.count(), told.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_notification_that_is_faster_than_our_note(waiting: TestCharge) -> None:
    """The payment has no row yet: the message comes again, and nothing is lost."""
    kept = Payment.objects.get(order=waiting.pk, number=1)
    Payment.objects.all().delete()
    notify(*notification_of(waiting, facts_of(waiting)[-1]))
    order = Order.objects.get(pk=waiting.pk)
    assert follow(order) == [{"itemIdentifier": "m-1"}]
    kept.save(force_insert=True)
    assert follow(order) == []
    assert Order.objects.get(pk=order.pk).status == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_who_is_not_the_provider_is_told_so(waiting: TestCharge) -> None:
    body, headers = notification_of(waiting, facts_of(waiting)[-1])
    forged = notify(body.replace(b"28.90", b"1.00"), headers)
    assert (forged.status_code, forged.json()["code"]) == (400, "untrusted_notification")
    unsigned = notify(body, {})
    assert (unsigned.status_code, unsigned.json()["code"]) == (400, "untrusted_notification")
    elsewhere = notify(body, headers, URL.replace("test", "stripe"))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "not_found")
    assert NotificationEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_notification_costs(waiting: TestCharge, calls: Any) -> None:
    body, headers = notification_of(waiting, facts_of(waiting)[-1])
    with calls() as made:
        assert notify(body, headers).status_code == 204
    assert [call.operation for call in made] == ["GetItem", "TransactWriteItems"]
