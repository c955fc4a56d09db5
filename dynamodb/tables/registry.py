"""The tables that SQL may name: of today's models, or of a migration's state."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, MutableMapping
from functools import partial
from typing import Any

from django.apps import apps
from django.db.models import Model

from dynamodb.tables.builder import TableBuilder
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.table import Table


class Tables(MutableMapping[str, Table]):
    """By SQL name. One that waits is made when somebody asks for it: a process needs few of them,
    and a customer may wait for its start."""

    def __init__(self) -> None:
        self.made: dict[str, Table] = {}
        self.waiting: dict[str, Callable[[], Table]] = {}
        self.making: set[str] = set()
        self.lock = threading.RLock()  # making a table compiles, which asks for tables

    def __getitem__(self, name: str) -> Table:
        table = self.made.get(name)
        return self.make(name) if table is None else table

    def get(self, name: str, default: Any = None) -> Any:
        """`default` also while it is being made: what is compiled for it asks for it."""
        table = self.made.get(name)
        if table is not None:
            return table
        with self.lock:
            unknown = name in self.making or name not in self
            return default if unknown else self[name]

    def make(self, name: str) -> Table:
        with self.lock:
            if name in self.waiting:
                self.making.add(name)
                try:
                    self[name] = self.waiting[name]()
                finally:
                    self.making.discard(name)
            return self.made[name]

    def __setitem__(self, name: str, table: Table) -> None:
        with self.lock:
            self.made[name] = table
            self.waiting.pop(name, None)

    def __delitem__(self, name: str) -> None:
        with self.lock:
            if self.waiting.pop(name, None) is None:
                del self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self.made or name in self.waiting

    def __iter__(self) -> Iterator[str]:
        with self.lock:  # other threads add to them
            return iter([*self.made, *self.waiting])

    def __len__(self) -> int:
        return len(self.made) + len(self.waiting)


class Registry:
    """One database alias's tables, shared by its connections in all threads.

    `version` rises with each change, so that connections see when to look again.
    """

    def __init__(self) -> None:
        self.tables = Tables()
        self.version = 0
        self.lock = self.tables.lock
        self.loaded = False

    def load(self, connection: EngineConnection) -> None:
        """All installed models, once."""
        with self.lock:
            if self.loaded:
                return
            self.loaded = True
            for model in current_models():
                if stored(model) and not unresolved(model):
                    name = model._meta.db_table
                    if model._meta.managed or name not in self.tables:
                        self.tables.waiting[name] = partial(build, connection, model)
            self.version += 1

    def add(self, connection: EngineConnection, models: list[type[Model]]) -> None:
        for model in models:
            if stored(model) and not unresolved(model):
                table = build(connection, model)
                if model._meta.managed or table.sql_name not in self.tables:
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
        with self.lock:
            if sql_name in self.tables:
                del self.tables[sql_name]
                self.version += 1

    def put(self, table: Table) -> None:
        self.tables[table.sql_name] = table
        self.version += 1


def build(connection: EngineConnection, model: type[Model]) -> Table:
    return TableBuilder(connection, model).build()


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
