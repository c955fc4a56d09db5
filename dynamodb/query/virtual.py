"""Django's tables as SQLite virtual tables whose rows come from the store."""

from __future__ import annotations

from typing import Any

import apsw

from dynamodb.query.cursors import TableCursor, WriteCursor
from dynamodb.query.fetching import Fetcher
from dynamodb.query.offers import read_offer
from dynamodb.query.planner import counts_only, filtered, plan
from dynamodb.query.plans import COSTS, Plan
from dynamodb.query.session import Session
from dynamodb.tables.registry import Tables
from dynamodb.tables.table import Table


class Module:
    """Makes the virtual table when a statement first names it."""

    table: Table | None = None

    def __init__(self, session: Session, name: str):
        self.session, self.name = session, name

    def is_of_before(self, tables: Tables) -> bool:
        """Whether SQLite has got to know the table, and it is another by now."""
        return self.table is not None and self.table is not tables.made.get(self.name)

    def Connect(self, db: apsw.Connection, module: str, schema: str, name: str, *args: str) -> Any:
        table = self.table = self.session.registry.tables[self.name]
        columns = ", ".join(column.declaration for column in table.columns)
        return f"CREATE TABLE x({columns})", VirtualTable(self.session, table)

    Create = Connect


class VirtualTable:
    def __init__(self, session: Session, table: Table):
        self.session, self.table = session, table
        self.plans: list[Plan] = []
        self.fetcher = Fetcher(session, table)

    def BestIndexObject(self, info: apsw.IndexInfo) -> bool:
        # A row that is changed or locked is wanted whole, whatever columns the statement reads:
        # its write is conditional on them.
        whole = self.session.write_mode or self.session.lock_mode
        offer = read_offer(self.table, info, whole=whole, batch_in=self.session.batch_in)
        chosen, wanted = plan(self.table, offer)
        if self.session.may_count and counts_only(chosen, offer):
            chosen = chosen._replace(counting=True)
        if chosen.kind in ("many", "uniques", "each"):
            info.set_aConstraintUsage_in(wanted[chosen.several], True)
        if chosen.kind == "sparse":
            # Both of its ways may want the same constraint, and SQLite hands over each once.
            positions = tuple(list(dict.fromkeys(wanted)).index(n) for n in wanted)
            chosen = chosen._replace(positions=positions)
        for position, n in enumerate(dict.fromkeys(wanted), 1):
            info.set_aConstraintUsage_argvIndex(n, position)
        # SQLite keeps a number and a text of a plan, not the plan.
        if chosen not in self.plans:
            self.plans.append(chosen)
        info.idxNum = self.plans.index(chosen)
        info.estimatedCost, info.estimatedRows = COSTS[chosen.kind]
        if chosen.kind in ("get", "unique"):
            info.idxFlags = apsw.SQLITE_INDEX_SCAN_UNIQUE
        info.orderByConsumed = chosen.sorted
        info.idxStr = chosen.describe(self.table) + filtered(offer, wanted)
        return True

    def Open(self) -> TableCursor:
        kind = WriteCursor if self.session.write_mode else TableCursor
        return kind(self.session, self.fetcher, self.plans)

    def Disconnect(self) -> None:
        pass

    Destroy = Disconnect

    # Writing -----------------------------------------------------------------------

    def UpdateInsertRow(self, rowid: int | None, fields: tuple[Any, ...]) -> int:
        names = [column.name for column in self.table.columns]
        item = self.session.store.insert(self.table, dict(zip(names, fields, strict=True)))
        return self.session.rowid((self.table.sql_name, self.table.key_of(item)), item, None)

    def UpdateChangeRow(self, rowid: int, new_rowid: int, fields: tuple[Any, ...]) -> None:
        item, used = self.session.rows[rowid - 1]
        new = {
            column.name: value
            for column, value in zip(self.table.columns, fields, strict=True)
            if value is not apsw.no_change
        }
        self.session.store.change(self.table, item, self.names(used), new)

    def UpdateDeleteRow(self, rowid: int) -> None:
        item, used = self.session.rows[rowid - 1]
        self.session.store.delete(self.table, item, self.names(used))

    def names(self, used: set[int] | None) -> frozenset[str]:
        return frozenset(self.table.columns[n].name for n in used or ())
