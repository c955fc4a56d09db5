"""Money that goes back: never more than came, and each refund once."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from outbox.models import OutboxMessage
from payments.errors import RefundTooLarge
from payments.facts import NOTHING, Fact, Kind
from payments.gateways.testing import TestGateway
from payments.models import Payment, Refund, TestCharge
from payments.selectors import refunds_of
from payments.services import request_refund
from tests.cart.races import at_once
from tests.payments.paying import (
    ORDER,
    PROCESS,
    TOTAL,
    fact,
    kinds,
    notify,
    pay,
    stored,
    take,
    take_all,
    waiting,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOTIFICATIONS, REFUNDS = "payments.notifications", "payments.refunds"
ALL, HALF = Decimal("28.90"), Decimal("14.45")
Outcome = tuple[str, Decimal, str]


def request(number: int = 1, amount: Decimal = ALL) -> Refund:
    """As whoever gives money back does it: in a transaction that has read the payment."""
    with transaction.atomic():
        return request_refund(payment=stored(), number=number, amount=amount, reason="by a person")


def tried(number: int, amount: Decimal = ALL) -> Refund | RefundTooLarge:
    try:
        return retry_on_conflict(partial(request, number, amount))
    except RefundTooLarge as refusal:
        return refusal


def outcomes() -> list[Outcome]:
    return [(each.state, each.amount, each.problem) for each in refunds_of(ORDER)]


def given_back() -> dict[str, str]:
    return TestCharge.objects.get(pk=ORDER).refunds


def test_from_the_request_to_the_money() -> None:
    pay()

    refund = request()
    assert (refund.reference, str(refund)) == (f"{ORDER}/r1", f"{ORDER}/r1 requested")
    assert outcomes() == [("requested", ALL, "")]
    assert (stored().refunds_pending, stored().refundable, given_back()) == (ALL, NOTHING, {})

    assert take_all(REFUNDS) == [True]
    assert outcomes() == [("succeeded", ALL, "")]
    assert (stored().state, stored().refunds_pending, stored().refundable) == (
        "refunded",
        NOTHING,
        NOTHING,
    )
    assert given_back() == {f"{ORDER}/r1": "28.90"}
    assert (waiting(REFUNDS), len(waiting(PROCESS))) == ([], 1)


def test_in_parts() -> None:
    pay()
    request(1, HALF)
    request(2, HALF)
    assert (stored().refunds_pending, stored().refundable) == (ALL, NOTHING)
    assert take_all(REFUNDS) == [True, True]
    assert outcomes() == [("succeeded", HALF, ""), ("succeeded", HALF, "")]
    assert (stored().state, stored().refunds_pending) == ("refunded", NOTHING)


@pytest.mark.parametrize("amount", [ALL + Decimal("0.01"), Decimal("1000")])
def test_no_more_than_came(amount: Decimal) -> None:
    pay()
    with pytest.raises(RefundTooLarge, match=f"{amount} cannot be refunded: 28.90 is left."):
        request(1, amount)
    assert (outcomes(), waiting(REFUNDS)) == ([], [])


def test_nothing_of_what_was_only_promised() -> None:
    pay(capture=False)
    with pytest.raises(RefundTooLarge):
        request(1, Decimal("0.01"))


def test_requested_by_four_at_once_never_exceeds() -> None:
    pay()

    results = at_once(*[partial(tried, number) for number in (1, 2, 3, 4)])

    assert sorted(type(each).__name__ for each in results) == ["Refund", *["RefundTooLarge"] * 3]
    assert (len(outcomes()), stored().refunds_pending) == (1, ALL)
    take_all(REFUNDS)
    assert list(given_back().values()) == ["28.90"]


def test_halves_requested_by_three_at_once() -> None:
    pay()
    at_once(*[partial(tried, number, HALF) for number in (1, 2, 3)])
    assert (len(outcomes()), stored().refunds_pending, stored().refundable) == (2, ALL, NOTHING)


def test_requested_between_reading_and_writing() -> None:
    """GIVEN somebody who was faster, the request fails at the commit, and is too large then."""
    pay()

    with pytest.raises(ConflictError), transaction.atomic():
        read = stored()
        at_once(partial(request, 1))
        request_refund(payment=read, number=2, amount=ALL, reason="by a person")

    assert (len(outcomes()), stored().refunds_pending) == (1, ALL)
    assert isinstance(tried(2), RefundTooLarge)


def test_the_same_request_at_once_is_made_once() -> None:
    """Two consumers settle the same order: the number decides, or what is left does."""
    pay()
    at_once(*[partial(tried_once, 1)] * 3)
    assert (outcomes(), stored().refunds_pending) == ([("requested", ALL, "")], ALL)
    assert len(waiting(REFUNDS)) == 1


def tried_once(number: int) -> Any:
    try:
        return tried(number, HALF + HALF)
    except IntegrityError as duplicate:
        return duplicate


def test_a_number_is_of_one_refund() -> None:
    pay()
    request(1, HALF)
    with pytest.raises(IntegrityError):
        request(1, HALF)
    assert (len(outcomes()), stored().refunds_pending) == (1, HALF)


def test_delivered_five_times_at_once() -> None:
    pay()
    request()
    (message,) = waiting(REFUNDS)

    assert at_once(*[partial(take, message, REFUNDS)] * 5) == [True] * 5

    assert outcomes() == [("succeeded", ALL, "")]
    assert (kinds(), stored().refunds_pending) == (["charged", "refunded"], NOTHING)
    assert (given_back(), waiting(REFUNDS)) == ({f"{ORDER}/r1": "28.90"}, [])
    assert len(waiting(PROCESS)) == 1


def test_who_died_after_the_gateway_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pay()
    request()
    (message,) = waiting(REFUNDS)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("payments.services.note_refund", killed)
        take(message, REFUNDS)
    assert (outcomes(), given_back()) == (
        [("requested", ALL, "")],
        {f"{ORDER}/r1": "28.90"},
    )

    assert take(message, REFUNDS) is True

    assert (outcomes(), given_back()) == ([("succeeded", ALL, "")], {f"{ORDER}/r1": "28.90"})


def killed(*args: Any, **options: Any) -> None:
    raise KeyboardInterrupt


def test_the_provider_tells_before_our_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a notification of a refund that nobody has noted, the message finds it done."""
    pay()
    refund = request()
    (message,) = waiting(REFUNDS)
    TestGateway().refund(amount=TOTAL, reference=ORDER, refund=refund.reference)
    notify(fact(Kind.REFUNDED, reference=refund.reference))
    assert take_all(NOTIFICATIONS) == [True]
    assert (outcomes(), stored().refunds_pending) == ([("succeeded", ALL, "")], NOTHING)

    monkeypatch.setattr(TestGateway, "refund", killed)  # who is asked no more
    assert take(message, REFUNDS) is True

    assert (kinds(), stored().refunds_pending) == (["charged", "refunded"], NOTHING)
    assert given_back() == {f"{ORDER}/r1": "28.90"}


