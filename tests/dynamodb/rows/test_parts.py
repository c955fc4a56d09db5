"""More than a transaction holds: in parts that each are whole, or not at all."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from dynamodb import bulk
from dynamodb.duplicates import deferred_duplicates
from dynamodb.errors import ConflictError, TransactionTooLarge
from dynamodb.rows.commit import commits_in_parts, commits_whole
from tests.dynamodb.app.models import Doctor, Item, Line, Maker, Seat, Tag
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import Params, changed
from tests.dynamodb.sent import requests

pytestmark = pytest.mark.usefixtures("tables")


class Killed(BaseException):
    """Ends a process between two calls."""


def sizes(sent: list[tuple[str, Params]]) -> list[int]:
    return [len(p["TransactItems"]) for name, p in sent if name == "TransactWriteItems"]


def names_of(params: Params) -> tuple[set[str], set[str]]:
    """Of one call: the makers that it puts, and those whose guards it puts."""
    puts = [write["Put"]["Item"] for write in params["TransactItems"] if "Put" in write]
    rows = {item["name"]["S"] for item in puts if "owner" not in item}
    return rows, {item["id"]["S"].split('"')[1] for item in puts if "owner" in item}


def test_a_row_and_its_guards_are_in_one_part() -> None:
    with requests() as sent, commits_in_parts(), transaction.atomic():
        for n in range(75):
            Maker.objects.create(name=f"M{n}")
        for n in range(30):
            Tag.objects.create(name=str(n))
    calls = [params for name, params in sent if name == "TransactWriteItems"]
    assert [len(params["TransactItems"]) for params in calls] == [100, 80]
    for params in calls:
        rows, guards = names_of(params)
        assert {name for name in rows if name.startswith("M")} == guards
    assert (Maker.objects.count(), Tag.objects.count()) == (75, 30)


def test_rows_that_hand_values_on_are_in_one_part() -> None:
    """Each takes the name that the one before it gives away."""
    makers = [Maker.objects.create(name=f"M{n}") for n in range(20)]
    others = [Maker(name=f"O{n}") for n in range(45)]
    with requests() as sent, commits_in_parts(), transaction.atomic():
        for maker in reversed(makers):
            Maker.objects.filter(pk=maker.pk).update(name=f"M{int(maker.name[1:]) + 1}")
        Maker.objects.bulk_create(others)
    assert sizes(sent) == [99, 32]  # 20 rows with 21 guards, and 29 pairs; then 16 pairs
    assert {m.name for m in Maker.objects.all()} == {f"M{n}" for n in range(1, 21)} | {
        f"O{n}" for n in range(45)
    }


def test_what_belongs_together_and_is_too_much_is_refused() -> None:
    makers = [Maker.objects.create(name=f"M{n}") for n in range(60)]
    with (
        pytest.raises(TransactionTooLarge, match="belong together"),
        commits_in_parts(),
        transaction.atomic(),
    ):
        for maker in reversed(makers):
            Maker.objects.filter(pk=maker.pk).update(name=f"M{int(maker.name[1:]) + 1}")
    assert {m.name for m in Maker.objects.all()} == {f"M{n}" for n in range(60)}


def test_a_value_that_lapsed_in_a_later_part() -> None:
    """The commit takes its guard over, and writes no part twice."""
    gone = Maker.objects.create(name="M70")
    key = {"id": {"N": str(gone.pk)}}
    table = f"{connection.table_prefix}engine_maker"
    connection.dynamodb.call("DeleteItem", {"TableName": table, "Key": key})
    with commits_in_parts(), deferred_duplicates(), transaction.atomic():
        for n in range(75):
            Maker.objects.create(name=f"M{n}")
    assert sorted(m.name for m in Maker.objects.all()) == sorted(f"M{n}" for n in range(75))


def test_a_migration_s_own_rows_are_not_divided() -> None:
    """RunPython in `migrate`, which divides permissions."""
    refused = pytest.raises(TransactionTooLarge)
    with commits_in_parts(), connection.schema_editor(), refused, transaction.atomic():
        Tag.objects.bulk_create(Tag(name=str(n)) for n in range(101))
    assert Tag.objects.count() == 0
    with commits_in_parts(), transaction.atomic():
        Tag.objects.bulk_create(Tag(name=str(n)) for n in range(101))
        with commits_whole():
            pass
    assert Tag.objects.count() == 101


# dynamodb.bulk --------------------------------------------------------------------------


def doctors(number: int = 150) -> None:
    bulk.load(Doctor(name=f"D{n:03}", ward=f"W{n % 2}") for n in range(number))


def test_update() -> None:
    doctors()
    with requests() as sent:
        assert bulk.update(Doctor.objects.filter(ward="W1"), shifts=F("shifts") + 1) == 75
    assert sizes(sent) == [64, 11]
    assert Doctor.objects.filter(ward="W1", shifts=1).count() == 75
    assert Doctor.objects.filter(ward="W0", shifts=0).count() == 75


def test_delete_takes_along_what_refers_to_a_row() -> None:
    makers = [Maker.objects.create(name=f"M{n}") for n in range(40)]
    for maker in makers:
        Item.objects.bulk_create(Item(sku=f"{maker.name}-{n}", maker=maker) for n in range(2))
    with requests() as sent:
        assert bulk.delete(Maker.objects.all()) == (120, {"engine.Item": 80, "engine.Maker": 40})
    assert max(sizes(sent)) <= 100  # rows, guards and items of 20 makers, then of 20
    assert (Maker.objects.count(), Item.objects.count()) == (0, 0)
    Maker.objects.create(name="M1")  # no guard has stayed


def test_delete_of_rows_with_two_keys() -> None:
    bulk.load(Line(basket=f"B{n % 3}", position=n) for n in range(130))
    assert bulk.delete(Line.objects.exclude(basket="B2")) == (87, {"engine.Line": 87})
    assert Line.objects.count() == 43


def test_killed_and_called_again() -> None:
    doctors()
    seen: list[str] = []

    def kill(operation: str, params: Params) -> Params:
        seen.append(operation)
        if seen.count("TransactWriteItems") == 2:
            raise Killed
        return params

    with pytest.raises(Killed), changed(kill):
        bulk.delete(Doctor.objects.all())
    connection.close()
    assert Doctor.objects.count() == 86
    assert bulk.delete(Doctor.objects.all()) == (86, {"engine.Doctor": 86})


def test_who_comes_between_is_seen_again() -> None:
    """A row that no longer is in the queryset when its turn comes is left alone."""
    doctors(100)
    moved: list[str] = []

    def move(operation: str, params: Params) -> Params:
        if operation == "TransactWriteItems" and not moved:
            moved.append("D099")
            table = f"{connection.table_prefix}engine_doctor"
            change = {
                "TableName": table,
                "Key": {"name": {"S": "D099"}},
                "UpdateExpression": "SET ward = :w",
                "ExpressionAttributeValues": {":w": {"S": "away"}},
            }
            connection.dynamodb.attempt("UpdateItem", change, True)
        return params

    with changed(move):
        assert bulk.update(Doctor.objects.filter(ward__startswith="W"), shifts=5) == 99
    assert Doctor.objects.get(pk="D099").shifts == 0


def test_inside_a_transaction_it_is_part_of_it() -> None:
    doctors(70)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        bulk.update(Doctor.objects.all(), shifts=1)
        raise ZeroDivisionError
    assert Doctor.objects.filter(shifts=1).count() == 0


def test_errors_are_told() -> None:
    Seat.objects.bulk_create(Seat(hall="a", number=n, holder=str(n)) for n in range(1, 4))
    with pytest.raises((IntegrityError, ConflictError)):
        bulk.update(Seat.objects.all(), number=0)
    assert sorted(Seat.objects.values_list("number", flat=True)) == [1, 2, 3]
