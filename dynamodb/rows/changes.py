"""What a transaction does to one row."""

from __future__ import annotations

from typing import NamedTuple

from dynamodb.tables.table import Key, Table, Unique
from dynamodb.tables.values import AttributeValue, Item

Address = tuple[str, Key]  # SQL table name, primary key


class Native(NamedTuple):
    """An update that DynamoDB computes: `SET a = :v, n = n + :d IF conditions`; or a deletion."""

    sets: tuple[tuple[str, AttributeValue | None], ...] = ()  # column, value (None: remove)
    adds: tuple[tuple[str, str], ...] = ()  # column, signed number to add
    paths: tuple[tuple[tuple[str, ...], AttributeValue | None], ...] = ()  # column and keys, value
    conditions: tuple[tuple[str, str, AttributeValue | None], ...] = ()  # column, operator, value
    deletes: bool = False


class Change(NamedTuple):
    """One row: as it was read (`before`) and as this transaction leaves it (`after`).

    None is no row. `read`: columns whose values decided something; the commit demands
    that they are unchanged. `made`: the primary key was made by us, so that meeting
    another row is an accident, not a duplicate. `yields`: the statement would have ignored
    or updated a row with its values, had it seen one; meeting one is a conflict. `inner`: it was
    made within a savepoint, where the program would have caught a duplicate; at the commit
    nobody does, so that meeting one is a conflict as well: run again, the statement sees it.
    `unread`: a native update of a row that nobody has looked at: nothing is known of it.
    """

    table: Table
    key: Key
    before: Item | None
    after: Item | None
    read: frozenset[str] = frozenset()
    made: bool = False
    yields: bool = False
    inner: bool = False
    locked: bool = False
    native: Native | None = None
    unread: bool = False

    @property
    def address(self) -> Address:
        return self.table.sql_name, self.key


class Lapsed(NamedTuple):
    """A guard whose owner has its unique value no more: deleted by time to live, or overwritten
    by `bulk.load`. `row` is what is there under the owner's primary key."""

    table: Table
    unique: Unique
    owner: Key
    row: Item | None


def changed_columns(change: Change) -> list[str]:
    before, after = change.before or {}, change.after or {}
    return [c.name for c in change.table.columns if before.get(c.name) != after.get(c.name)]