def test_the_provider_tells_while_we_note() -> None:
    pay()
    refund = request()
    notify(fact(Kind.REFUNDED, reference=refund.reference))
    (requested,), (notified,) = waiting(REFUNDS), waiting(NOTIFICATIONS)

    taken = at_once(partial(take, requested, REFUNDS), partial(take, notified, NOTIFICATIONS))

    assert taken == [True, True]
    assert (outcomes(), stored().refunds_pending) == ([("succeeded", ALL, "")], NOTHING)
    assert kinds() == ["charged", "refunded"]


def test_a_provider_that_tells_later(monkeypatch: pytest.MonkeyPatch) -> None:
    pay()
    refund = request()
    monkeypatch.setattr(TestGateway, "refund", lambda self, **options: [fact(Kind.CHARGED)])

    assert take_all(REFUNDS) == [True]
    assert outcomes() == [("pending", ALL, "")]
    assert stored().refunds_pending == ALL

    notify(fact(Kind.REFUNDED, reference=refund.reference))
    assert take_all(NOTIFICATIONS) == [True]
    assert (outcomes(), stored().refunds_pending) == ([("succeeded", ALL, "")], NOTHING)


def test_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a refused refund had set aside can be refunded again."""
    pay()
    request()
    monkeypatch.setattr(TestGateway, "refund", refused)

    assert take_all(REFUNDS) == [True]

    assert outcomes() == [("failed", ALL, "the account is closed")]
    assert (stored().state, stored().refunds_pending, stored().refundable) == (
        "charged",
        NOTHING,
        ALL,
    )
    assert waiting(REFUNDS) == []


def refused(self: TestGateway, *, refund: str, **options: Any) -> list[Fact]:
    at = TestCharge.objects.get(pk=ORDER).created_at
    reason = "the account is closed"
    return [Fact(Kind.REFUND_FAILED, refund, ALL, TOTAL.currency, at, reason)]


def test_a_refund_that_the_provider_makes_by_itself() -> None:
    """Nobody has requested it here: it counts, and less is left."""
    pay()
    notify(fact(Kind.REFUNDED, "10.00", reference="re_1"))
    assert take_all(NOTIFICATIONS) == [True]
    assert (outcomes(), stored().refundable) == ([], Decimal("18.90"))
    with pytest.raises(RefundTooLarge):
        request(1, Decimal("18.91"))


def test_charged_back_while_a_refund_is_under_way() -> None:
    pay()
    request(1, HALF)
    notify(fact(Kind.CHARGED_BACK))
    assert take_all(NOTIFICATIONS) == [True]
    assert (stored().state, stored().refundable) == ("refunded", NOTHING)


def test_what_was_requested_is_told_with_it() -> None:
    """The request and its message are one: who dies before the commit has requested nothing."""
    pay()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        request_refund(payment=stored(), number=1, amount=ALL, reason="by a person")
        raise KeyboardInterrupt
    assert (outcomes(), stored().refunds_pending) == ([], NOTHING)
    assert not OutboxMessage.objects.exists()
    assert Payment.objects.count() == 1
