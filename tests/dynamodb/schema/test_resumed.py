"""Operations that are interrupted at any of their calls and run again, in another process."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.db.migrations import operations as ops
from django.db.models import F, GeneratedField, Q, UniqueConstraint

from dynamodb.calls import record
from dynamodb.client.client import Client
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, interrupted
from tests.dynamodb.schema.notes import filled, guards, scan

pytestmark = pytest.mark.usefixtures("tables")

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


def without_number(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in row.items() if name != "number")


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
