"""Operations that are interrupted at any of their calls and run again, in another process; and what
others write meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, models
from django.db.migrations import operations as ops
from django.db.models import F, GeneratedField, Q, UniqueConstraint
from django.db.models.functions import Lower

from dynamodb.calls import record
from dynamodb.client.client import Client
from dynamodb.schema.editor import DatabaseSchemaEditor
from tests.cart.races import at_once
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import without_conditions
from tests.dynamodb.moving import Project, interrupted, project

pytestmark = pytest.mark.usefixtures("tables")

NOTES = ['"7"', "7", '["a", 1]', '"\\"7\\""', '""', "null"]  # each is JSON


@contextmanager
def filled() -> Iterator[Project]:
    """A project with one model, whose rows have texts that are JSON, and none."""
    with project() as made:
        made.create(
            "Mug",
            id=models.BigIntegerField(primary_key=True),
            note=models.TextField(null=True),
            stock=models.IntegerField(null=True),
            shelf=models.CharField(max_length=9, default=""),
        )
        for n, note in enumerate([*NOTES, None]):
            made["Mug"].objects.create(id=n, note=note, stock=n or None, shelf="A" * (n % 2))
        yield made


ALL = int(os.environ.get("SHOP_TEST_ROWS", "3")) > 100  # of the calls, in make migrations
LAST = 3
OPERATIONS: dict[str, tuple[Any, ...]] = {
    "renamed": (ops.RenameField("Mug", "note", "remark"),),
    "of another type": (ops.AlterField("Mug", "stock", models.CharField(max_length=9, null=True)),),
    "of the same attribute": (ops.AlterField("Mug", "note", models.JSONField(null=True)),),
    "there and back": (
        ops.AlterField("Mug", "note", models.JSONField(null=True)),
        ops.AlterField("Mug", "note", models.TextField(null=True)),
        ops.AlterField("Mug", "note", models.JSONField(null=True)),
    ),
    "filled": (ops.AlterField("Mug", "stock", models.IntegerField(default=9)),),
    "added": (ops.AddField("Mug", "size", models.IntegerField(default=3)),),
    "removed": (ops.RemoveField("Mug", "note"),),
    "generated": (
        ops.AddField(
            "Mug",
            "twice",
            GeneratedField(
                expression=F("stock") * 2, output_field=models.IntegerField(), db_persist=True
            ),
        ),
    ),
    "unique": (ops.AlterField("Mug", "note", models.TextField(null=True, unique=True)),),
    "unique and renamed": (
        ops.AlterField("Mug", "note", models.TextField(null=True, unique=True)),
        ops.RenameField("Mug", "note", "remark"),
    ),
    "conditional": (
        ops.AddConstraint("Mug", UniqueConstraint(fields=["stock"], name="one")),
        ops.AddConstraint(
            "Mug", UniqueConstraint(fields=["stock"], condition=Q(shelf="A"), name="two")
        ),
        ops.RemoveConstraint("Mug", "one"),
    ),
    "indexed": (ops.AddIndex("Mug", models.Index(fields=["shelf"], name="by_shelf")),),
    "indexed and of another type": (
        ops.AddIndex("Mug", models.Index(fields=["stock"], name="by_stock")),
        ops.AlterField("Mug", "stock", models.CharField(max_length=9, null=True)),
        ops.RemoveIndex("Mug", "by_stock"),
    ),
    "of another key": (
        ops.AlterField("Mug", "id", models.CharField(max_length=9, primary_key=True)),
    ),
    "of a new key": (
        ops.RemoveField("Mug", "id"),
        ops.AddField("Mug", "number", models.BigAutoField(primary_key=True)),
    ),
    "moved": (
        ops.AlterField("Mug", "note", models.TextField(null=True, unique=True)),
        ops.AlterModelTable("Mug", "moving_cup"),
    ),
}


def left_by(operations: tuple[Any, ...], run: Callable[[Project, Any], None]) -> Any:
    """What they leave of rows, guards and indexes; automatic keys are others each time."""
    with filled() as moving:
        for operation in operations:
            run(moving, operation)
        call_command("check_guards", stdout=StringIO())
        name = moving["Mug"]._meta.db_table
        rows = sorted(str(without_number(row)) for row in scan(name))
        return rows, guards(), indexes_of(name), tables()


def scan(table: str) -> list[dict[str, Any]]:
    params = {"TableName": connection.table_prefix + table, "ConsistentRead": True}
    return list(connection.dynamodb.call("Scan", params)["Items"])


def without_number(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in row.items() if name != "number")


def guards() -> list[str]:
    return sorted(
        item["id"]["S"]
        for item in scan(connection.guard_name)
        if item["id"]["S"].startswith("moving_")
    )


def indexes_of(table: str) -> list[str]:
    found = connection.control.describe(connection.table_prefix + table) or {}
    return sorted(each["IndexName"] for each in found.get("GlobalSecondaryIndexes", ()))


def tables() -> list[str]:
    return [name for name in connection.control.table_names() if name.startswith("moving_")]


@pytest.mark.parametrize("name", OPERATIONS)
def test_interrupted_at_any_call(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """WHEN each run is interrupted one call later than the one before, THEN the one that comes to
    its end leaves what a run leaves that was never interrupted."""

    def again_and_again(moving: Project, operation: Any) -> None:
        for calls in count():
            with monkeypatch.context() as patch:
                patch.setattr(Client, "call", interrupted(Client.call, calls))
                try:
                    moving.run(operation)
                    return
                except KeyboardInterrupt:
                    pass
            connection.registry.show(connection, moving.state.apps.get_models())

    alone = left_by(OPERATIONS[name], lambda moving, operation: moving.run(operation))
    assert left_by(OPERATIONS[name], again_and_again) == alone


@pytest.mark.parametrize("name", OPERATIONS)
def test_interrupted_near_its_end(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """WHEN the last operation is interrupted once, at one of its last calls (`make migrations`: at
    any), THEN the next run finds most of it done, and leaves the same."""
    *before, last = OPERATIONS[name]
    made: list[int] = []

    def counted(moving: Project, operation: Any) -> None:
        with record() as calls:
            moving.run(operation)
        made.append(len(calls))

    alone = left_by(OPERATIONS[name], counted)
    for calls in range(0 if ALL else max(0, made[-1] - LAST), made[-1]):

        def twice(moving: Project, operation: Any, calls: int = calls) -> None:
            if operation is last:
                with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
                    patch.setattr(Client, "call", interrupted(Client.call, calls))
                    moving.run(operation)
                connection.registry.show(connection, moving.state.apps.get_models())
            moving.run(operation)

        assert left_by((*before, last), twice) == alone


# Others who write meanwhile -------------------------------------------------------------

UNIQUE = ops.AlterField("Mug", "note", models.TextField(null=True, unique=True))


def meanwhile(monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> None:
    """Somebody of the code before writes just after a migration has read the rows."""
    read = DatabaseSchemaEditor.rows

    def rows_and_then(self: DatabaseSchemaEditor, table: Any) -> Any:
        found = read(self, table)
        monkeypatch.setattr(DatabaseSchemaEditor, "rows", read)
        at_once(run)
        return found

    monkeypatch.setattr(DatabaseSchemaEditor, "rows", rows_and_then)


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
