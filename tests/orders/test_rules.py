"""States, numbers and secrets, without a database."""

import pytest

from orders.guest_secrets import is_order_secret, order_secret
from orders.numbers import NUMBER, new_number, parse_number
from orders.states import FOLLOWERS, IllegalTransition, Status, check_transition

LEGAL = {
    ("created", "prepared"),
    ("created", "cancelled"),
    ("prepared", "billed"),
    ("prepared", "cancelled"),
    ("prepared", "held"),
    ("held", "cancelled"),
    ("billed", "confirmed"),
}


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_transitions(before: Status, after: Status) -> None:
    if (before.value, after.value) in LEGAL:
        check_transition(before, after)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(before, after)


def test_every_state_has_its_followers_listed() -> None:
    assert set(FOLLOWERS) == set(Status)


def test_numbers() -> None:
    numbers = {new_number() for _ in range(1000)}

    assert len(numbers) == 1000
    assert all(NUMBER.fullmatch(number) for number in numbers)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("K7Q2-9FXM-3TBD", "K7Q2-9FXM-3TBD"),
        (" k7q2-9fxm-3tbd ", "K7Q2-9FXM-3TBD"),
        ("K7Q2-9FXM", None),
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
