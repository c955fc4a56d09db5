"""The built-in gateway, as a provider: once per reference, whatever happens."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.errors import GatewayUnavailable, UntrustedNotification
from payments.facts import Fact, Kind
from payments.gateways.base import get_gateway
from payments.gateways.testing import (
    SIGNATURE,
    TestGateway,
    facts_of,
    notification_of,
    record_charge,
    settle,
)
from payments.models import TestCharge
from pricing.money import Money

pytestmark = pytest.mark.django_db

AMOUNT = Money(Decimal("24.90"), "EUR")
METHODS = ("test-ok", "test-declined", "test-unavailable", "test-action", "test-later")


def pay(method: str = "test-ok", reference: str = "A", *, capture: bool = True) -> list[Fact]:
    return TestGateway().pay(amount=AMOUNT, reference=reference, method=method, capture=capture)


def told(facts: list[Fact]) -> list[tuple[str, str, str]]:
    return [(fact.kind.value, fact.reference, str(fact.amount)) for fact in facts]


def test_it_is_the_default() -> None:
    assert isinstance(get_gateway(), TestGateway)
    assert get_gateway().methods == METHODS


def test_the_same_reference_is_charged_once() -> None:
    assert told(pay()) == told(pay()) == [("charged", "A:charged", "24.90")]

    row = TestCharge.objects.get(pk="A")
    assert (row.amount, row.currency, row.status) == (Decimal("24.90"), "EUR", "charged")


def test_a_refusal_is_final() -> None:
    (refusal,) = pay("test-declined")
    assert (refusal.kind, refusal.reason) == (Kind.DECLINED, "the card was refused")
    assert pay("test-ok") == [refusal]


def test_no_answer_leaves_nothing() -> None:
    with pytest.raises(GatewayUnavailable):
        pay("test-unavailable")
    assert not TestCharge.objects.filter(pk="A").exists()


def test_the_loser_of_a_race_gets_the_winner_s_charge() -> None:
    pay()
    late = TestCharge(
        reference="A",
        amount=Decimal("24.90"),
        currency="EUR",
        status=TestCharge.Status.DECLINED,
        created_at=timezone.now(),
    )
    assert record_charge(late).status == TestCharge.Status.CHARGED


def test_promised_then_taken_in_part() -> None:
    assert told(pay(capture=False)) == [("authorized", "A:authorized", "24.90")]
    part = Money(Decimal("20.00"), "EUR")
    taken = TestGateway().capture(amount=part, reference="A")
    assert told(taken) == [
        ("authorized", "A:authorized", "24.90"),
        ("charged", "A:charged", "20.00"),
        ("voided", "A:voided", "4.90"),
    ]
    assert TestGateway().capture(amount=AMOUNT, reference="A") == taken


def test_no_more_is_taken_than_was_promised() -> None:
    pay(capture=False)
    more = Money(Decimal("24.91"), "EUR")
    assert told(TestGateway().capture(amount=more, reference="A")) == [
        ("authorized", "A:authorized", "24.90")
    ]


def test_a_promise_given_back() -> None:
    pay(capture=False)
    assert told(TestGateway().void(reference="A"))[1:] == [("voided", "A:voided", "24.90")]
    assert told(TestGateway().capture(amount=AMOUNT, reference="A"))[1:] == [
        ("voided", "A:voided", "24.90")
    ]


def test_what_was_taken_is_not_voided() -> None:
    pay()
    assert told(TestGateway().void(reference="A")) == [("charged", "A:charged", "24.90")]


def test_each_fact_has_its_own_moment() -> None:
    """They stand in an order's timeline."""
    pay("test-later", capture=False)
    settle(reference="A", succeeds=True)
    TestGateway().capture(amount=AMOUNT, reference="A")
    part = Money(Decimal("10.00"), "EUR")
    for refund in ("A:1", "A:2"):
        facts = TestGateway().refund(amount=part, reference="A", refund=refund)

    moments = {fact.reference: fact.at for fact in facts}
    began, charged = moments["A:pending"], moments["A:charged"]
    assert began < charged < moments["A:1"] < moments["A:2"]
    assert facts_of(TestCharge.objects.get(pk="A")) == facts  # as often as they are asked for


def test_a_refund_of_before_has_the_charge_s_moment() -> None:
    """As code of before wrote it."""
    pay()
    TestCharge.objects.filter(pk="A").update(refunds={"A:1": "10.00"})
    charged, refunded = facts_of(TestCharge.objects.get(pk="A"))
    assert (refunded.kind, refunded.at) == (Kind.REFUNDED, charged.at)


def test_nobody_has_asked_for_it() -> None:
    assert TestGateway().void(reference="A") == []


@pytest.mark.parametrize("method", ["test-action", "test-later"])
@pytest.mark.parametrize("succeeds", [True, False])
def test_one_that_waits(method: str, succeeds: bool) -> None:
    first = {"test-action": "action_required", "test-later": "pending"}[method]
    assert [fact.kind.value for fact in pay(method)] == [first]
    last = "charged" if succeeds else "declined"
    for _ in range(2):
        row = settle(reference="A", succeeds=succeeds)
        assert [fact.kind.value for fact in facts_of(row)] == [first, last]
    assert [fact.kind.value for fact in pay(method)] == [first, last]


def test_a_void_ends_one_that_waits() -> None:
    pay("test-later")
    assert told(TestGateway().void(reference="A"))[1:] == [("voided", "A:voided", "0")]
    assert settle(reference="A", succeeds=True).status == "voided"


def test_refunds_up_to_what_was_taken() -> None:
    pay()

    def refund(amount: str, name: str) -> list[tuple[str, str, str]]:
        money = Money(Decimal(amount), "EUR")
        return told(TestGateway().refund(amount=money, reference="A", refund=name))[1:]

    assert refund("20.00", "r1") == refund("20.00", "r1") == [("refunded", "r1", "20.00")]
    assert refund("4.91", "r2") == [
        ("refunded", "r1", "20.00"),
        ("refund_failed", "r2", "4.91"),
    ]
    assert refund("4.90", "r3") == [("refunded", "r1", "20.00"), ("refunded", "r3", "4.90")]


def test_a_notification() -> None:
    pay("test-later")
    row = settle(reference="A", succeeds=True)
    body, headers = notification_of(row, facts_of(row)[-1])
    notification = TestGateway().read_notification(body=body, headers=headers)
    assert (notification.id, notification.reference) == ("evt:A:charged:charged", "A")
    assert told(list(notification.facts)) == [("charged", "A:charged", "24.90")]


@pytest.mark.parametrize(
    ("body", "signed"),
    [
        (b'{"id": "1", "reference": "A", "facts": []}', False),
        (b"no JSON", True),
        (b"[]", True),
        (b'{"id": "1", "reference": "A", "facts": [{"kind": "robbed"}]}', True),
        (b'{"id": "1", "reference": "A", "facts": [{"kind": "charged", "reference": "x", '
         b'"amount": "much", "currency": "EUR", "at": "2026-03-01T12:00:00Z"}]}', True),
    ],
)  # fmt: skip
def test_no_notification(body: bytes, signed: bool) -> None:
    from payments.gateways.testing import signature_of

    headers = {SIGNATURE: signature_of(body if signed else b"another")}
    with pytest.raises(UntrustedNotification):
        TestGateway().read_notification(body=body, headers=headers)
