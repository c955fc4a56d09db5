"""A transaction: what is written, checked as SQL promises, and the commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.transaction import TransactionManagementError
from django.db.utils import IntegrityError, OperationalError

from dynamodb.duplicates import duplicates_deferred
from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Change, Lapsed
from dynamodb.rows.commit import Taken, commit
from dynamodb.rows.ids import new_id
from dynamodb.rows.reader import Reader
from dynamodb.rows.refusals import duplicate, duplicate_key
from dynamodb.rows.writes import Guard, Write
from dynamodb.tables.table import Key, Table, Unique
from dynamodb.tables.values import Item


class Store(Reader):
    """One connection's view: reads, and the writes of its transaction until the commit."""

    last_id: int | None = None  # the automatic primary key of the last insert

    # Transactions ------------------------------------------------------------------

    def begin(self) -> None:
        self.forget()
        self.buffer.clear()
        self.in_transaction = True

    def commit(self) -> None:
        """Write what is buffered; whatever happens, the buffer is empty afterwards."""
        try:
            if self.buffer.changes or self.buffer.companions:
                self.write()
        finally:
            self.forget()
            self.buffer.clear()

    def write(self) -> None:
        """The commit; once more for each unique value that only a guard without its row holds."""
        try:
            commit(self.buffer, self.client, self.guard_table)
        except Taken as taken:
            if not self.has_lapsed(taken.guard, taken.owner):
                raise taken.error from taken
            self.write()

    def accompany(self, write: Write) -> None:
        """A write to a table that no model knows, for the commit to make with its own."""
        if not self.in_transaction:
            raise TransactionManagementError(
                "Outside of atomic() there is no commit to be part of."
            )
        self.buffer.accompany(write)

    def end(self) -> None:
        """Back to autocommit."""
        self.rollback()
        self.in_transaction = False

    def rollback(self) -> None:
        self.forget()
        self.buffer.clear()

    def start_statement(self) -> None:
        if not self.in_transaction:
            self.forget()
            self.buffer.clear()

    # Writes ------------------------------------------------------------------------

    def check_seen(self, table: Table, key: Key, delivered: Item, columns: Iterable[str]) -> None:
        """A row that a query has delivered before must be so still, in these columns.

        Rows read by key come from the cache, and cannot differ. A row from an index may
        be old; then the transaction runs again, on a newer one.
        """
        address = table.sql_name, key
        seen, part = self.seen.get(address), self.seen_parts.get(address, {})
        if not (seen or part) or self.buffer.get(table, key) is not None:
            return
        known = {name: seen.get(name) for name in columns} if seen else {}
        known |= {name: part[name] for name in columns if name in part}
        if any(known[name] != delivered.get(name) for name in known):
            raise ConflictError(
                f"A row of {table.sql_name} has changed since a query read it in this transaction."
            )

    def insert(self, table: Table, values: dict[str, Any], *, yields: bool = False) -> Item:
        """A new row of SQLite's values; `yields`: see `buffer.Change`.

        Inside a transaction a duplicate is looked for at once, as SQL promises; inside
        `deferred_duplicates()` and in autocommit only the commit finds it, for a call less.
        """
        made = table.auto is not None and values.get(table.auto) is None
        if made and table.auto:
            values = {**values, table.auto: new_id()}
        item = table.complete(table.encode(table.with_defaults(values)))
        self.check_row(table, item)
        missing = [name for name in table.key.keys if name not in item]
        if missing:
            raise IntegrityError(f"NOT NULL constraint failed: {table.sql_name}.{missing[0]}")
        key = table.key_of(item)
        known = self.buffer.get(table, key)
        if known and known.after is not None:
            raise duplicate_key(table)
        if self.eager and not made and not known and self.stored(table, key):
            raise duplicate_key(table)
        self.check_guards(table, key, None, item)
        self.buffer.insert(table, key, item, made=made, yields=yields, inner=self.inner)
        if table.auto:
            self.last_id = int(item[table.auto]["N"])
        return item

    def holder(self, table: Table, values: dict[str, Any], columns: set[str]) -> Item | None:
        """The row that a new one of these values would be a duplicate of, by its primary
        key or a unique value; if `columns` are given, by these only."""
        item = table.complete(table.encode(values))
        if not columns or columns == set(table.key.keys):
            found = None
            if all(name in item for name in table.key.keys):
                found = self.get(table, table.key_of(item))
            if found or columns:
                return found
        elif not any(columns == set(u.columns) and u.plain for u in table.uniques):
            raise OperationalError("No primary key or unique constraint is of just these columns.")
        for unique in table.guards(item).values():
            if not columns or columns == set(unique.columns):
                for row in self.by_unique(table, unique, [[item.get(c) for c in unique.columns]]):
                    return row
        return None

    def change(
        self, table: Table, delivered: Item, used: frozenset[str], new: dict[str, Any]
    ) -> None:
        """An UPDATE of a row that was delivered so, deciding by the columns `used`."""
        after = {**delivered, **table.encode(new)}
        for name, value in new.items():
            if value is None:
                after.pop(name, None)
        self.rewrite(table, delivered, used, after, new.keys())

    def rewrite(
        self,
        table: Table,
        delivered: Item,
        used: frozenset[str],
        after: Item,
        changed: Collection[str],
    ) -> None:
        """The same, with the row as it is to be, in which these columns were `changed`."""
        key = table.key_of(delivered)
        after = table.complete(after)
        self.check_row(table, after, known={*delivered, *changed})
        if table.key_of(after) != key:
            self.buffer.change(table, key, delivered, used, None)
            self.insert(table, {n: v for n, v in table.decode(after).items() if v is not None})
            return
        self.check_seen(table, key, delivered, {*used, *changed})
        self.check_guards(table, key, delivered, after)
        self.buffer.change(table, key, delivered, used, after, inner=self.inner)

    def delete(self, table: Table, delivered: Item, used: frozenset[str]) -> None:
        key = table.key_of(delivered)
        self.check_seen(table, key, delivered, used)
        self.buffer.change(table, key, delivered, used, None)

    @property
    def eager(self) -> bool:
        return self.in_transaction and not duplicates_deferred()

    @property
    def inner(self) -> bool:
        """See `changes.Change`; of statements that look for duplicates, else they never saw one."""
        return self.eager and bool(self.buffer.marks)

    def check_row(self, table: Table, item: Item, known: Collection[str] | None = None) -> None:
        """NOT NULL and CHECK, as a relational table has them. Other columns than the `known` may
        lack a value: a row of code that did not know them yet is changed in those that it has."""
        for column in table.columns:
            value = item.get(column.name)
            if value is None:
                if not column.null and (known is None or column.name in known):
                    raise IntegrityError(
                        f"NOT NULL constraint failed: {table.sql_name}.{column.name}"
                    )
            elif column.positive and value["N"][0] == "-":
                raise IntegrityError(
                    f"CHECK constraint failed: {table.sql_name}.{column.name} >= 0"
                )
        for check in table.checks:
            if check.violated(table, item):
                raise IntegrityError(f"CHECK constraint failed: {check.name}")

    def check_guards(self, table: Table, key: Key, before: Item | None, after: Item) -> None:
        """No two rows of a table share a unique value."""
        if not table.uniques:
            return
        held = table.guards(before)
        for guard, unique in table.guards(after).items():
            if guard in held:
                continue
            if self.taken_here(table, key, guard) or self.taken_there(table, key, guard, unique):
                raise duplicate(table, unique)

    def taken_here(self, table: Table, key: Key, guard: str) -> bool:
        return any(
            change.key != key and guard in table.guards(change.after)
            for change in self.buffer.of(table)
        )

    def taken_there(self, table: Table, key: Key, guard: str, unique: Unique) -> bool:
        if not self.eager:
            return False
        found = self.guard(guard)
        if found is None:
            return False
        owner = table.key_of(found)
        change: Change | None = self.buffer.get(table, owner)
        if change is not None and owner != key:
            return guard in table.guards(change.after)
        return owner != key and not self.has_lapsed(Guard(table, unique, guard), owner)

    def has_lapsed(self, guard: Guard, owner: Key) -> bool:
        """Whether the guard's owner has the value no more. It is noted, so that the commit takes
        the guard over."""
        table = guard.table
        change, row = self.buffer.get(table, owner), None
        if change is not None:  # the commit looks at this row anyway
            if guard.key in table.guards(change.before):
                return False
        else:
            row = self.read(table, owner)
            if guard.key in table.guards(row):
                return False
        self.buffer.lapsed[guard.key] = Lapsed(table, guard.unique, owner, row)
        return True
