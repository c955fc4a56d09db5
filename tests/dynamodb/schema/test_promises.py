"""What an operation promises holds for the rows that are there, or it is refused before anything of
it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DataError, IntegrityError, OperationalError, models
from django.db.migrations import operations as ops
from django.db.models import CheckConstraint, F, GeneratedField, Q, UniqueConstraint

from dynamodb.fields import TTLField
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, project

pytestmark = pytest.mark.usefixtures("tables")

MOMENT = dt.datetime(2024, 2, 29, 12, 30, 15, tzinfo=dt.UTC)


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    """A project with one model, two red rows of which one is sold, and a blue one."""
    with project() as made:
        made.create(
            "Mug",
            id=models.BigIntegerField(primary_key=True),
            name=models.CharField(max_length=20),
            sold=models.BooleanField(default=False),
            stock=models.IntegerField(default=0),
            made=models.DateTimeField(null=True),
        )
        mugs = made["Mug"].objects
        mugs.create(id=1, name="red", stock=5, made=MOMENT)
        mugs.create(id=2, name="red", stock=-1, sold=True)
        mugs.create(id=3, name="blue", stock=7)
        yield made


def stored(table: str = "moving_mug") -> list[dict[str, Any]]:
    """The rows' attributes, in the order of their primary keys."""
    params = {"TableName": connection.table_prefix + table, "ConsistentRead": True}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted(items, key=lambda item: str(item.get("id")))


def guards() -> list[str]:
    params = {"TableName": connection.table_prefix + connection.guard_name}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted(item["id"]["S"] for item in items if item["id"]["S"].startswith("moving_"))


def everything() -> Any:
    """What DynamoDB has of the project."""
    description = connection.control.describe(f"{connection.table_prefix}moving_mug") or {}
    return stored(), guards(), description.get("GlobalSecondaryIndexes")


def refused(moving: Project, error: type[Exception], *operations: Any, match: str) -> None:
    before = everything()
    with pytest.raises(error, match=match):
        moving.run(*operations)
    assert everything() == before


# Unique -------------------------------------------------------------------------------


def unique(name: str, condition: Any = None, **options: Any) -> ops.AddConstraint:
    options.setdefault("fields", ["name"])
    return ops.AddConstraint("Mug", UniqueConstraint(name=name, condition=condition, **options))


def test_a_condition_beside_another_of_the_same_columns(moving: Project) -> None:
    moving.run(unique("offered", Q(sold=False)), unique("given", Q(sold=True)))

    assert guards() == [
        'moving_mug#given#["red"]', 'moving_mug#offered#["blue"]', 'moving_mug#offered#["red"]',
    ]  # fmt: skip
    with pytest.raises(IntegrityError):
        moving["Mug"].objects.create(id=4, name="red", sold=True)


def test_a_condition_beside_another_over_rows_that_break_it(moving: Project) -> None:
    moving.run(unique("offered", Q(sold=False)))

    refused(moving, IntegrityError, unique("all", Q(stock__lt=100)), match=r"moving_mug\.name")


def test_no_condition_beside_one(moving: Project) -> None:
    """GIVEN a unique constraint with a condition, one without is another one."""
    moving["Mug"].objects.filter(id=2).update(name="green")
    moving.run(unique("offered", Q(sold=False)), unique("all"))

    with pytest.raises(IntegrityError):
        moving["Mug"].objects.create(id=4, name="green", sold=True)


def test_another_condition_by_the_same_name(moving: Project) -> None:
    moving.run(
        unique("some", Q(sold=False)),
        ops.RemoveConstraint("Mug", "some"),
        unique("some", Q(sold=True)),
    )

    assert guards() == ['moving_mug#some#["red"]']


