"""Which of several prices holds."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pricing.calculation.price_lists import ListedPrice, choose_price
from pricing.calculation.rules import Market, PriceContext
from pricing.money import Money

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GERMANY = Market("DE", "EUR", True, {}, name="web")
CONTEXT = PriceContext("EUR", GERMANY, frozenset({"trade", "staff"}), NOON)


def price(amount: str, currency: str = "EUR", **holds_for: Any) -> ListedPrice:
    return ListedPrice(Money(Decimal(amount), currency), **holds_for)


def chosen(*prices: ListedPrice, quantity: int = 1, **how: Any) -> str | None:
    found = choose_price(prices, CONTEXT, quantity, **how)
    backwards = choose_price(prices[::-1], CONTEXT, quantity, **how)
    assert found == backwards
    return None if found is None else str(found.money.amount)


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "USD"},
        {"valid_from": NOON + HOUR},
        {"valid_until": NOON},
        {"group": "press"},
        {"market": "stall"},
        {"country": "AT"},
        {"from_quantity": 2},
    ],
)
def test_what_does_not_hold_is_out(other: dict[str, Any]) -> None:
    assert chosen(price("10.00"), price("1.00", **other)) == "10.00"
    assert chosen(price("1.00", **other)) is None


@pytest.mark.parametrize("other", [{"valid_from": NOON}, {"valid_until": NOON + HOUR}])
def test_a_period_begins_and_ends_to_the_moment(other: dict[str, Any]) -> None:
    assert chosen(price("10.00"), price("12.00", **other)) == "12.00"


def test_the_most_specific_wins_though_it_is_dearer() -> None:
    levels = [
        {"group": "trade", "market": "web", "country": "DE"},
        {"group": "trade", "market": "web"},
        {"group": "trade", "country": "DE"},
        {"group": "trade"},
        {"market": "web", "country": "DE"},
        {"market": "web"},
        {"country": "DE"},
        {},
    ]
    prices = [price(f"{20 - number}.00", **level) for number, level in enumerate(levels)]
    found = [chosen(*prices[number:]) for number in range(len(levels))]
    assert found == [f"{20 - number}.00" for number in range(len(levels))]


def test_of_several_groups_the_lowest() -> None:
    trade, staff = price("9.00", group="trade"), price("8.00", group="staff")
    assert chosen(trade, staff, price("1.00", group="press")) == "8.00"


@pytest.mark.parametrize(("quantity", "found"), [(9, "2.50"), (10, "2.20"), (50, "1.95")])
def test_the_largest_quantity_reached(quantity: int, found: str) -> None:
    tiers = [price("2.50"), price("2.20", from_quantity=10), price("1.95", from_quantity=50)]
    assert chosen(*tiers, quantity=quantity) == found


def test_a_group_keeps_its_own_tiers() -> None:
    """The tier reached holds, though a smaller one would be cheaper; then the lowest of groups."""
    trade = [price("7.00", group="trade"), price("8.00", group="trade", from_quantity=10)]
    staff = price("7.50", group="staff")
    assert chosen(*trade, quantity=10) == "8.00"
    assert chosen(*trade, staff, quantity=10) == "7.50"


def test_a_list_of_higher_priority_then_one_with_dates() -> None:
    first, second = price("12.00", price_list="A"), price("11.00", price_list="B")
    dated = price("13.00", valid_from=NOON, price_list="A")
    assert chosen(first, second) == "11.00"
    assert chosen(first, second, priorities={"A": 2, "B": 1}) == "12.00"
    assert chosen(first, second, dated, priorities={"A": 2, "B": 1}) == "13.00"


def test_a_list_that_is_not_active_is_out() -> None:
    base, listed = price("12.00"), price("11.00", price_list="A")
    assert chosen(base, listed, priorities={}) == "12.00"
    assert chosen(base, listed, priorities={"A": 0}) == "11.00"


def test_why_it_was_chosen() -> None:
    trade = price("2.20", group="trade", price_list="A", from_quantity=10)
    assert choose_price([trade], CONTEXT, 12) == (trade.money, "A", "trade", 10)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (price("500.50", "JPY"), "JPY has no digits after the point: 500.50 cannot be paid."),
        (price("1.005"), "EUR has 2 digits after the point: 1.005 cannot be paid."),
        (price("-1.00"), "-1.00 is below zero."),
        (price("1.00", from_quantity=0), "A quantity begins with 1, not with 0."),
        (
            price("1.00", valid_from=NOON, valid_until=NOON),
            "It ends (2026-11-27 12:00:00+00:00) before it begins (2026-11-27 12:00:00+00:00).",
        ),
        (price("8.275", "KWD"), ""),
        (price("0.00", valid_from=NOON), ""),
    ],
)
def test_what_can_be_no_price(wrong: ListedPrice, problem: str) -> None:
    assert wrong.problem() == problem


def test_its_shape() -> None:
    whole = ListedPrice(
        Money(Decimal("2.50"), "EUR"), price_list="Summer", from_quantity=10, group="trade",
        market="web", country="DE", valid_from=NOON, valid_until=NOON + HOUR,
    )  # fmt: skip
    assert whole.as_data() == {
        "currency": "EUR",
        "amount": "2.50",
        "price_list": "Summer",
        "from_quantity": 10,
        "group": "trade",
        "market": "web",
        "country": "DE",
        "valid_from": "2026-11-27T12:00:00+00:00",
        "valid_until": "2026-11-27T13:00:00+00:00",
    }
    assert ListedPrice.of_data(whole.as_data()) == whole
    assert price("2.50").as_data() == {"currency": "EUR", "amount": "2.50"}
    assert ListedPrice.of_data({"currency": "EUR", "amount": "2.50"}) == price("2.50")
