"""What one SQLite connection shares among its virtual tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import apsw

from dynamodb.registry import Registry
from dynamodb.store import Store
from dynamodb.tables import Key, Table
from dynamodb.values import Item
from dynamodb.virtual import Module

if TYPE_CHECKING:
    from dynamodb.cursors import TableCursor

SUBQUERY_IN = re.compile(r"\bIN\s*\(\s*SELECT\b", re.IGNORECASE)


class Session:
    """What one SQLite connection shares among its virtual tables."""

    def __init__(self, store: Store, registry: Registry):
        self.store, self.registry = store, registry
        self.version = -1
        self.write_mode = False
        self.lock_mode = False
        self.action: Callable[[], int] | None = None
        self.batch_in = True
        self.cursors: list[TableCursor] = []
        self.rowids: dict[tuple[str, Key], int] = {}
        self.rows: list[tuple[Item, set[int] | None]] = []

    def take_action(self) -> Callable[[], int] | None:
        """What the next statement does without SQLite; it returns the count of rows.

        Compilers set `action` and then execute SQL that says the same, so that logs,
        wrappers and Django's state of the transaction see every statement.
        """
        action, self.action = self.action, None
        return action

    def attach(self, db: apsw.Connection) -> None:
        self.db = db
        self.modules: dict[str, Table] = {}

    def start_statement(self, sql: str) -> None:
        """Called before each statement: what the last one cached is forgotten.

        APSW 3.54 raises when it is handed an IN list whole and the list comes from a
        subquery without rows; such statements get their values one at a time.
        """
        self.store.start_statement()
        self.batch_in = SUBQUERY_IN.search(sql) is None
        if not self.cursors:
            self.rowids.clear()
            self.rows.clear()
        if self.version != self.registry.version:
            self.refresh()

    def refresh(self) -> None:
        """Make SQLite know the tables as the registry has them now."""
        tables = self.registry.tables
        for name, table in tables.items():
            if self.modules.get(name) is not table:
                module: Any = Module(self, table)
                self.db.create_module(
                    name, module, use_bestindex_object=True,
                    use_no_change=True, iVersion=1, eponymous_only=True,
                )  # fmt: skip
                self.modules[name] = table
        for name in self.modules.keys() - tables.keys():
            self.db.create_module(name, None)
            del self.modules[name]
        # Statements kept by APSW were planned for the tables of before: prepare them anew.
        self.db.execute(f"PRAGMA main.schema_version = {self.registry.version}")
        self.version = self.registry.version

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Cursors opened in the block note which columns decide about a row."""
        self.write_mode = True
        try:
            yield
        finally:
            self.write_mode = False

    @contextmanager
    def locking(self) -> Iterator[None]:
        """Rows delivered in the block are locked until the transaction ends."""
        self.lock_mode = True
        try:
            yield
        finally:
            self.lock_mode = False

    def rowid(self, address: tuple[str, Key], item: Item, used: set[int] | None) -> int:
        """The row's number for SQLite, the same however often it is delivered."""
        known = self.rowids.get(address)
        if known is None:
            self.rows.append((item, used))
            known = self.rowids[address] = len(self.rows)
        else:
            self.rows[known - 1] = (item, used)
        return known

    def prefetch(self, table: Table, key: Key) -> None:
        """A join is about to ask for one row after the other: fetch those of the page.

        The row sought is referred to by the current row of some open cursor; the rows
        behind it on the page will be asked for next.
        """
        if len(key) != 1 or (table.sql_name, key) in self.store.cache:
            return
        target = (table.sql_name, table.key.hash)
        for cursor in self.cursors:
            for column in cursor.table.references.get(target, ()):
                keys = cursor.keys_ahead(column, key[0])
                if keys:
                    self.store.fetch({table.sql_name: (table, keys)})
                    return
