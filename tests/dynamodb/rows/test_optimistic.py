"""Updates and deletions that nobody looks at before: the commit decides."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import F

from dynamodb.calls import record
from dynamodb.conflicts import optimistic, retry_on_conflict
from tests.cart.races import at_once
from tests.dynamodb.app.models import Item, Line
from tests.dynamodb.rows.test_races import THREADS

pytestmark = pytest.mark.usefixtures("server")


@pytest.fixture
def item(server: str) -> Item:
    return Item.objects.create(sku="A", stock=5)


def sell(quantity: int, tries: list[bool]) -> int:
    """Of the item, from whoever finds it as it is said to be; how many rows that were."""

    def run() -> int:
        with transaction.atomic(), optimistic() as unread:
            tries.append(unread)
            enough = Item.objects.filter(pk="A", stock__gte=quantity)
            return enough.update(stock=F("stock") - quantity)

    return retry_on_conflict(run)


def test_what_holds_costs_no_read(item: Item) -> None:
    tries: list[bool] = []
    with record() as calls:
        assert sell(2, tries) == 1
    assert ([call.operation for call in calls], tries) == (["UpdateItem"], [True])
    item.refresh_from_db()
    assert item.stock == 3


def test_what_does_not_is_read_the_second_time(item: Item) -> None:
    """And then says what an update says: that it found no row."""
    tries: list[bool] = []
    with record() as calls:
        assert sell(6, tries) == 0
    assert [call.operation for call in calls] == ["UpdateItem", "GetItem"]
    assert tries == [True, False]
    item.refresh_from_db()
    assert item.stock == 5


def test_nobody_who_would_not_run_again_writes_unread(item: Item) -> None:
    with record() as calls, transaction.atomic(), optimistic() as unread:
        assert not unread
        assert Item.objects.filter(pk="A", stock__gte=6).update(stock=F("stock") - 6) == 0
    assert [call.operation for call in calls] == ["GetItem"]


def test_the_last_try_reads(item: Item) -> None:
    """Where there is no second, a conflict would be all that is ever told."""

    def run() -> bool:
        with transaction.atomic(), optimistic() as unread:
            return unread

    assert retry_on_conflict(run, attempts=1) is False
    assert retry_on_conflict(run, attempts=2) is True


def test_nor_who_is_part_of_another_s_transaction(item: Item) -> None:
    """Whose commit nobody here would run again."""
    tries: list[bool] = []
    with record() as calls, transaction.atomic():
        assert sell(6, tries) == 0
    assert ([call.operation for call in calls], tries) == (["GetItem"], [False])


def by_key() -> int:
    return Item.objects.get(pk="A").stock


def by_scan() -> int:
    (found,) = Item.objects.all()
    return found.stock


@pytest.mark.parametrize("look", [by_key, by_scan])
def test_whoever_asks_in_the_same_transaction_sees_it(item: Item, look: Callable[[], int]) -> None:
    """By key, by query, or changing it once more: then the row is looked at after all."""

    def run() -> int:
        with transaction.atomic(), optimistic():
            Item.objects.filter(pk="A").update(stock=F("stock") - 1)
            seen = look()
            Item.objects.filter(pk="A").update(stock=F("stock") - 1)
            return seen

    assert retry_on_conflict(run) == 4
    item.refresh_from_db()
    assert item.stock == 3


def test_a_look_at_what_does_not_hold_is_a_conflict(item: Item) -> None:
    seen: list[tuple[int, int]] = []

    def run() -> None:
        with transaction.atomic(), optimistic():
            found = Item.objects.filter(pk="A", stock=9).update(blob=b"x")
            seen.append((found, Item.objects.get(pk="A").stock))

    retry_on_conflict(run)
    assert seen == [(0, 5)]


def test_a_savepoint_takes_it_back(item: Item) -> None:
    def run() -> None:
        with transaction.atomic(), optimistic():
            sid = transaction.savepoint()
            Item.objects.filter(pk="A").update(stock=F("stock") - 1)
            transaction.savepoint_rollback(sid)

    with record() as calls:
        retry_on_conflict(run)
    assert calls == []


def test_a_deletion(server: str) -> None:
    Line.objects.create(basket="b", position=1, sku="A")
    with record() as calls:
        assert [drop(sku) for sku in ("B", "A", "A")] == [0, 1, 0]
    unread, read = ["DeleteItem"], ["DeleteItem", "GetItem"]
    assert [call.operation for call in calls] == [*read, *unread, *read]


def test_a_deletion_and_a_look(server: str) -> None:
    Line.objects.create(basket="b", position=1, sku="A")

    def run() -> tuple[int, bool]:
        with transaction.atomic(), optimistic():
            gone, _ = Line.objects.filter(basket="b", position=1, sku="A").delete()
            return gone, Line.objects.filter(basket="b").exists()

    assert retry_on_conflict(run) == (1, False)
    assert not Line.objects.exists()


def drop(sku: str) -> int:
    def run() -> int:
        with transaction.atomic(), optimistic():
            return Line.objects.filter(basket="b", position=1, sku=sku).delete()[0]

    return retry_on_conflict(run)


def test_all_at_once(item: Item) -> None:
    """As many pieces as there were, whoever looks or does not."""

    def one() -> int:
        try:
            return sell(1, [])
        finally:
            connections.close_all()

    assert sum(at_once(*[one] * THREADS)) == 5
    item.refresh_from_db()
    assert item.stock == 0


def test_two_rows_or_none(item: Item) -> None:
    Item.objects.create(sku="B", stock=0)

    def run() -> list[int]:
        with transaction.atomic(), optimistic():
            found = [
                Item.objects.filter(pk=sku, stock__gte=1).update(stock=F("stock") - 1)
                for sku in ("A", "B")
            ]
            if 0 in found:
                raise IntegrityError(str(found))
            return found

    with pytest.raises(IntegrityError, match=r"\[1, 0\]"):
        retry_on_conflict(run)
    item.refresh_from_db()
    assert item.stock == 5
