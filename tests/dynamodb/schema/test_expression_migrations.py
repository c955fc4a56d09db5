"""Migrations of indexes and unique constraints on expressions, over rows that are there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.db.migrations import operations as ops
from django.db.models import F, Index, UniqueConstraint
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Abs, Cast, Lower

from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, project
from tests.dynamodb.sent import read_by

pytestmark = pytest.mark.usefixtures("tables")

INDEX = Index(Lower("name"), F("stock").desc(), name="by_name")
ONE_EACH = UniqueConstraint(Lower("name"), name="one_each")


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    """A project with one model and two rows."""
    with project() as made:
        made.create(
            "Mug",
            id=models.BigAutoField(primary_key=True),
            name=models.CharField(max_length=20),
            stock=models.IntegerField(default=5),
        )
        for name in ("Red", "BLUE"):
            made["Mug"].objects.create(name=name)
        yield made


def stored(attribute: str) -> list[str]:
    """What the rows have under a name in DynamoDB."""
    params = {"TableName": f"{connection.table_prefix}moving_mug", "ConsistentRead": True}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted(item[attribute]["S"] for item in items if attribute in item)


def found(moving: Project, **where: Any) -> tuple[list[str], list[tuple[str, str | None]]]:
    mugs = moving["Mug"].objects.annotate(lower=Lower("name")).filter(lower="red", **where)
    return read_by(lambda: list(mugs.values_list("name", flat=True)))


def test_an_index_added_and_removed(moving: Project) -> None:
    moving.run(ops.AddIndex("Mug", INDEX))
    assert stored("LOWER(name)") == ["blue", "red"]
    assert found(moving) == (["Red"], [("Query", "by_name")])

    moving.run(ops.RemoveIndex("Mug", "by_name"))
    assert stored("LOWER(name)") == []
    assert found(moving) == (["Red"], [("Scan", None)])


def test_a_number_within_json(moving: Project) -> None:
    size = Cast(KeyTextTransform("size", "data"), models.IntegerField())
    moving.run(
        ops.AddField("Mug", "data", models.JSONField(default=dict)),
        ops.AddIndex("Mug", Index(size, name="by_size")),
    )
    moving["Mug"].objects.filter(name="Red").update(data={"size": 7})

    mugs = moving["Mug"].objects.annotate(size=size).filter(size=7)
    assert read_by(lambda: [mug.name for mug in mugs]) == (["Red"], [("Query", "by_size")])


def test_a_constraint_added_and_removed(moving: Project) -> None:
    moving.run(ops.AddConstraint("Mug", ONE_EACH))
    with pytest.raises(IntegrityError, match=r"moving_mug.LOWER\(name\)"):
        moving["Mug"].objects.create(name="RED")

    moving.run(ops.RemoveConstraint("Mug", "one_each"))
    moving["Mug"].objects.create(name="RED")
    assert stored("LOWER(name)") == []


def test_values_that_are_there_twice(moving: Project) -> None:
    moving["Mug"].objects.create(name="rED")

    with pytest.raises(IntegrityError, match=r"moving_mug.LOWER\(name\)"):
        moving.run(ops.AddConstraint("Mug", ONE_EACH))

    assert stored("LOWER(name)") == []


def test_the_column_of_two_is_kept_with_one_of_them(moving: Project) -> None:
    moving.run(ops.AddIndex("Mug", INDEX), ops.AddConstraint("Mug", ONE_EACH))
    moving.run(ops.RemoveIndex("Mug", "by_name"))

    assert stored("LOWER(name)") == ["blue", "red"]
    with pytest.raises(IntegrityError):
        moving["Mug"].objects.create(name="RED")


def test_a_column_altered_and_another_renamed(moving: Project) -> None:
    moving.run(
        ops.AddIndex("Mug", INDEX),
        ops.AlterField("Mug", "name", models.CharField(max_length=50, null=True)),
        ops.AddField("Mug", "size", models.IntegerField(default=-3)),
        ops.AddIndex("Mug", Index(Abs("size"), name="by_size")),
        ops.RenameModel("Mug", "Cup"),
    )

    cups = moving["Cup"].objects
    cups.create(name="GREEN", size=7)
    big = cups.annotate(span=Abs("size")).filter(span=7)
    assert read_by(lambda: [cup.name for cup in big]) == (["GREEN"], [("Query", "by_size")])
    green = cups.annotate(lower=Lower("name")).filter(lower="green", stock=5)
    assert read_by(lambda: [cup.size for cup in green]) == ([7], [("Query", "by_name")])
