"""What a cart counts in itself: orders from it, and their payments that were declined."""

from typing import Any

import pytest

from cart.keys import guest_key, user_key
from cart.models import Cart
from cart.services import count_decline
from catalog.models import Variant
from limits.errors import TooOften
from limits.tallies import Tally, check_room
from tests.cart.races import at_once
from tests.cart.shoppers import Shopper
from tests.conftest import Customer

ADD = {"sku": "MUG-RED", "quantity": 1}


@pytest.fixture
def limits(settings: Any) -> None:
    settings.LIMITS = {"a": "2/min", "b": "1/h"}


@pytest.fixture
def windows_without_end(settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "declined-cart": "5/d"}


def tally(kept: list[int] | None, scope: str = "a") -> Tally:
    return Tally(scope, f"Too many {scope}.", kept)


def test_counting(limits: None) -> None:
    first = tally(None).one_more(now=119.0)
    second = tally(first).one_more(now=60.0)
    assert (first, second) == ([1, 1], [1, 2])
    assert tally(second).one_more(now=61.0) == [1, 3]  # what has happened has happened
    assert tally(second).one_more(now=120.0) == [2, 1]


def test_room(limits: None) -> None:
    check_room([tally([1, 1])], now=119.0)
    check_room([tally([1, 2])], now=120.0)
    with pytest.raises(TooOften) as refused:
        check_room([tally([1, 2])], now=110.0)
    assert (str(refused.value.detail), refused.value.wait) == (
        "Too many a. Try again in 10 seconds.",
        10,
    )


def test_of_two_that_are_full_the_longer(limits: None) -> None:
    with pytest.raises(TooOften) as refused:
        check_room([tally([1, 2]), tally([0, 1], "b")], now=60.0)
    assert (str(refused.value.detail), refused.value.wait) == (
        "Too many b. Try again in 3540 seconds.",
        3540,
    )


@pytest.mark.django_db(transaction=True)
def test_declines_at_once_are_all_counted(
    shopper: Shopper, mug: Variant, windows_without_end: None
) -> None:
    """GIVEN a customer who fills the cart meanwhile THEN neither loses anything."""
    key = guest_key(shopper.token)

    def add() -> int:
        return shopper.post("/api/v1/cart/lines/", ADD).status_code

    assert at_once(*[lambda: count_decline(key=key)] * 5, add)[5] == 200

    cart = Cart.objects.get(pk=key)
    assert (cart.declines or [])[1:] == [5]
    assert cart.lines["MUG-RED"]["quantity"] == 1


@pytest.mark.django_db(transaction=True)
def test_what_the_count_costs(
    customer: Customer, mug: Variant, windows_without_end: None, calls: Any
) -> None:
    customer.post("/api/v1/cart/lines/", ADD)
    key = user_key(customer.user.pk)

    with calls() as made:
        count_decline(key=key)
    assert [call.operation for call in made] == ["GetItem", "UpdateItem"]
    with calls() as made:
        count_decline(key=user_key(1))  # a cart that is gone
    assert [call.operation for call in made] == ["GetItem"]
    assert (Cart.objects.get(pk=key).declines or [])[1:] == [1]


@pytest.mark.django_db(transaction=True)
def test_emptying_a_cart_forgets_no_count(
    shopper: Shopper, mug: Variant, windows_without_end: None
) -> None:
    key = guest_key(shopper.token)
    shopper.post("/api/v1/cart/lines/", ADD)
    count_decline(key=key)

    shopper.delete("/api/v1/cart/lines/")

    cart = Cart.objects.get(pk=key)
    assert (cart.lines, (cart.declines or [])[1:]) == ({}, [1])