def test_null_as_a_value_like_others(moving: Project) -> None:
    """GIVEN `nulls_distinct=False`, only one row may be without."""
    refused(
        moving, IntegrityError, unique("made", fields=["made"], nulls_distinct=False),
        match=r"moving_mug\.made",
    )  # fmt: skip
    moving["Mug"].objects.filter(id=3).delete()
    moving.run(unique("made", fields=["made"], nulls_distinct=False))

    with pytest.raises(IntegrityError):
        moving["Mug"].objects.create(id=4, name="green")
    moving["Mug"].objects.filter(id=2).delete()
    moving["Mug"].objects.create(id=4, name="green")


def test_null_as_no_value(moving: Project) -> None:
    """GIVEN `nulls_distinct=True`, as many as like."""
    moving.run(unique("made", fields=["made"], nulls_distinct=True))

    moving["Mug"].objects.create(id=4, name="green")
    with pytest.raises(IntegrityError):
        moving["Mug"].objects.create(id=5, name="green", made=MOMENT)


# Checks -------------------------------------------------------------------------------


def check(condition: Any) -> ops.AddConstraint:
    return ops.AddConstraint("Mug", CheckConstraint(condition=condition, name="checked"))


def test_a_check_over_rows_that_break_it(moving: Project) -> None:
    refused(
        moving, IntegrityError, check(Q(stock__gte=0)), match="CHECK constraint failed: checked"
    )

    moving["Mug"].objects.create(id=4, name="green", stock=-2)  # nothing of it is left


def test_a_check_of_another_condition(moving: Project) -> None:
    moving.run(check(Q(stock__gt=-5)), ops.RemoveConstraint("Mug", "checked"))

    refused(moving, IntegrityError, check(Q(stock__gt=0)), match="CHECK constraint failed: checked")


def test_a_check_over_a_column_that_is_altered(moving: Project) -> None:
    """GIVEN texts, in order as such, WHEN they become numbers, THEN they are checked anew."""
    for pk, name in ((1, "2"), (2, "3"), (3, "10")):
        moving["Mug"].objects.filter(pk=pk).update(name=name)
    moving.run(check(Q(name__lt="4")))

    alter = ops.AlterField("Mug", "name", models.IntegerField())
    refused(moving, IntegrityError, alter, match="CHECK constraint failed: checked")


@pytest.mark.parametrize(
    ("operation", "match"),
    [
        (ops.AlterField("Mug", "stock", models.PositiveIntegerField()), r"stock >= 0"),
        (ops.AddField("Mug", "size", models.PositiveIntegerField(default=-1)), r"size >= 0"),
        (ops.AddField("Mug", "size", models.IntegerField()), r"NOT NULL .*\.size"),
        (ops.AlterField("Mug", "made", models.DateTimeField()), r"NOT NULL .*\.made"),
    ],
)
def test_what_a_column_promises(moving: Project, operation: Any, match: str) -> None:
    refused(moving, IntegrityError, operation, match=match)


def test_a_row_of_code_that_knew_less(moving: Project) -> None:
    """GIVEN a row that code of before has written without the new column, WHEN another column is
    altered, THEN that is no reason to refuse it."""
    old = moving["Mug"]
    moving.run(ops.AddField("Mug", "size", models.IntegerField(default=1)))
    table = connection.registry.tables["moving_mug"]
    connection.registry.show(connection, [old])
    old.objects.create(id=4, name="green")
    connection.registry.put(table)

    moving.run(ops.AlterField("Mug", "stock", models.FloatField(default=0)))

    assert moving["Mug"].objects.get(id=4).size is None


# Columns ------------------------------------------------------------------------------


@pytest.mark.parametrize("persisted", [True, False])
def test_a_generated_column(moving: Project, persisted: bool) -> None:
    twice: Any = GeneratedField(
        expression=F("stock") * 2, output_field=models.IntegerField(), db_persist=persisted
    )
    moving.run(ops.AddField("Mug", "twice", twice))

    assert [mug.twice for mug in moving["Mug"].objects.order_by("id")] == [10, -2, 14]
    assert [mug.pk for mug in moving["Mug"].objects.filter(twice=14)] == [3]


