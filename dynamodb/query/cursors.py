"""Cursors over the pages that a plan delivers."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

import apsw

from dynamodb.query.fetching import BATCH, Fetcher
from dynamodb.query.plans import Plan
from dynamodb.query.session import Session
from dynamodb.tables.table import Key
from dynamodb.tables.values import Item

NO_ROW: Item = {}


class TableCursor:
    """Walks over pages of rows; columns are decoded when SQLite asks for them."""

    used: set[int] | None = None

    def __init__(self, session: Session, fetcher: Fetcher, plans: list[Plan]):
        """`plans`: those that SQLite was told the numbers of."""
        self.session, self.fetcher, self.plans = session, fetcher, plans
        self.table, self.columns = fetcher.table, fetcher.decoders
        self.item = NO_ROW
        session.cursors.append(self)

    def Filter(self, number: int, name: str | None, args: tuple[Any, ...] | None) -> None:
        self.page: list[Item] = []
        self.position, self.passed = -1, 0  # in the page; on pages before it
        self.plan, self.args = self.plans[number], args or ()
        self.pages = self.fetcher.fetch(self.plan, self.args)
        self.Next()

    def Next(self) -> None:
        self.position += 1
        while self.position >= len(self.page):
            page = next(self.pages, None)
            if page is None:
                self.item = NO_ROW
                return
            self.passed += len(self.page)
            self.page, self.position = page, 0
        self.item = self.page[self.position]
        if self.session.lock_mode:
            self.session.store.buffer.lock(self.table, self.table.key_of(self.item), self.item)

    def Eof(self) -> bool:
        return self.item is NO_ROW

    def Column(self, n: int) -> Any:
        if n < 0:
            return self.Rowid()
        name, decode = self.columns[n]
        try:
            return decode(self.item[name])
        except KeyError:  # no attribute, or one of another type than the column's
            value = self.item.get(name)
            return None if value is None else next(iter(value.values()))

    def Rowid(self) -> int:
        if self.plan.counting:
            self.read_whole()
        address = (self.table.sql_name, self.table.key_of(self.item))
        return self.session.rowid(address, self.item, self.used)

    def read_whole(self) -> None:
        """SQLite wants to tell apart the rows that it has only counted (an OR of several
        indexes does): have them with their keys, from the same place on."""
        passed = self.passed + self.position
        self.plan = self.plan._replace(counting=False)
        rows = chain.from_iterable(self.fetcher.fetch(self.plan, self.args))
        self.page, self.pages, self.position = list(islice(rows, passed, None)), iter(()), 0
        self.passed = passed
        self.item = self.page[0]

    def Close(self) -> None:
        self.session.cursors.remove(self)

    def keys_ahead(self, column: str, value: str) -> list[Key]:
        """If the current row refers to `value` in this column: what the page refers to
        from here on."""
        if next(iter(self.item.get(column, {"": None}).values())) != value:
            return []
        ahead = self.page[self.position : self.position + BATCH]
        return [(next(iter(item[column].values())),) for item in ahead if column in item]


class WriteCursor(TableCursor):
    """Notes the columns that SQLite reads to decide, apart from those it only copies."""

    used: set[int]

    def __init__(self, session: Session, fetcher: Fetcher, plans: list[Plan]):
        super().__init__(session, fetcher, plans)
        self.used = set()

    def Column(self, n: int) -> Any:
        if n >= 0:
            self.used.add(n)
        return super().Column(n)

    def ColumnNoChange(self, n: int) -> Any:
        return apsw.no_change
