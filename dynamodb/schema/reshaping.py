"""Tables that hold rows already, made to look as a migration wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.utils import IntegrityError

from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Change, changed_columns
from dynamodb.rows.commit import write_one
from dynamodb.rows.loading import delete_guards, put_guards, put_rows
from dynamodb.rows.refusals import duplicate
from dynamodb.rows.writes import Write, update
from dynamodb.scans import scan_policy
from dynamodb.schema.control import Control, attributes
from dynamodb.tables.table import Table
from dynamodb.tables.values import Item

RowChange = Callable[[dict[str, Any]], dict[str, Any]]  # of a row's values in SQLite


class Reshaping:
    """The part of the schema editor that moves rows."""

    connection: Any

    @property
    def control(self) -> Control:
        control: Control = self.connection.control
        return control

    def release_guards(self, table: Table) -> None:
        if table.uniques:
            guards = {guard for item in self.rows(table) for guard in table.guards(item)}
            delete_guards(self.connection.store, guards)

    def rows(self, table: Table) -> list[Item]:
        with scan_policy("allow"):
            store = self.connection.connection.session.store
            store.forget()  # no statement has begun: what an earlier one read is stale
            return [item for page in store.scan(table) for item in page]

    def copy(self, old: Table, new: Table, renames: dict[str, str]) -> None:
        """Move all rows to a new table, with other names for some columns."""
        rows = [
            {renames.get(name, name): value for name, value in row.items()}
            for row in self.rows(old)
        ]
        self.release_guards(old)
        self.control.create(new)
        self.load(new, rows)
        self.control.delete(old.name)
        self.connection.registry.remove(old.sql_name)
        self.connection.registry.put(new)

    def load(self, table: Table, rows: list[Item]) -> None:
        put_rows(self.connection.store, table, rows)

    def adopt(self, new: Table, change: RowChange | None = None) -> None:
        """Make a table, which is there, look as described.

        `change` gives each row's new values; without it rows are written again only where
        their attributes or guards look different now. Rows that break a constraint raise
        IntegrityError before anything is changed.
        """
        old = self.connection.registry.tables.get(new.sql_name)
        if old is None:
            return
        if attributes(new, [new.key]) != attributes(old, [old.key]):
            self.rebuild(old, new, change)
            return
        if change is not None or looks_different(old, new):
            rows = self.rows(old)
            check_rows(new, [rewritten(row, old, new, change) for row in rows])
            for row in rows:
                self.rewrite(row, old, new, change)
        for index in old.indexes:
            if index not in new.indexes:
                self.control.remove_index(new, index.name)
        for index in new.indexes:
            self.control.add_index(new, index)
        self.control.set_ttl(new)
        self.connection.registry.put(new)

    def rewrite(self, row: Item, old: Table, new: Table, change: RowChange | None) -> None:
        """One row as the new table has it. If somebody writes it meanwhile, what they wrote;
        if somebody deletes it, it stays deleted."""
        store = self.connection.store
        kept = {column.name for column in new.columns}
        gone = [column for column in old.columns if column.name not in kept]
        both = replace(new, columns=[*new.columns, *gone], uniques=[])
        while True:
            item, key = rewritten(row, old, new, change), old.key_of(row)
            write = reshape(old, Change(both, key, row, item, both.deriving))
            try:
                if write is not None:
                    write_one(write, self.connection.dynamodb)
            except ConflictError:
                store.forget()
                found = store.stored(old, key)
                if found is None:
                    return
                row = found
            else:
                self.move_guards(old, new, row, item)
                return

    def move_guards(self, old: Table, new: Table, row: Item, item: Item) -> None:
        before, after = old.guards(row), new.guards(item)
        delete_guards(self.connection.store, before.keys() - after.keys())
        put_guards(self.connection.store, new, item, after.keys() - before.keys())

    def rebuild(self, old: Table, new: Table, change: RowChange | None) -> None:
        """Another primary key is another table. The rows wait in a third one, so that they
        are somewhere all the time; an interrupted run is taken up where it stopped."""
        waiting = replace(new, name=f"{new.name}-rebuilt", indexes=[], uniques=[], ttl=None)
        if self.control.has_key(old):
            items = [rewritten(row, old, new, change) for row in self.rows(old)]
            check_rows(new, items)
            self.release_guards(old)
            self.control.create(waiting)
            self.load(waiting, items)
            self.control.delete(old.name)
        self.control.create(new)
        self.load(new, self.rows(waiting))
        self.control.delete(waiting.name)
        self.connection.registry.put(new)


def reshape(old: Table, change: Change) -> Write | None:
    """The write of a row and of what stands beside its columns, as far as they differ."""
    named = {*old.derived_names, *change.table.derived_names}
    beside = {name: value for name, value in (change.before or {}).items() if name in named}
    if changed_columns(change) or beside != change.table.derived(change.after or {}):
        return update(change, beside)
    return None


def looks_different(old: Table, new: Table) -> bool:
    """Whether rows of the old table are not as the new one would have written them."""
    kept = [column for column in old.columns if column.name in new.by_name]
    return (
        len(kept) < len(old.columns)
        or {c.name for c in new.columns if c.hidden} != {c.name for c in old.columns if c.hidden}
        or old.sparse != new.sparse
        or {u.columns for u in old.uniques} != {u.columns for u in new.uniques}
        or any(column.codec != new.by_name[column.name].codec for column in kept)
    )


def rewritten(row: Item, old: Table, new: Table, change: RowChange | None) -> Item:
    values = old.decode(row)
    if change is not None:
        values = change({name: v for name, v in values.items() if v is not None})
    kept = {name: value for name, value in values.items() if name in new.by_name}
    return new.complete(new.encode(kept))


def check_rows(table: Table, rows: list[Item]) -> None:
    """Raise IntegrityError for a row that the table's constraints do not allow."""
    seen: set[str] = set()
    for row in rows:
        for column in table.columns:
            if not column.null and column.name not in row and table.auto != column.name:
                raise IntegrityError(f"NOT NULL constraint failed: {table.sql_name}.{column.name}")
        for guard, unique in table.guards(row).items():
            if guard in seen:
                raise duplicate(table, unique)
            seen.add(guard)
