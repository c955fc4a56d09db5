"""States, numbers and secrets, without a database."""

import pytest

from orders.guest_secrets import is_order_secret, order_secret
from orders.numbers import NUMBER, new_number, parse_number
from orders.states import (
    FOLLOWERS,
    FulfilmentStatus,
    IllegalTransition,
    State,
    Status,
    check_transition,
    status_of,
)
from payments.states import PaymentStatus

LEGAL = {
    ("created", "prepared"),
    ("created", "cancelled"),
    ("prepared", "confirmed"),
    ("prepared", "expired"),
    ("prepared", "cancelled"),
    ("prepared", "held"),
    ("held", "cancelled"),
    ("billed", "confirmed"),
    ("confirmed", "cancelled"),
    ("back_ordered", "confirmed"),
    ("back_ordered", "cancelled"),
    ("expired", "prepared"),
    ("expired", "back_ordered"),
}


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_transitions(before: State, after: State) -> None:
    if (before.value, after.value) in LEGAL:
        check_transition(before, after)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(before, after)


def test_every_state_has_its_followers_listed() -> None:
    assert set(FOLLOWERS) == set(State)


@pytest.mark.parametrize(
    ("state", "paid", "fulfilled", "status"),
    [
        ("created", "none", "unfulfilled", Status.OPEN),
        ("prepared", "authorized", "unfulfilled", Status.OPEN),
        ("billed", "charged", "unfulfilled", Status.OPEN),
        ("confirmed", "charged", "unfulfilled", Status.CONFIRMED),
        ("confirmed", "charged", "fulfilled", Status.CONFIRMED),
        ("confirmed", "charged", "delivered", Status.COMPLETED),
        ("confirmed", "authorized", "delivered", Status.CONFIRMED),
        ("confirmed", "partly_charged", "delivered", Status.CONFIRMED),
        ("confirmed", "partly_refunded", "partly_returned", Status.COMPLETED),
        ("confirmed", "refunded", "returned", Status.COMPLETED),
        ("back_ordered", "charged", "unfulfilled", Status.CONFIRMED),
        ("held", "overcharged", "unfulfilled", Status.HELD),
        ("cancelled", "refunded", "unfulfilled", Status.CANCELLED),
        ("expired", "none", "unfulfilled", Status.EXPIRED),
    ],
)
def test_what_the_parts_say(state: str, paid: str, fulfilled: str, status: Status) -> None:
    parts = State(state), PaymentStatus(paid), FulfilmentStatus(fulfilled)
    assert status_of(*parts) == status


def test_numbers() -> None:
    numbers = {new_number() for _ in range(1000)}

    assert len(numbers) == 1000
    assert all(NUMBER.fullmatch(number) for number in numbers)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("K7Q2-9FXM-3TBD", "K7Q2-9FXM-3TBD"),
        (" k7q2-9fxm-3tbd ", "K7Q2-9FXM-3TBD"),
        ("k7q29fxm3tbd", "K7Q2-9FXM-3TBD"),
        ("K7Q2 9FXM 3TBD", "K7Q2-9FXM-3TBD"),
        ("K7Q2\u20119FXM\u2013\u00a03TBD", "K7Q2-9FXM-3TBD"),  # as mail programs break it
        ("o0Oo-iI1l-LLOO", "0000-1111-1100"),
        ("K7Q2-9FXM", None),
        ("K7Q2-9FXM-3TBD-", None),
        ("K7Q2-9FXM-3TBÐ", None),
        ("K7Q2-9FXM-3TB\u0131", None),  # its capital is an I
        ("\u0667" * 12, None),  # digits, but not ours
        ("ILOU-ILOU-ILOU", None),
        ("K7Q2-9FXM-3TBD\n-", None),
        ("", None),
    ],
)
def test_typed_numbers(text: str, number: str | None) -> None:
    assert parse_number(text) == number


def test_secrets() -> None:
    secret = order_secret("K7Q2-9FXM-3TBD")

    assert len(secret) == 43
    assert is_order_secret("K7Q2-9FXM-3TBD", secret)
    assert not is_order_secret("K7Q2-9FXM-3TBE", secret)
    assert not is_order_secret("K7Q2-9FXM-3TBD", "")
