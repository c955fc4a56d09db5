"""Primary keys removed, added and altered, over rows that are there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, NotSupportedError, OperationalError, models
from django.db.migrations import operations as ops

from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project
from tests.dynamodb.schema.mugs import refused, stored

pytestmark = pytest.mark.usefixtures("tables")


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


def test_what_refers_to_what_refers_to_a_primary_key(moving: Project) -> None:
    """GIVEN a model that inherits, its primary key refers to another, and is referred to itself."""
    pointer: Any = models.OneToOneField(
        "moving.Mug", models.CASCADE, parent_link=True, auto_created=True, primary_key=True
    )
    moving.run(
        ops.CreateModel("Gift", [("mug_ptr", pointer)], bases=("moving.Mug",)),
        ops.CreateModel(
            "Card",
            [
                ("id", models.BigIntegerField(primary_key=True)),
                ("gift", models.ForeignKey("moving.Gift", models.CASCADE)),
            ],
        ),
    )
    gift = moving["Gift"].objects.create(id=4, name="green")
    moving["Card"].objects.create(id=1, gift=gift)

    moving.run(ops.AlterField("Mug", "id", models.CharField(max_length=9, primary_key=True)))

    card = moving["Card"].objects.select_related("gift").get(gift="4")
    assert (card.gift_id, card.gift.name) == ("4", "green")


def test_a_primary_key_of_the_same_name_and_another_type(moving: Project) -> None:
    """It is another column: the values of before are not its own."""
    moving["Mug"].objects.filter(id__gt=1).delete()
    key = models.CharField(max_length=9, primary_key=True, default="one")

    moving.run(ops.RemoveField("Mug", "id"), ops.AddField("Mug", "id", key))

    assert [(mug.pk, mug.name) for mug in moving["Mug"].objects.all()] == [("one", "red")]


def test_a_primary_key_of_the_same_name_and_type(moving: Project) -> None:
    """DynamoDB's rows have kept it."""
    key = models.BigAutoField(primary_key=True)
    moving.run(ops.RemoveField("Mug", "id"), ops.AddField("Mug", "id", key))

    assert sorted(mug.pk for mug in moving["Mug"].objects.all()) == [1, 2, 3]


def test_a_primary_key_that_is_json(moving: Project) -> None:
    alter = ops.AlterField("Mug", "stock", models.JSONField(primary_key=True))
    refused(moving, NotSupportedError, alter, match="no primary key that is JSON")


def test_a_primary_key_that_promises_more(moving: Project) -> None:
    alter = ops.AlterField("Mug", "stock", models.PositiveIntegerField(primary_key=True))
    refused(moving, IntegrityError, alter, match="stock >= 0")


def test_a_primary_key_added_beside_another(moving: Project) -> None:
    moving["Mug"].objects.filter(id__gt=1).delete()
    key = models.CharField(max_length=9, primary_key=True, default="one")
    moving.run(ops.AddField("Mug", "code", key))

    assert connection.registry.tables["moving_mug"].key.keys == ("code",)
    moving.run(ops.RemoveField("Mug", "id"))
    assert [(mug.pk, mug.name) for mug in moving["Mug"].objects.all()] == [("one", "red")]
