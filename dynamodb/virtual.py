"""Django's tables as SQLite virtual tables whose rows come from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

import apsw
from django.db.utils import DataError

from dynamodb.cursors import TableCursor, WriteCursor
from dynamodb.offers import read_offer
from dynamodb.planner import COSTS, Plan, counts_only, filtered, plan
from dynamodb.tables import PRESENT, Column, Index, Key, Table
from dynamodb.values import (
    LONGEST_KEY,
    LONGEST_SORT_KEY,
    AttributeValue,
    Item,
    fits_key,
    sort_value,
)

if TYPE_CHECKING:
    from dynamodb.session import Session

LONGEST = (LONGEST_KEY, LONGEST_SORT_KEY)  # of a primary key's columns


class Module:
    """Makes the virtual table when a statement first names it."""

    def __init__(self, session: Session, table: Table):
        self.session, self.table = session, table

    def Connect(self, db: apsw.Connection, module: str, schema: str, name: str, *args: str) -> Any:
        columns = ", ".join(column.declaration for column in self.table.columns)
        return f"CREATE TABLE x({columns})", VirtualTable(self.session, self.table)

    Create = Connect


class VirtualTable:
    def __init__(self, session: Session, table: Table):
        self.session, self.table = session, table
        self.plans: list[Plan] = []
        self.decoders = [(column.name, column.decode) for column in table.columns]

    def BestIndexObject(self, info: Any) -> bool:
        whole = self.session.write_mode or self.session.lock_mode
        offer = read_offer(self.table, info, whole=whole)
        chosen, wanted = plan(self.table, offer)
        if counts_only(chosen, offer):
            chosen = replace(chosen, counting=True)
        if chosen.kind == "many":
            if self.session.batch_in:
                info.set_aConstraintUsage_in(wanted[0], True)
            else:
                chosen = Plan("get")
        if chosen.kind == "sparse":
            positions = tuple(list(dict.fromkeys(wanted)).index(n) for n in wanted)
            chosen = replace(chosen, positions=positions)
        for position, n in enumerate(dict.fromkeys(wanted), 1):
            info.set_aConstraintUsage_argvIndex(n, position)
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
        return kind(self.session, self)

    def Disconnect(self) -> None:
        pass

    Destroy = Disconnect

    # Fetching ----------------------------------------------------------------------

    def fetch(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        """Pages of rows for a plan and its arguments."""
        return FETCHERS[chosen.kind](self, chosen, args)

    def fetch_one(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        key = self.key(args)
        if key is None:
            return iter(())
        self.session.prefetch(self.table, key)
        item = self.session.store.get(self.table, key)
        return iter(([item],)) if item else iter(())

    def fetch_many(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        values = args[0] if isinstance(args[0], set | frozenset) else {args[0]}
        keys = [key for value in values if (key := self.key((value,))) is not None]
        yield self.session.store.get_many(self.table, keys)

    def fetch_unique(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        assert chosen.unique is not None
        columns = [self.table.by_name[name] for name in chosen.unique.columns]
        values = [argument(c, value, inf) for c, value in zip(columns, args, strict=True)]
        found = [value for value in values if value is not None]
        if len(found) == len(values):
            yield self.session.store.by_unique(self.table, chosen.unique, found)

    def fetch_query(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        index = chosen.index
        assert index is not None
        value = argument(self.table.by_name[index.hash], args[0])
        ranges = self.ranges(index, chosen.ranges, args[1:])
        if value is None or ranges is None:
            return iter(())
        return self.session.store.query(
            self.table, index, value, ranges,
            descending=chosen.descending, limit=page_size(chosen, args),
            counting=chosen.counting,
        )  # fmt: skip

    def fetch_sparse(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        index, (begin, middle) = chosen.index, chosen.arguments
        args = tuple(args[position] for position in chosen.positions)
        assert index and chosen.then and chosen.otherwise
        expected = [(c, value) for c, value in index.condition if value is not PRESENT]
        for (name, value), given in zip(expected, args, strict=False):
            column = self.table.by_name[name]
            if argument(column, given) != column.encode(value):
                pages = self.fetch(chosen.otherwise, args[middle:])
                in_order = not chosen.sorted or chosen.otherwise.sorted
                return pages if in_order else sorted_by(index.range, pages, chosen.then.descending)
        return self.fetch(chosen.then, args[begin:middle])

    def fetch_all(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        return self.session.store.scan(
            self.table, page_size(chosen, args), counting=chosen.counting
        )

    def key(self, args: tuple[Any, ...]) -> Key | None:
        values = [
            argument(self.table.by_name[name], value, longest)
            for name, value, longest in zip(self.table.key.keys, args, LONGEST, strict=False)
        ]
        if None in values:
            return None
        return tuple(next(iter(value.values())) for value in values if value)

    def ranges(
        self, index: Index, operators: tuple[str, ...], args: tuple[Any, ...]
    ) -> tuple[tuple[str, AttributeValue], ...] | None:
        """The conditions on the sort key; None where none can be met."""
        found = []
        for operator, value in zip(operators, args, strict=False):
            if value is None:
                return None
            assert index.range is not None
            encoded = argument(self.table.by_name[index.range], value)
            if encoded is not None and fits_key(encoded, LONGEST_SORT_KEY):
                found.append((operator, encoded))
            elif operator == "=":
                return None
        return tuple(found)

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


def argument(column: Column, value: Any, longest: float = LONGEST_KEY) -> AttributeValue | None:
    """A value to compare a key column with; None where it can equal nothing in it."""
    if value is None:
        return None
    if column.attribute_type == "N" and isinstance(value, bytes):
        return None
    try:
        attribute = column.encode(value)
    except (DataError, ValueError):
        return None
    return attribute if fits_key(attribute, longest) else None


def page_size(chosen: Plan, args: tuple[Any, ...]) -> int | None:
    """How many rows the statement will take at most, limit and offset together."""
    if not chosen.limit:
        return None
    size = sum(args[-2:]) if chosen.offset else args[-1]
    return int(size) if 0 < size <= 10_000 else None


def sorted_by(
    column: str | None, pages: Iterator[list[Item]], descending: bool
) -> Iterator[list[Item]]:
    """All rows as one page, in the order of a column; rows without a value are not wanted."""
    rows = [item for page in pages for item in page]
    if column is not None:
        rows = [item for item in rows if column in item]
        rows.sort(key=lambda item: sort_value(item[column]), reverse=descending)
    yield rows


FETCHERS: dict[str, Callable[[VirtualTable, Plan, tuple[Any, ...]], Iterator[list[Item]]]] = {
    "get": VirtualTable.fetch_one,
    "many": VirtualTable.fetch_many,
    "unique": VirtualTable.fetch_unique,
    "query": VirtualTable.fetch_query,
    "sparse": VirtualTable.fetch_sparse,
    "scan": VirtualTable.fetch_all,
}
