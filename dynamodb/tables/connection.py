"""The engine's connection, as far as the making of tables knows it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import MutableMapping
from typing import Protocol

from django.db.backends.sqlite3 import base

from dynamodb.tables.index import Describing
from dynamodb.tables.table import Table


class KnownTables(Protocol):
    """The tables that SQL may name; see `registry`."""

    @property
    def tables(self) -> MutableMapping[str, Table]:
        """By SQL name."""
        ...

    def load(self, connection: EngineConnection) -> None:
        """All installed models, once."""
        ...

    def refresh(self, connection: EngineConnection) -> None:
        """Add models that were defined since."""
        ...


class EngineConnection(base.DatabaseWrapper):
    """The engine's connection without what upper rooms make of it.

    A class, not a protocol: Django wants its own `BaseDatabaseWrapper` wherever a connection goes.
    """

    @property
    @abstractmethod
    def table_prefix(self) -> str:
        """What the names of all tables begin with."""

    @property
    @abstractmethod
    def registry(self) -> KnownTables:
        """The tables known under this prefix."""

    @property
    @abstractmethod
    def control(self) -> Describing:
        """What makes and describes tables."""