def test_a_generated_column_whose_source_is_renamed(moving: Project) -> None:
    twice: Any = GeneratedField(
        expression=F("stock") * 2, output_field=models.IntegerField(), db_persist=True
    )
    moving.run(ops.AddField("Mug", "twice", twice), ops.RenameField("Mug", "stock", "left"))

    moving["Mug"].objects.filter(id=1).update(left=6)
    assert [mug.twice for mug in moving["Mug"].objects.order_by("id")] == [12, -2, 14]


def test_moments_become_dates(moving: Project) -> None:
    """The date in UTC, which can be read and asked for."""
    list(moving["Mug"].objects.values_list("made"))
    moving.run(ops.AlterField("Mug", "made", models.DateField(null=True)))

    assert list(moving["Mug"].objects.order_by("id").values_list("made", flat=True)) == [
        MOMENT.date(), None, None,
    ]  # fmt: skip
    assert moving["Mug"].objects.get(made=MOMENT.date()).pk == 1


def test_moments_become_times(moving: Project) -> None:
    moving.run(ops.AlterField("Mug", "made", models.TimeField(null=True)))

    assert moving["Mug"].objects.get(made=dt.time(12, 30, 15)).pk == 1


def test_the_first_select_after_a_type_change(moving: Project) -> None:
    """The same SQL has been prepared before, for a column of another type."""
    assert [mug.sold for mug in moving["Mug"].objects.order_by("id")] == [False, True, False]

    moving.run(ops.AlterField("Mug", "sold", models.IntegerField(default=0)))

    found = [mug.sold for mug in moving["Mug"].objects.order_by("id")]
    assert [(type(value), value) for value in found] == [(int, 0), (int, 1), (int, 0)]


def test_a_value_that_has_no_place_in_the_new_column(moving: Project) -> None:
    alter = ops.AlterField("Mug", "name", models.IntegerField())
    refused(moving, DataError, alter, match="name: 'red' cannot become integer")


def test_fewer_digits(moving: Project) -> None:
    digits: Any = models.DecimalField(max_digits=3, decimal_places=1, default=0)
    moving.run(ops.AlterField("Mug", "stock", digits))
    moving["Mug"].objects.filter(id=3).update(stock=70)

    fewer: Any = models.DecimalField(max_digits=2, decimal_places=1, default=0)
    refused(moving, DataError, ops.AlterField("Mug", "stock", fewer), match="stock: 70 cannot")


def test_time_to_live_begins_and_ends(moving: Project) -> None:
    """What DynamoDB deletes rows by comes and goes with the field."""
    moving.run(ops.AlterField("Mug", "made", TTLField(null=True)))
    assert [row.get("_expires") for row in stored()] == [{"N": "1709209815"}, None, None]

    moving.run(ops.AlterField("Mug", "made", models.DateTimeField(null=True)))
    assert [row.get("_expires") for row in stored()] == [None, None, None]


# Indexes ------------------------------------------------------------------------------


def test_the_type_of_an_indexed_column(moving: Project) -> None:
    """DynamoDB's index has one type of key, so it is made anew."""
    moving.run(ops.AddIndex("Mug", models.Index(fields=["stock"], name="by_stock")))
    moving.run(ops.AlterField("Mug", "stock", models.CharField(max_length=9, default="")))

    assert [mug.pk for mug in moving["Mug"].objects.filter(stock="-1")] == [2]


def test_an_index_removed_over_empty_texts(moving: Project) -> None:
    moving["Mug"].objects.filter(id=3).update(name="")
    moving.run(ops.AddIndex("Mug", models.Index(fields=["name"], name="by_name")))
    moving.run(ops.RemoveIndex("Mug", "by_name"))

    assert [row["name"]["S"] for row in stored()] == ["red", "red", ""]


