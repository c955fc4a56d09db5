"""A unique value whose row is gone without its guard can be had again, and by one only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dynamodb import bulk
from dynamodb.calls import record
from dynamodb.conflicts import retry_on_conflict
from dynamodb.duplicates import deferred_duplicates
from tests.dynamodb.app.models import Maker, Seat
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import changed, without_conditions

pytestmark = pytest.mark.usefixtures("server")


def vanish(row: Any) -> None:
    """As DynamoDB deletes by time to live: the row, and nothing else."""
    table = connection.registry.tables[row._meta.db_table]
    key = {"N": str(row.pk)}
    connection.dynamodb.call("DeleteItem", {"TableName": table.name, "Key": {"id": key}})


def guard_of(name: str) -> int:
    """The primary key of the maker that the guard says has the name."""
    key = {"id": {"S": f'engine_maker#name#["{name}"]'}}
    guard = connection.dynamodb.call(
        "GetItem", {"TableName": connection.table_prefix + connection.guard_name, "Key": key}
    )["Item"]
    return int(guard["owner"]["M"]["id"]["N"])


def alone(make: Callable[[], Any]) -> Any:
    return make()


def in_transaction(make: Callable[[], Any]) -> Any:
    with transaction.atomic():
        return make()


def deferred(make: Callable[[], Any]) -> Any:
    with transaction.atomic(), deferred_duplicates():
        return make()


WAYS = pytest.mark.parametrize("way", [alone, in_transaction, deferred])


@WAYS
def test_a_value_of_a_row_that_vanished(way: Any) -> None:
    vanish(Maker.objects.create(name="Ada"))
    second = way(lambda: Maker.objects.create(name="Ada"))
    assert guard_of("Ada") == second.pk
    with pytest.raises(IntegrityError, match="UNIQUE constraint failed"):
        way(lambda: Maker.objects.create(name="Ada"))
    assert Maker.objects.get(name="Ada").pk == second.pk


@WAYS
def test_the_same_row_comes_again(way: Any) -> None:
    first = Maker.objects.create(name="Ada")
    vanish(first)
    way(lambda: Maker.objects.create(pk=first.pk, name="Ada"))
    assert guard_of("Ada") == first.pk


@WAYS
def test_a_row_that_was_overwritten_in_bulk(way: Any) -> None:
    first = Maker.objects.create(name="Ada")
    bulk.load([Maker(pk=first.pk, name="Bea")])
    second = way(lambda: Maker.objects.create(name="Ada"))
    assert {m.name: m.pk for m in Maker.objects.all()} == {"Ada": second.pk, "Bea": first.pk}


@WAYS
def test_two_values_of_one_row_that_vanished(way: Any) -> None:
    vanish(Seat.objects.create(hall="a", number=1, holder="Ada"))
    way(lambda: Seat.objects.create(hall="a", number=1, holder="Ada"))
    assert Seat.objects.count() == 1


def test_a_change_takes_it_as_an_insert_does() -> None:
    vanish(Maker.objects.create(name="Ada"))
    other = Maker.objects.create(name="Bea")
    Maker.objects.filter(pk=other.pk).update(name="Ada")
    assert guard_of("Ada") == other.pk


@pytest.mark.parametrize("ignore", [True, False])
def test_what_gives_way_to_nobody_is_inserted(ignore: bool) -> None:
    vanish(Maker.objects.create(name="Ada"))
    options: dict[str, Any] = {"ignore_conflicts": True} if ignore else {
        "update_conflicts": True, "unique_fields": ["name"], "update_fields": ["country"],
    }  # fmt: skip
    Maker.objects.bulk_create([Maker(name="Ada", country="FR")], **options)
    assert Maker.objects.get(name="Ada").country == "FR"


def test_one_of_many_gets_it() -> None:
    """Sixteen at once; each finds the guard without its row."""
    vanish(Maker.objects.create(name="Ada"))
    start = Barrier(16)

    def take(n: int) -> int | None:
        start.wait()
        try:
            made: int = retry_on_conflict(lambda: Maker.objects.create(name="Ada")).pk
        except IntegrityError:
            return None
        finally:
            connection.close()
        return made

    with ThreadPoolExecutor(16) as threads:
        made = [pk for pk in threads.map(take, range(16)) if pk is not None]
    assert [m.pk for m in Maker.objects.all()] == made
    assert len(made) == 1
    assert guard_of("Ada") == made[0]


class ComesBack:
    """The row that vanished is there again, right before the commit that takes its value."""

    def __init__(self, row: Maker):
        self.table = connection.registry.tables[row._meta.db_table].name
        self.key = {"id": {"N": str(row.pk)}}
        read = connection.dynamodb.call("GetItem", {"TableName": self.table, "Key": self.key})
        self.item: Any = read["Item"]

    def __call__(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        takes_over = operation == "TransactWriteItems" and len(params["TransactItems"]) == 3
        if takes_over and self.item is not None:
            put = {"TableName": self.table, "Item": self.item}
            connection.dynamodb.attempt("PutItem", put, True)
            self.item = None
        return params


def create() -> Maker:
    def run() -> Any:
        return in_transaction(lambda: Maker.objects.create(name="Ada"))

    made: Maker = retry_on_conflict(run)
    return made


def test_the_owner_comes_back_before_the_commit() -> None:
    """It has its value again, under the very guard that is about to be taken over."""
    first = Maker.objects.create(name="Ada")
    back = ComesBack(first)
    vanish(first)
    with changed(back), pytest.raises(IntegrityError):
        create()
    assert [m.pk for m in Maker.objects.all()] == [first.pk]
    assert guard_of("Ada") == first.pk


def test_without_the_check_of_the_owner_two_have_it() -> None:
    """Guard out."""
    first = Maker.objects.create(name="Ada")
    back = ComesBack(first)
    vanish(first)
    with without_conditions("engine_maker"), changed(back):
        second = create()
    assert {m.pk for m in Maker.objects.all()} == {first.pk, second.pk}


def test_a_duplicate_costs_one_read_more_and_no_write() -> None:
    """The row is looked at before a value is refused."""
    Maker.objects.create(name="Ada")
    with record() as calls, pytest.raises(IntegrityError), transaction.atomic():
        Maker.objects.create(name="Ada")
    assert [call.operation for call in calls] == ["GetItem", "GetItem"]
