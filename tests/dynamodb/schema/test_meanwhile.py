"""What others write while a migration rewrites the rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, models
from django.db.migrations import operations as ops
from django.db.models import UniqueConstraint
from django.db.models.functions import Lower

from tests.dynamodb.engine import connection
from tests.dynamodb.guards import without_conditions
from tests.dynamodb.moving import Project, meanwhile
from tests.dynamodb.schema.notes import NOTES, filled, guards, scan

pytestmark = pytest.mark.usefixtures("tables")

UNIQUE = ops.AlterField("Mug", "note", models.TextField(null=True, unique=True))


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    with filled() as made:
        yield made


def test_a_value_changed_before_it_is_guarded(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is of what the row has, not of what was read."""
    mugs = moving["Mug"].objects
    meanwhile(monkeypatch, lambda: mugs.filter(pk=1).update(note="new"))

    moving.run(UNIQUE)

    assert 'moving_mug#note#["new"]' in guards()
    assert 'moving_mug#note#["7"]' not in guards()


def test_a_value_changed_before_it_is_guarded_without_the_condition(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same race with the guard out: the value that was read is guarded, the row's is not."""
    mugs = moving["Mug"].objects
    meanwhile(monkeypatch, lambda: mugs.filter(pk=1).update(note="new"))

    with without_conditions("moving_mug"):
        moving.run(UNIQUE)

    assert 'moving_mug#note#["new"]' not in guards()


def test_a_value_changed_before_an_expression_of_it_is_guarded(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The column that holds the expression is new, what it is computed from is not."""
    mugs = moving["Mug"].objects
    meanwhile(monkeypatch, lambda: mugs.filter(pk=1).update(note="NEW"))

    moving.run(ops.AddConstraint("Mug", UniqueConstraint(Lower("note"), name="one")))

    assert 'moving_mug#LOWER(note)#["new"]' in guards()
    assert 'moving_mug#LOWER(note)#["7"]' not in guards()


def test_a_row_added_meanwhile(moving: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    mugs = moving["Mug"].objects
    meanwhile(monkeypatch, lambda: mugs.create(id=90, note="new", stock=90))

    moving.run(UNIQUE)

    assert 'moving_mug#note#["new"]' in guards()


def test_a_value_taken_twice_meanwhile(moving: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a duplicate that came after the rows were checked, THEN it is refused all the same, and
    the operation can be run again when it is gone."""
    mugs = moving["Mug"].objects
    meanwhile(monkeypatch, lambda: mugs.create(id=90, note="7"))

    with pytest.raises(IntegrityError, match=r"moving_mug\.note"):
        moving.run(UNIQUE)
    mugs.filter(pk=90).delete()
    moving.run(UNIQUE)

    assert len(guards()) == len(NOTES)


def test_a_row_changed_that_becomes_of_another_type(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    mugs = moving["Mug"].objects
    meanwhile(monkeypatch, lambda: mugs.filter(pk=3).update(stock=33, shelf="B"))

    moving.run(ops.AlterField("Mug", "stock", models.CharField(max_length=9, null=True)))

    mug = moving["Mug"].objects.get(pk=3)
    assert (mug.stock, mug.shelf) == ("33", "B")


def test_a_guard_that_nobody_has_any_more(moving: Project) -> None:
    """GIVEN guards of a constraint of before, one of a row that is gone and one of another row,
    THEN the rows that have the values get them."""
    for guard, owner in (('moving_mug#note#["7"]', "800"), ('moving_mug#note#["null"]', "6")):
        item = {"id": {"S": guard}, "owner": {"M": {"id": {"N": owner}}}}
        params = {"TableName": connection.table_prefix + connection.guard_name, "Item": item}
        connection.dynamodb.call("PutItem", params)

    moving.run(UNIQUE)

    owners = {
        item["id"]["S"]: item["owner"]["M"]["id"]["N"] for item in scan(connection.guard_name)
    }
    assert owners['moving_mug#note#["7"]'] == "1"
    assert owners['moving_mug#note#["null"]'] == "5"


def test_a_guard_of_another_row_is_left(moving: Project) -> None:
    """GIVEN a row's guard that another has taken over, WHEN guards go, THEN it is not this row's to
    take away, and the operation ends."""
    moving.run(UNIQUE)
    guard, other = {"S": 'moving_mug#note#["7"]'}, {"M": {"id": {"N": "6"}}}
    params = {"TableName": connection.table_prefix + connection.guard_name}
    connection.dynamodb.call("PutItem", {**params, "Item": {"id": guard, "owner": other}})

    moving.run(ops.AlterField("Mug", "note", models.TextField(null=True)))

    assert guards() == [guard["S"]]
