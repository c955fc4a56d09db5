"""Migrations of an app that is nowhere installed, run operation by operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field

from dynamodb.schema.editor import DatabaseSchemaEditor
from tests.cart.races import at_once
from tests.dynamodb.engine import connection

APP = "moving"


class Project:
    """A project's state and its tables, taken forwards by operations."""

    def __init__(self, database: Any = connection) -> None:
        self.state, self.database = ProjectState(), database

    def run(self, *operations: Operation) -> None:
        for operation in operations:
            after = self.state.clone()
            operation.state_forwards(APP, after)
            with self.database.schema_editor() as editor:
                operation.database_forwards(APP, editor, self.state, after)
            self.state = after

    def create(self, name: str, /, **fields: Field[Any, Any]) -> None:
        """A model and its table."""
        self.run(CreateModel(name, list(fields.items())))

    def __getitem__(self, name: str) -> Any:
        """A model as the state has it."""
        return self.state.apps.get_model(APP, name)


@contextmanager
def project() -> Iterator[Project]:
    """A project without tables; what it makes is dropped afterwards."""
    before = set(connection.control.table_names())
    moving = Project()
    try:
        yield moving
    finally:
        for name in set(connection.control.table_names()) - before:
            connection.control.delete(connection.table_prefix + name)
        connection.registry.load(connection)
        for model in moving.state.apps.get_models():
            connection.registry.remove(model._meta.db_table)


def keys_of(table: str) -> dict[str, str]:
    """By index, the attributes of its partition key and of its sort key, as DynamoDB has them:
    `a b/c`."""
    found = connection.control.describe(f"{connection.table_prefix}{table}") or {}
    return {
        index["IndexName"]: "/".join(
            " ".join(k["AttributeName"] for k in index["KeySchema"] if k["KeyType"] == kind)
            for kind in ("HASH", "RANGE")
        )
        for index in found.get("GlobalSecondaryIndexes", ())
    }


def interrupted(call: Callable[..., Any], after: int) -> Callable[..., Any]:
    """`call`, which raises KeyboardInterrupt instead of its run number `after`."""
    runs = iter(range(after))

    def run(*args: Any, **options: Any) -> Any:
        if next(runs, None) is None:
            raise KeyboardInterrupt
        return call(*args, **options)

    return run


def meanwhile(monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> None:
    """Somebody of the code before writes just after a migration has read the rows."""
    read = DatabaseSchemaEditor.rows

    def rows_and_then(self: DatabaseSchemaEditor, table: Any) -> Any:
        found = read(self, table)
        monkeypatch.setattr(DatabaseSchemaEditor, "rows", read)
        at_once(run)
        return found

    monkeypatch.setattr(DatabaseSchemaEditor, "rows", rows_and_then)
