"""Tables that hold rows already, made to look as a migration wants them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.utils import NotSupportedError, OperationalError

from dynamodb.rows.ids import new_id
from dynamodb.rows.loading import delete_guards, put_rows
from dynamodb.scans import scan_policy
from dynamodb.schema.control import Control, attributes
from dynamodb.schema.moving import Mover
from dynamodb.schema.promises import Promises, check_keys
from dynamodb.schema.renewal import Renewal
from dynamodb.tables.index import Index
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import Item


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

    def is_there(self, table: Table) -> bool:
        return self.control.describe(table.name) is not None

    def delete(self, table: Table) -> None:
        """A table and its guards; an interrupted run has deleted some of it."""
        if self.is_there(table):
            self.release_guards(table)
            self.control.delete(table.name)
        self.connection.registry.remove(table.sql_name)

    def copy(self, old: Table, new: Table, renames: dict[str, str]) -> None:
        """Move all rows to a new table, with other names for some columns."""
        if self.is_there(old):
            self.control.create(new)
            rows = [
                {renames.get(name, name): value for name, value in row.items()}
                for row in self.rows(old)
            ]
            self.load(new, rows)
        self.delete(old)
        self.connection.registry.put(new)

    def load(self, table: Table, rows: list[Item]) -> None:
        put_rows(self.connection.store, table, rows)

    def adopt(
        self,
        new: Table,
        sources: Mapping[str, str] | None = None,
        fills: Mapping[str, Any] | None = None,
    ) -> None:
        """Make a table, which is there, look as described.

        `sources`: names of before of columns that are renamed; `fills`: SQLite's values in place of
        NULL, by column. Rows are written again where they look different now. Raises IntegrityError
        for rows that break a constraint, DataError for a value that its column could not hold, both
        before anything is changed. Interrupted, it is to be run again.
        """
        old = self.connection.registry.tables.get(new.sql_name)
        if old is None:
            return
        refuse_impossible(new)
        renewal = Renewal(old, new, sources or {}, fills or {})
        if attributes(new, [new.key]) != attributes(old, [old.key]):
            self.rebuild(renewal)
            return
        promises, rewrites = Promises(renewal), looks_different(renewal)
        rows = self.rows(old) if rewrites or promises else []
        items = [renewal.renewed(row) for row in rows]
        promises.check(items)
        self.remove_indexes(old, new)  # first: they could not hold what is written now
        if rewrites:
            self.rewrite(renewal, rows)
        for index in new.indexes:
            self.control.add_index(new, index)
        self.control.set_ttl(new)
        self.connection.registry.put(new)

    def rewrite(self, renewal: Renewal, rows: list[Item]) -> None:
        """The rows, and those that code of before has added meanwhile."""
        mover, done = Mover(self.connection.store, renewal), set[Key]()
        while rows := [row for row in rows if renewal.old.key_of(row) not in done]:
            for row in rows:
                mover.move(row)
            done |= {renewal.old.key_of(row) for row in rows}
            rows = self.rows(renewal.old)

    def remove_indexes(self, old: Table, new: Table) -> None:
        for index in old.indexes:
            if index.name and not any(same_index(index, old, each, new) for each in new.indexes):
                self.control.remove_index(new, index.name)

    def rebuild(self, renewal: Renewal) -> None:
        """Another primary key is another table. The rows wait in a third one, so that they
        are somewhere all the time; an interrupted run is taken up where it stopped."""
        old, new = renewal.old, renewal.new
        waiting = replace(new, name=f"{new.name}-rebuilt", indexes=[], uniques=[], ttl=None)
        if self.control.has_key(old):
            items = [numbered(renewal.renewed(row), new) for row in self.rows(old)]
            check_keys(new, items)
            Promises(renewal).check(items)
            self.control.delete(waiting.name)  # of an interrupted run: rows may be gone since
            self.control.create(waiting)
            self.load(waiting, items)
            self.release_guards(old)
            self.control.delete(old.name)
        self.control.create(new)
        if self.is_there(waiting):
            self.load(new, self.rows(waiting))
            self.control.delete(waiting.name)
        self.connection.registry.put(new)


def refuse_impossible(table: Table) -> None:
    """OperationalError for two columns of a name, NotSupportedError for a key that is JSON."""
    if any(table.by_name[name].codec == "json" for name in table.key.keys):
        raise NotSupportedError(f"{table.sql_name}: DynamoDB has no primary key that is JSON.")
    names = [column.name for column in table.columns]
    for name in names:
        if names.count(name) > 1:
            raise OperationalError(f"duplicate column name: {name}")


def same_index(old: Index, old_table: Table, new: Index, new_table: Table) -> bool:
    """Whether DynamoDB's index is the same: its keys may have become of another type."""
    return old == new and attributes(old_table, [old]) == attributes(new_table, [new])


def numbered(item: Item, table: Table) -> Item:
    """With an automatic primary key, where a row of before has none."""
    if table.auto is None or table.auto in item:
        return item
    return {**item, table.auto: table.by_name[table.auto].encode(new_id())}


def looks_different(renewal: Renewal) -> bool:
    """Whether rows of the old table are not as the new one would have written them."""
    old, new = renewal.old, renewal.new
    return (
        bool(renewal.touched - {c.name for c in renewal.kept if renewal.source(c) is None})
        or not renewal.fills.keys().isdisjoint(new.by_name)
        or not old.by_name.keys() <= new.by_name.keys()
        or old.sparse != new.sparse
        or old.ttl != new.ttl
        or {unique.definition for unique in old.uniques}
        != {unique.definition for unique in new.uniques}
    )