# Renamed columns ------------------------------------------------------------------------


def test_what_speaks_of_a_renamed_column(moving: Project) -> None:
    """RenameField leaves constraints and indexes of a state with the old name."""
    moving.run(
        unique("pair", fields=["name", "stock"]),
        unique("offered", Q(stock__lt=0), fields=["id"]),
        check(Q(stock__gt=-5)),
        ops.AddIndex("Mug", models.Index(fields=["stock", "name"], name="by_stock")),
        ops.RenameField("Mug", "stock", "left"),
        ops.AddField("Mug", "size", models.IntegerField(default=1)),
    )

    table = connection.registry.tables["moving_mug"]
    assert [index.keys for index in table.indexes] == [("left", "name")]
    assert 'moving_mug#name,left#["red","5"]' in guards()
    for wrong in ({"name": "red", "left": 5}, {"name": "green", "left": -9}):
        with pytest.raises(IntegrityError):
            moving["Mug"].objects.create(id=4, **wrong)


# Primary keys ---------------------------------------------------------------------------


def test_a_primary_key_removed_and_another_added(moving: Project) -> None:
    moving.run(ops.RemoveField("Mug", "id"))
    assert [set(row) & {"id", "name"} for row in stored()] == [{"id", "name"}] * 3

    moving.run(ops.AddField("Mug", "number", models.BigAutoField(primary_key=True)))

    numbers = list(moving["Mug"].objects.values_list("number", flat=True))
    assert len(set(numbers)) == 3
    assert sorted(moving["Mug"].objects.values_list("name", flat=True)) == ["blue", "red", "red"]
    assert moving["Mug"].objects.create(name="green").pk not in numbers


def test_a_primary_key_of_a_default_for_all(moving: Project) -> None:
    moving.run(ops.RemoveField("Mug", "id"))
    key = models.CharField(max_length=9, primary_key=True, default="one")

    refused(moving, IntegrityError, ops.AddField("Mug", "code", key), match=r"moving_mug\.code")


def test_a_primary_key_without_values(moving: Project) -> None:
    alter = ops.AlterField("Mug", "made", models.DateTimeField(primary_key=True))
    refused(moving, IntegrityError, alter, match=r"NOT NULL .*\.made")


def test_two_columns_of_a_name(moving: Project) -> None:
    """Without a primary key, Django gives the model one that is named so."""
    alter = ops.AlterField("Mug", "id", models.BigIntegerField())
    refused(moving, OperationalError, alter, match="duplicate column name: id")


def test_what_refers_to_a_primary_key(moving: Project) -> None:
    """Foreign keys become of its type, those of a table between two models, too."""
    mug = models.ForeignKey("moving.Mug", models.CASCADE)
    others = models.ManyToManyField("moving.Mug")
    moving.run(
        ops.CreateModel("Box", [("id", models.BigIntegerField(primary_key=True)), ("mug", mug)]),
        ops.AddField("Box", "mugs", others),
    )
    red = moving["Mug"].objects.get(id=1)
    moving["Box"].objects.create(id=1, mug=red).mugs.add(red)

    moving.run(ops.AlterField("Mug", "id", models.CharField(max_length=9, primary_key=True)))

    box = moving["Box"].objects.select_related("mug").get(mug_id="1")
    assert (box.mug.name, box.mug_id) == ("red", "1")
    assert [mug.pk for mug in box.mugs.all()] == ["1"]


def test_guards_agree_afterwards(moving: Project, capsys: pytest.CaptureFixture[str]) -> None:
    moving["Mug"].objects.filter(id=2).update(name="green")
    moving.run(
        unique("all"),
        unique("offered", Q(sold=False)),
        ops.RenameField("Mug", "name", "title"),
        ops.AlterField("Mug", "title", models.TextField()),
        ops.RenameModel("Mug", "Cup"),
    )

    call_command("check_guards")

    assert "agree" in capsys.readouterr().out
