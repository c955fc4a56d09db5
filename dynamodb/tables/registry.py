"""The tables that SQL may name: of today's models, or of a migration's state."""

from __future__ import annotations

import threading

from django.apps import apps
from django.db.models import Model

from dynamodb.tables.builder import TableBuilder
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.table import Table


class Registry:
    """One database alias's tables, shared by its connections in all threads.

    `version` rises with each change, so that connections see when to look again.
    """

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.version = 0
        self.lock = threading.RLock()  # building a table compiles, which asks for tables
        self.loaded = False

    def load(self, connection: EngineConnection) -> None:
        """All installed models, once."""
        with self.lock:
            if not self.loaded:
                self.loaded = True
                try:
                    self.add(connection, current_models())
                except BaseException:
                    self.loaded = False  # DynamoDB was asked, and did not answer
                    raise

    def add(self, connection: EngineConnection, models: list[type[Model]]) -> None:
        for model in models:
            if not stored(model) or unresolved(model):
                continue
            table = TableBuilder(connection, model).build()
            known = self.tables.get(table.sql_name)
            if known is not None and not model._meta.managed:
                continue
            self.tables[table.sql_name] = table
        self.version += 1

    def refresh(self, connection: EngineConnection) -> None:
        """Add models that were defined since."""
        with self.lock:
            new = [m for m in current_models() if m._meta.db_table not in self.tables]
            self.add(connection, new)

    def show(self, connection: EngineConnection, models: list[type[Model]]) -> None:
        """Let SQL see these models' tables as these models say, and all others as before.

        Nothing is forgotten: Django's tests hide apps for a while, and a migration that
        deletes a model removes its table itself.
        """
        self.load(connection)
        with self.lock:
            self.add(connection, models)

    def remove(self, sql_name: str) -> None:
        if self.tables.pop(sql_name, None):
            self.version += 1

    def put(self, table: Table) -> None:
        self.tables[table.sql_name] = table
        self.version += 1


def stored(model: type[Model]) -> bool:
    opts = model._meta
    return not (opts.proxy or opts.abstract or opts.swapped)


def unresolved(model: type[Model]) -> bool:
    """Whether a relation names a model that does not exist: Django makes no table then."""
    fields = model._meta.local_concrete_fields
    return any(f.remote_field and isinstance(f.remote_field.model, str) for f in fields)


def current_models() -> list[type[Model]]:
    """Every installed model; those that Django creates tables for come last, and win."""
    from django.db.migrations.recorder import MigrationRecorder

    models: list[type[Model]] = list(apps.get_models(include_auto_created=True))
    models.append(MigrationRecorder.Migration)
    return sorted(models, key=lambda model: model._meta.managed)
