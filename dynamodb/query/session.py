"""What one SQLite connection shares among its virtual tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from dynamodb.rows.store import Store
from dynamodb.tables.registry import Registry
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import Item

DISJUNCTION = re.compile(r"\bOR\b", re.IGNORECASE)
SUBQUERY_IN = re.compile(r"\bIN\s*\(\s*SELECT\b", re.IGNORECASE)


class Action(list[Any]):
    """The parameters of a statement that is carried out without SQLite.

    Compilers execute SQL that says the same, so that logs, wrappers and Django's state of the
    transaction see every statement. What is done comes with these, and so belongs to no
    other statement: a wrapper may execute some before, or this one never.
    """

    def __init__(self, params: Iterable[Any], run: Callable[[], int]):
        """`run` returns the count of rows."""
        super().__init__(params)
        self.run = run


class OpenCursor(Protocol):
    """A cursor that SQLite walks over: where a join may look ahead."""

    table: Table

    def keys_ahead(self, column: str, value: str) -> list[Key]:
        """Keys of rows that the page refers to from the current row on; see `prefetch`."""
        ...


class Session:
    """What one SQLite connection shares among its virtual tables."""

    def __init__(self, store: Store, registry: Registry):
        self.store, self.registry = store, registry
        self.write_mode = False
        self.lock_mode = False
        self.batch_in = True
        self.may_count = True
        self.cursors: list[OpenCursor] = []
        self.rowids: dict[tuple[str, Key], int] = {}
        self.rows: list[tuple[Item, set[int] | None]] = []

    def start_statement(self, sql: str) -> None:
        """Called before each statement: what the last one cached is forgotten.

        APSW 3.54 raises when it is handed an IN list whole and the list comes from a
        subquery without rows; such statements get their values one at a time.
        """
        self.store.start_statement()
        self.batch_in = SUBQUERY_IN.search(sql) is None
        # An OR of several indexes wants to tell rows apart: it would count them, then read them.
        self.may_count = DISJUNCTION.search(sql) is None
        if not self.cursors:
            self.rowids.clear()
            self.rows.clear()

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
