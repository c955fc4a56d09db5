"""What an operation promises holds for the rows that are there, or it is refused before anything of
it is stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import IntegrityError, models
from django.db.migrations import operations as ops
from django.db.models import F, GeneratedField, Q, UniqueConstraint
from django.db.models.functions import Lower

from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project
from tests.dynamodb.schema.mugs import MOMENT, check, guards, refused, unique

pytestmark = pytest.mark.usefixtures("tables")

# Unique -------------------------------------------------------------------------------


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


def test_a_check_over_a_column_that_is_filled(moving: Project) -> None:
    """The check says what it said, of other values."""
    moving.run(
        ops.AddField("Mug", "size", models.IntegerField(null=True)),
        check(Q(size__gt=5) | Q(size__isnull=True)),
    )

    fill = ops.AlterField("Mug", "size", models.IntegerField(default=1))
    refused(moving, IntegrityError, fill, match="CHECK constraint failed: checked")


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


def test_what_is_computed_from_a_column_that_is_filled(moving: Project) -> None:
    """GIVEN a unique column computed from another, WHEN that gets a value in all rows that have
    none, THEN they would share the computed one."""
    twice: Any = GeneratedField(
        expression=F("size") * 2, output_field=models.IntegerField(), db_persist=True, unique=True
    )
    moving.run(
        ops.AddField("Mug", "size", models.IntegerField(null=True)),
        ops.AddField("Mug", "twice", twice),
    )

    fill = ops.AlterField("Mug", "size", models.IntegerField(default=1))
    refused(moving, IntegrityError, fill, match=r"moving_mug\.twice")


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


def test_what_speaks_of_a_removed_column(moving: Project) -> None:
    """It goes with the column."""
    moving.run(
        unique("pair", fields=["name", "stock"]),
        unique("offered", Q(stock__lt=0), fields=["name"]),
        check(Q(stock__gt=-5)),
        ops.AddIndex("Mug", models.Index(fields=["stock", "name"], name="by_stock")),
        ops.RemoveField("Mug", "stock"),
    )

    moving["Mug"].objects.create(id=4, name="red")
    table = connection.registry.tables["moving_mug"]
    assert (guards(), table.uniques, table.checks, table.indexes) == ([], [], [], [])


def test_an_expression_of_a_renamed_column(moving: Project) -> None:
    """It cannot go on with the new name, and nothing is renamed before it is removed."""
    moving["Mug"].objects.filter(id=2).delete()
    moving.run(ops.AddConstraint("Mug", UniqueConstraint(Lower("name"), name="one")))

    refused(moving, FieldError, ops.RenameField("Mug", "name", "title"), match="'name'")
