"""What may be in a cart, without a database."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from rest_framework.exceptions import ValidationError

from cart.errors import CartFull, CartLineNotFound
from cart.rules import Lines, add_to_lines, drop_from_lines, in_order, set_in_lines
from pricing.money import Money

STORED = {"price": "12.00", "currency": "EUR"}
NOW = datetime(2026, 3, 1, tzinfo=UTC)
# As code of before left it, without its currency.
MUG: Lines = {"MUG": {"quantity": 2, "price": "12.00", "added_at": "2026-02-01T00:00:00+00:00"}}


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_a_new_line() -> None:
    assert add_to_lines({}, sku="MUG", quantity=2, price=eur("12.00"), now=NOW) == {
        "MUG": {**STORED, "quantity": 2, "added_at": "2026-03-01T00:00:00+00:00"}
    }


def test_more_of_a_line_keeps_the_price_that_was_seen() -> None:
    assert add_to_lines(MUG, sku="MUG", quantity=1, price=eur("15.00"), now=NOW) == {
        "MUG": {"quantity": 3, "price": "12.00", "added_at": "2026-02-01T00:00:00+00:00"}
    }
    assert MUG["MUG"]["quantity"] == 2  # the argument is left alone


def test_setting_the_quantity_takes_over_the_price() -> None:
    assert set_in_lines(MUG, sku="MUG", quantity=1, price=eur("15.00")) == {
        "MUG": {
            "quantity": 1,
            "price": "15.00",
            "currency": "EUR",
            "added_at": "2026-02-01T00:00:00+00:00",
        }
    }


def test_at_most_99_of_a_line() -> None:
    assert (
        add_to_lines(MUG, sku="MUG", quantity=97, price=eur("1"), now=NOW)["MUG"]["quantity"] == 99
    )
    with pytest.raises(ValidationError) as refused:
        add_to_lines(MUG, sku="MUG", quantity=98, price=eur("1"), now=NOW)
    assert refused.value.detail == {"quantity": ["At most 99 of an article."]}
    with pytest.raises(ValidationError):
        set_in_lines(MUG, sku="MUG", quantity=100, price=eur("1"))


def test_at_most_50_lines() -> None:
    lines: Lines = {}
    for number in range(50):
        lines = add_to_lines(lines, sku=f"S{number}", quantity=1, price=eur("1"), now=NOW)
    with pytest.raises(CartFull):
        add_to_lines(lines, sku="S50", quantity=1, price=eur("1"), now=NOW)
    assert (
        add_to_lines(lines, sku="S49", quantity=1, price=eur("1"), now=NOW)["S49"]["quantity"] == 2
    )


def test_dropping() -> None:
    assert drop_from_lines(MUG, sku="MUG") == {}
    with pytest.raises(CartLineNotFound):
        drop_from_lines(MUG, sku="CUP")
    with pytest.raises(CartLineNotFound):
        set_in_lines(MUG, sku="CUP", quantity=1, price=eur("1"))


def test_shown_as_they_were_added() -> None:
    lines = add_to_lines({}, sku="A", quantity=1, price=eur("1"), now=NOW)
    assert [sku for sku, _line in in_order({**lines, **MUG})] == ["MUG", "A"]
