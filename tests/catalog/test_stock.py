"""Stock: never below zero, never twice."""

import pytest
from django.db import IntegrityError, transaction

from catalog.errors import NotEnoughStock
from catalog.models import Stock
from catalog.services import adjust_stock, open_stock, release_stock, reserve_stock
from dynamodb.errors import ConflictError


@pytest.fixture
def sku(make_product):
    make_product("Mug", {"MUG": "10.00"}, stock=10)
    return "MUG"


def counts(sku):
    stock = Stock.objects.get(pk=sku)
    return stock.available, stock.reserved


def test_reserving_moves_pieces(sku):
    assert reserve_stock(sku=sku, quantity=4) is True
    assert counts(sku) == (6, 4)


def test_the_last_pieces_can_be_reserved_once(sku):
    assert reserve_stock(sku=sku, quantity=10) is True
    assert reserve_stock(sku=sku, quantity=1) is False
    assert counts(sku) == (0, 10)


def test_too_many_are_not_reserved_at_all(sku):
    assert reserve_stock(sku=sku, quantity=11) is False
    assert counts(sku) == (10, 0)


def test_an_unknown_sku_has_none(db):
    assert reserve_stock(sku="NONE", quantity=1) is False
    assert release_stock(sku="NONE", quantity=1) is False


def test_releasing_gives_back_what_was_reserved(sku):
    reserve_stock(sku=sku, quantity=4)
    assert release_stock(sku=sku, quantity=4) is True
    assert counts(sku) == (10, 0)


def test_no_more_is_released_than_was_reserved(sku):
    reserve_stock(sku=sku, quantity=4)
    assert release_stock(sku=sku, quantity=5) is False
    assert counts(sku) == (6, 4)


def counted_at(sku):
    return Stock.objects.get(pk=sku).counted_at


@pytest.mark.parametrize(("delta", "left"), [(5, 15), (0, 10), (-10, 0)])
def test_adjusting_by_a_difference(sku, delta, left):
    adjust_stock(sku=sku, delta=delta, counted_at=counted_at(sku))
    assert counts(sku) == (left, 0)


def test_adjusting_below_zero_is_refused(sku):
    with pytest.raises(NotEnoughStock, match="MUG"):
        adjust_stock(sku=sku, delta=-11, counted_at=counted_at(sku))
    assert counts(sku) == (10, 0)


def test_sales_are_no_count(sku):
    before = counted_at(sku)
    reserve_stock(sku=sku, quantity=4)
    release_stock(sku=sku, quantity=1)
    assert counted_at(sku) == before
    adjust_stock(sku=sku, delta=5, counted_at=before)
    assert counts(sku) == (12, 3)
    assert counted_at(sku) > before


def test_two_who_counted_at_the_same_time(sku):
    before = counted_at(sku)
    adjust_stock(sku=sku, delta=20, counted_at=before)
    with pytest.raises(ConflictError, match="Somebody else has set this stock"):
        adjust_stock(sku=sku, delta=20, counted_at=before)
    assert counts(sku) == (30, 0)


def test_stock_of_before_that_was_noted(sku):
    Stock.objects.filter(pk=sku).update(counted_at=None)
    adjust_stock(sku=sku, delta=20, counted_at=None)
    assert counts(sku) == (30, 0)


def test_a_sku_without_stock_gets_its_first(sku):
    Stock.objects.filter(pk=sku).delete()
    adjust_stock(sku=sku, delta=3, counted_at=None)
    assert counts(sku) == (3, 0)


def test_stock_is_opened_once(sku):
    with pytest.raises(IntegrityError), transaction.atomic():
        open_stock(sku=sku, available=1)
    assert counts(sku) == (10, 0)


@pytest.mark.django_db(transaction=True)
def test_reserving_reads_nothing_first(sku, calls):
    """The hot item: one conditional UpdateItem, which many can send at once."""
    with calls() as made:
        assert reserve_stock(sku=sku, quantity=2)
    assert [call.operation for call in made] == ["UpdateItem"]
