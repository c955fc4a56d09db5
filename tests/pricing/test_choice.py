"""The benefits that apply: none is missed, and many take no longer than few."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.calculation import choice
from pricing.calculation.benefits import Basket, discount
from pricing.calculation.cart import best_benefits
from pricing.calculation.choice import choose
from pricing.calculation.lines import CartLine
from pricing.calculation.promotions import (
    AmountOfOrder,
    BenefitClass,
    FreeShipping,
    PercentOfLine,
    PercentOfOrder,
    Promotion,
)
from pricing.calculation.rules import FreeShippingBasis
from pricing.calculation.units import in_units
from pricing.money import Money
from tests.pricing import carts

ALL = frozenset(BenefitClass)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def basket_of(lines: tuple[CartLine, ...], charge: int = 0, free_from: int | None = None) -> Basket:
    amounts = [in_units(line.price_in_force * line.quantity, "EUR") for line in lines]
    return Basket("EUR", lines, amounts, charge, free_from, FreeShippingBasis.AFTER_DISCOUNTS)


def least_to_pay(basket: Basket, promotions: tuple[Promotion, ...]) -> int:
    """Of every set that may go together."""
    return min(
        discount(basket, some).to_pay
        for count in range(len(promotions) + 1)
        for some in combinations(promotions, count)
        if all(one.combines(other) for one, other in combinations(some, 2))
    )


@given(
    lines=carts.lines,
    promotions=carts.promotions,
    charge=st.integers(0, 2000),
    free_from=st.none() | st.integers(0, 30_000),
)
def test_no_set_costs_less(
    lines: tuple[CartLine, ...], promotions: tuple[Promotion, ...], charge: int,
    free_from: int | None,
) -> None:  # fmt: skip
    basket = basket_of(lines, charge, free_from)

    chosen = best_benefits(basket, promotions)

    assert discount(basket, chosen).to_pay == least_to_pay(basket, promotions)


@given(
    lines=carts.lines,
    promotions=carts.some_promotions(6, st.none()),
    charge=st.integers(0, 2000),
)
def test_without_thresholds_the_largest_sets_are_enough(
    lines: tuple[CartLine, ...], promotions: tuple[Promotion, ...], charge: int
) -> None:
    basket = basket_of(lines, charge)

    chosen = choose(promotions, lambda some: discount(basket, some).to_pay, has_thresholds=False)

    assert discount(basket, chosen).to_pay == least_to_pay(basket, promotions)


def ten_percent(number: int, **changes: object) -> Promotion:
    given: dict[str, object] = {"combines_with": ALL, **changes}
    return Promotion(f"P{number:02}", PercentOfOrder(Decimal(10)), **given)  # type: ignore[arg-type]


def counted(promotions: list[Promotion], basket: Basket, *, has_thresholds: bool):
    """The set that is chosen, and how many were tried."""
    tried: list[tuple[Promotion, ...]] = []

    def cost(some: tuple[Promotion, ...]) -> int:
        tried.append(some)
        return discount(basket, some).to_pay

    return choose(promotions, cost, has_thresholds=has_thresholds), len(tried)


ONE = basket_of((CartLine("A", eur("100.00"), 1),))


def test_twenty_that_all_go_together_are_all_taken() -> None:
    chosen, tried = counted([ten_percent(n) for n in range(20)], ONE, has_thresholds=False)
    # The set of all, then it and its twenty sets of one less.
    assert (len(chosen), tried) == (20, 22)


def test_of_twenty_that_do_not_go_together_each_is_tried() -> None:
    alone = [Promotion(f"P{n:02}", PercentOfOrder(Decimal(n))) for n in range(1, 21)]
    chosen, tried = counted(alone, ONE, has_thresholds=False)
    assert ([each.source for each in chosen], tried) == (["P20"], 22)


def test_seven_with_thresholds_are_tried_in_every_set() -> None:
    _, tried = counted([ten_percent(n) for n in range(7)], ONE, has_thresholds=True)
    assert tried == choice.MOST_SETS == 128


def test_twenty_with_thresholds_are_thinned() -> None:
    """A product's discount that takes the sum below a voucher's minimum is left out, though the
    sets are too many to try each."""
    small = Promotion("SMALL", PercentOfLine(Decimal(1)), combines_with=ALL)
    large = Promotion("LARGE", AmountOfOrder(eur("30.00")), combines_with=ALL, minimum=eur("100"))
    others = [ten_percent(n, minimum=eur("100")) for n in range(18)]
    chosen, tried = counted([small, large, *others], ONE, has_thresholds=True)

    left = discount(ONE, chosen).to_pay
    assert ([each.source for each in chosen], left, tried) == (["LARGE"], 7000, 231)


def test_equal_benefits_are_decided_by_source() -> None:
    twins = [Promotion(source, PercentOfOrder(Decimal(10))) for source in ("B", "A")]
    assert [each.source for each in best_benefits(ONE, twins)] == ["A"]


def test_a_discount_that_would_lose_free_shipping_is_left_out() -> None:
    """0.50 off goods of 50.00 would bring back 4.90 for shipping."""
    basket = basket_of((CartLine("A", eur("50.00"), 1),), charge=490, free_from=5000)
    cent = Promotion("HALF", AmountOfOrder(eur("0.50")))
    assert best_benefits(basket, [cent]) == ()


@pytest.mark.parametrize("applies", [{"skus": frozenset("Z")}, {"minimum": eur("100.01")}])
def test_what_cannot_apply_is_never_tried(applies: dict[str, object]) -> None:
    assert best_benefits(ONE, [ten_percent(1, **applies)]) == ()
    without = Promotion("SHIP", FreeShipping())
    assert best_benefits(ONE, [without]) == ()
