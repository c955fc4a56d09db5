"""One project on the engine and one on SQLite, taken through the same operations."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connections, transaction
from django.db.migrations.operations.base import Operation
from django.db.models import Model

from dynamodb import bulk
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, project

Outcome = str | list[str]  # the class of an error, or rows


class Side:
    """One of the two."""

    def __init__(self, moving: Project):
        self.moving = moving
        self.alias = moving.database.alias

    def run(self, *operations: Operation) -> str:
        """What came of them: "done", or the class of the first error."""
        return outcome(lambda: self.moving.run(*copy.deepcopy(operations)))

    def model(self) -> type[Model]:
        """The one that is not only there to be referred to."""
        models = self.moving.state.apps.get_models()
        return next(model for model in models if model.__name__ != "Other")

    def fill(self, rows: list[dict[str, Any]]) -> None:
        model: Any = self.model()
        made = [model(**row) for row in rows]
        if self.alias == connection.alias:
            bulk.load(made)
        else:
            model.objects.using(self.alias).bulk_create(made)

    def insert(self, **row: Any) -> str:
        model: Any = self.model()
        known = {name: row[name] for name in row if name in names(model)}

        def create() -> None:
            with transaction.atomic(using=self.alias):
                model.objects.using(self.alias).create(**known)

        return outcome(create)

    def rows(self) -> Outcome:
        """All rows with all columns; the class of the error if they cannot be read."""
        return self.read(lambda rows: rows.values_list(*sorted(names(self.model()))))

    def where(self, **condition: Any) -> Outcome:
        """The primary keys of some; none where a column is not there."""
        if not condition.keys() <= set(names(self.model())):
            return []
        return self.read(lambda rows: rows.filter(**condition).values_list("pk"))

    def read(self, ask: Callable[[Any], Any]) -> Outcome:
        model: Any = self.model()
        try:
            return sorted(map(repr, ask(model.objects.using(self.alias))))
        except (ArithmeticError, Error, TypeError, ValueError) as error:
            return type(error).__name__


def names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def outcome(run: Callable[[], Any]) -> str:
    try:
        run()
    except (Error, LookupError, TypeError, ValueError) as error:
        return type(error).__name__
    return "done"


@contextmanager
def twins(alias: str) -> Iterator[tuple[Side, Side]]:
    """SQLite's and the engine's, both without tables; `alias`: SQLite's."""
    plain = connections[alias]
    with project() as moving:
        try:
            yield Side(Project(plain)), Side(moving)
        finally:
            plain.disable_constraint_checking()
            with plain.cursor() as cursor:
                for name in plain.introspection.table_names(cursor):
                    cursor.execute(f'DROP TABLE "{name}"')
            plain.enable_constraint_checking()
