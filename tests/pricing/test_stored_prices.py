"""Prices in their rows: who may write what, what it costs, and two at the same moment."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.reads import get_many
from pricing import services
from pricing.calculation.price_lists import ListedPrice, choose_price
from pricing.models import PriceList, SkuPrices
from pricing.money import Money
from pricing.selectors import list_priorities
from pricing.services import set_prices
from tests.cart.races import at_once
from tests.pricing import carts

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def lists(db: None) -> None:
    PriceList(name="Summer", currency="EUR", priority=2).save()
    PriceList(name="Trade", currency="EUR", priority=1).save()
    PriceList(name="Old", currency="EUR", priority=9, active=False).save()


def price(amount: str, currency: str = "EUR", **holds_for: Any) -> ListedPrice:
    return ListedPrice(Money(Decimal(amount), currency), **holds_for)


def shown(sku: str = "MUG") -> list[tuple[str, str]]:
    """(list, amount) of all its prices."""
    return [(p.price_list, str(p.money.amount)) for p in SkuPrices.objects.get(pk=sku).listed]


def test_a_list_is_replaced_and_others_stay() -> None:
    set_prices(sku="MUG", prices=[price("12.00"), price("11.00", from_quantity=10)])
    set_prices(sku="MUG", price_list="Trade", prices=[price("9.00", group="trade")])
    set_prices(sku="MUG", price_list="Summer", prices=[price("10.00", valid_from=NOON)])
    set_prices(sku="MUG", prices=[price("13.00")])
    assert shown() == [("Trade", "9.00"), ("Summer", "10.00"), ("", "13.00")]

    set_prices(sku="MUG", price_list="Trade", prices=[])
    assert shown() == [("Summer", "10.00"), ("", "13.00")]


def test_what_it_costs(calls) -> None:
    with calls() as made:
        set_prices(sku="MUG", price_list="Trade", prices=[price("9.00")])
    assert [call.operation for call in made] == ["BatchGetItem", "PutItem"]
    with calls() as made:
        set_prices(sku="MUG", price_list="Trade", prices=[price("8.00")])
    assert [call.operation for call in made] == ["BatchGetItem", "UpdateItem"]


def test_a_cart_s_prices_are_one_read_and_one_of_its_lists(calls) -> None:
    for sku in ("MUG", "CUP"):
        set_prices(sku=sku, price_list="Summer", prices=[price("12.00")])
        set_prices(sku=sku, price_list="Old", prices=[price("1.00")])
    with calls() as made:
        rows = get_many({SkuPrices: ["MUG", "CUP", "NONE"]})[SkuPrices]
        names = {each.price_list for row in rows.values() for each in row.listed}
        priorities = list_priorities(names=names)
    assert [call.operation for call in made] == ["BatchGetItem"] * 2
    assert priorities == {"Summer": 2}
    chosen = choose_price(rows["MUG"].listed, carts.context(), 1, priorities)
    assert chosen is not None
    assert chosen.price_list == "Summer"


def test_without_lists_nothing_more_is_read(calls) -> None:
    with calls() as made:
        assert list_priorities(names={""}) == {}
    assert made == []


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("", price("500.50", "JPY"), "JPY has no digits after the point: 500.50 cannot be paid."),
        ("Trade", price("1.005"), "EUR has 2 digits after the point: 1.005 cannot be paid."),
        ("Trade", price("9.00", "USD"), "Trade is in EUR, not USD."),
        ("Winter", price("9.00"), "There is no price list Winter."),
    ],
)
def test_what_is_refused(name: str, wrong: ListedPrice, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        set_prices(sku="MUG", price_list=name, prices=[wrong])
    assert refused.value.messages == [message]
    assert not SkuPrices.objects.filter(pk="MUG").exists()


def test_a_row_refuses_what_cannot_be_paid_whoever_writes_it() -> None:
    with pytest.raises(ValidationError, match=r"500\.5 cannot be paid"):
        SkuPrices(sku="MUG", prices=[{"currency": "JPY", "amount": "500.5"}]).save()


def test_a_hundred_prices_and_no_more() -> None:
    many = [price("1.00", from_quantity=number) for number in range(1, 102)]
    set_prices(sku="MUG", prices=many[:100])
    with pytest.raises(ValidationError, match="at most 100 prices"):
        set_prices(sku="MUG", prices=many)


def interrupt(monkeypatch: pytest.MonkeyPatch, run) -> None:
    """Let `run` happen once, elsewhere, between the reading and the writing of the prices."""
    real = services.with_prices
    done: list[bool] = []

    def interrupted(*args: Any) -> Any:
        if not done:
            done.append(True)
            at_once(run)
        return real(*args)

    monkeypatch.setattr(services, "with_prices", interrupted)


def set_trade() -> None:
    set_prices(sku="MUG", price_list="Trade", prices=[price("9.00")])


@pytest.mark.parametrize("first", [[], [price("12.00")]], ids=["a new row", "a row"])
def test_two_at_the_same_moment_undo_nothing_of_each_other(
    monkeypatch: pytest.MonkeyPatch, first: list[ListedPrice]
) -> None:
    if first:
        set_prices(sku="MUG", prices=first)
    interrupt(monkeypatch, set_trade)

    def set_summer() -> None:
        set_prices(sku="MUG", price_list="Summer", prices=[price("10.00")])

    with pytest.raises(ConflictError):
        set_summer()
    assert [name for name, _ in shown()][-1] == "Trade"

    retry_on_conflict(set_summer)
    assert [name for name, _ in shown()][-2:] == ["Trade", "Summer"]


def test_ten_lists_at_once() -> None:
    names = [f"L{number}" for number in range(10)]
    for name in names:
        PriceList(name=name, currency="EUR").save()

    def set_list(name: str) -> None:
        def run() -> None:
            set_prices(sku="MUG", price_list=name, prices=[price("9.00")])

        retry_on_conflict(run, attempts=50)

    at_once(*[lambda name=name: set_list(name) for name in names])
    assert sorted(name for name, _ in shown()) == names


def test_without_the_read_in_the_transaction_one_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard taken out: what was read before the transaction is written blindly."""
    set_prices(sku="MUG", prices=[price("12.00")])
    before = SkuPrices.objects.get(pk="MUG").listed
    set_trade()

    summer = services.with_prices(before, "Summer", [price("10.00")])
    with transaction.atomic():
        SkuPrices.objects.filter(pk="MUG").update(prices=summer)

    assert [name for name, _ in shown()] == ["", "Summer"]
