"""Facts are a set: however often they are told, and in whichever order, they say the same."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.facts import NOTHING, Fact, Kind, Sums, with_new
from payments.models import Payment
from payments.states import PaymentStatus, State, payment_status, state_of

AT = datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC)
TOTAL = Decimal("28.90")
HALF, REST = Decimal("14.45"), Decimal("0.01")
REASON = "the card was refused"
SUMS: dict[Kind, str] = {
    Kind.AUTHORIZED: "authorized",
    Kind.CHARGED: "charged",
    Kind.VOIDED: "voided",
    Kind.REFUNDED: "refunded",
    Kind.CHARGED_BACK: "refunded",
}


def fact(kind: Kind, amount: Decimal = TOTAL, reference: str = "", **columns: Any) -> Fact:
    return Fact(kind, reference or f"A:{kind.value}", amount, "EUR", AT, **columns)


def facts() -> st.SearchStrategy[list[Fact]]:
    """Those of a payment, no two of which tell the same."""
    one = st.builds(
        fact,
        st.sampled_from(Kind),
        st.decimals(0, 10**6, places=2),
        st.sampled_from(("A:1", "A:2", "A:3")),
    )
    return st.lists(one, max_size=12, unique_by=Fact.tells)


def shuffled(known: list[Fact]) -> st.SearchStrategy[list[Fact]]:
    return st.permutations([*known, *known[: len(known) // 2]])


ORDERS = facts().flatmap(lambda known: st.tuples(st.just(known), shuffled(known)))
given_orders = settings(derandomize=True, database=None, deadline=None)


@given_orders
@given(ORDERS)
def test_any_order_makes_the_same_state(orders: tuple[list[Fact], list[Fact]]) -> None:
    known, told = orders
    learned = with_new([], told)
    assert set(learned) == set(known)
    assert len(learned) == len(known)
    assert Sums.of(learned) == Sums.of(known)
    assert state_of(learned) == state_of(known)
    paid = [payment_status(Sums.of(each), TOTAL) for each in (learned, known)]
    assert paid[0] == paid[1]


@given_orders
@given(ORDERS, st.integers(0, 18))
def test_in_parts_they_are_learned_as_at_once(
    orders: tuple[list[Fact], list[Fact]], at: int
) -> None:
    known, told = orders
    payment = Payment(order="A", number=1, currency="EUR", facts=[])
    payment.learn(told[:at])
    payment.learn(told[at:])
    assert (payment.sums, payment.state) == (Sums.of(known), state_of(known))
    assert not payment.learn(known)


@given_orders
@given(facts())
def test_each_amount_is_in_one_sum(known: list[Fact]) -> None:
    sums = Sums.of(known)
    for name in set(SUMS.values()):
        kinds = {kind for kind, sum_name in SUMS.items() if sum_name == name}
        assert getattr(sums, name) == sum(
            (each.amount for each in known if each.kind in kinds), NOTHING
        )
    assert sums.open == max(NOTHING, sums.authorized - sums.charged - sums.voided)
    assert sums.kept == sums.charged - sums.refunded


@given_orders
@given(facts(), facts())
def test_sums_of_several_add_up(one: list[Fact], other: list[Fact]) -> None:
    assert Sums.of(one) + Sums.of(other) == Sums.of([*one, *other])


@given_orders
@given(facts())
def test_stored_and_read_they_are_the_same(known: list[Fact]) -> None:
    told = [each._replace(reason=REASON) for each in known]
    assert [Fact.of(each.as_data()) for each in (*known, *told)] == [*known, *told]


def test_what_is_stored() -> None:
    assert fact(Kind.DECLINED, reason=REASON).as_data() == {
        "kind": "declined",
        "reference": "A:declined",
        "amount": "28.90",
        "currency": "EUR",
        "at": "2026-03-01T12:00:00.250000Z",
        "reason": REASON,
    }
    assert "reason" not in fact(Kind.CHARGED).as_data()


def test_the_first_that_is_told_stays() -> None:
    """A provider that tells another amount under the same reference is not believed."""
    payment = Payment(order="A", number=1, currency="EUR", facts=[])
    assert payment.learn([fact(Kind.CHARGED)]) is True
    assert payment.learn([fact(Kind.CHARGED, HALF)]) is False
    assert payment.sums.charged == TOTAL


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ([], State.ASKED),
        ([fact(Kind.PENDING)], State.PENDING),
        ([fact(Kind.PENDING), fact(Kind.ACTION_REQUIRED)], State.ACTION_REQUIRED),
        ([fact(Kind.ACTION_REQUIRED), fact(Kind.DECLINED)], State.DECLINED),
        ([fact(Kind.PENDING), fact(Kind.VOIDED, NOTHING)], State.VOIDED),
        ([fact(Kind.DECLINED), fact(Kind.VOIDED)], State.VOIDED),
        ([fact(Kind.AUTHORIZED)], State.AUTHORIZED),
        ([fact(Kind.DECLINED), fact(Kind.AUTHORIZED)], State.AUTHORIZED),
        ([fact(Kind.AUTHORIZED), fact(Kind.VOIDED)], State.VOIDED),
        ([fact(Kind.AUTHORIZED), fact(Kind.VOIDED, HALF)], State.AUTHORIZED),
        ([fact(Kind.AUTHORIZED), fact(Kind.CHARGED, HALF)], State.CHARGED),
        ([fact(Kind.CHARGED), fact(Kind.DECLINED)], State.CHARGED),
        ([fact(Kind.VOIDED, NOTHING), fact(Kind.CHARGED)], State.CHARGED),
        ([fact(Kind.CHARGED), fact(Kind.REFUNDED, HALF)], State.CHARGED),
        ([fact(Kind.CHARGED), fact(Kind.REFUNDED)], State.REFUNDED),
        ([fact(Kind.CHARGED), fact(Kind.CHARGED_BACK)], State.REFUNDED),
        ([fact(Kind.CHARGED), fact(Kind.REFUND_FAILED)], State.CHARGED),
    ],
)
def test_the_state_of_one(known: list[Fact], state: State) -> None:
    assert state_of(known) == state


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ([], PaymentStatus.NONE),
        ([fact(Kind.PENDING), fact(Kind.DECLINED)], PaymentStatus.NONE),
        ([fact(Kind.AUTHORIZED, HALF)], PaymentStatus.PARTLY_AUTHORIZED),
        ([fact(Kind.AUTHORIZED)], PaymentStatus.AUTHORIZED),
        ([fact(Kind.AUTHORIZED), fact(Kind.VOIDED)], PaymentStatus.NONE),
        ([fact(Kind.AUTHORIZED), fact(Kind.CHARGED, HALF)], PaymentStatus.PARTLY_CHARGED),
        ([fact(Kind.CHARGED)], PaymentStatus.CHARGED),
        ([fact(Kind.CHARGED, TOTAL + REST)], PaymentStatus.OVERCHARGED),
        ([fact(Kind.CHARGED), fact(Kind.REFUNDED, REST)], PaymentStatus.PARTLY_REFUNDED),
        ([fact(Kind.CHARGED), fact(Kind.REFUNDED)], PaymentStatus.REFUNDED),
        (
            [fact(Kind.CHARGED), fact(Kind.REFUNDED), fact(Kind.CHARGED_BACK)],
            PaymentStatus.REFUNDED,
        ),
    ],
)
def test_the_status_of_all(known: Sequence[Fact], status: PaymentStatus) -> None:
    assert payment_status(Sums.of(known), TOTAL) == status


def test_what_costs_nothing_is_paid() -> None:
    assert payment_status(Sums(), NOTHING) == PaymentStatus.CHARGED


@pytest.mark.parametrize(
    "data",
    [
        {},
        {**fact(Kind.CHARGED).as_data(), "kind": "robbed"},
        {**fact(Kind.CHARGED).as_data(), "at": "yesterday"},
    ],
)
def test_no_fact(data: dict[str, str]) -> None:
    with pytest.raises((ValueError, KeyError)):
        Fact.of(data)
