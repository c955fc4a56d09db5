"""Columns that are generated, renamed or of another type, over rows that are there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, models
from django.db.migrations import operations as ops
from django.db.models import F, GeneratedField, Q

from dynamodb.calls import record
from dynamodb.fields import TTLField
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project
from tests.dynamodb.schema.mugs import MOMENT, refused, stored

pytestmark = pytest.mark.usefixtures("tables")

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


def test_a_renamed_column_leaves_nothing(moving: Project) -> None:
    """The attribute's name tells that a row is done: it needs no mark."""
    moving.run(ops.RenameField("Mug", "name", "title"))

    assert {name for row in stored() for name in row} == {"id", "title", "sold", "stock", "made"}


def test_a_longer_text_is_no_other_type(moving: Project) -> None:
    """No row is read for it."""
    with record() as calls:
        moving.run(ops.AlterField("Mug", "name", models.CharField(max_length=200)))

    assert {call.operation for call in calls} <= {"DescribeTable"}


def test_texts_of_another_time_zone(moving: Project) -> None:
    """Moments are kept in UTC."""
    moving["Mug"].objects.update(name="2024-02-29 13:30+01")

    moving.run(ops.AlterField("Mug", "name", models.DateTimeField()))

    assert {mug.name for mug in moving["Mug"].objects.all()} == {MOMENT.replace(second=0)}


def test_a_sparse_index_of_a_number(moving: Project) -> None:
    """Rows get the index's attribute, though no column of theirs changes."""
    sparse = models.Index(fields=["stock"], condition=Q(sold=True), name="sold")
    moving.run(ops.AddIndex("Mug", sparse))

    assert [row.get("_sold") for row in stored()] == [None, {"N": "-1"}, None]


def test_a_field_put_in_the_place_of_the_models_own(moving: Project) -> None:
    """As Django's tests do: the model then has both."""
    model = moving["Mug"]
    old, new = model._meta.get_field("stock"), models.IntegerField(db_index=True)
    new.contribute_to_class(model, "stock")

    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)

    assert [each.keys for each in connection.registry.tables["moving_mug"].indexes] == [("stock",)]
