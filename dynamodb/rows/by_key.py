"""Rows and guards by their keys: read once, and overlaid with what this transaction has written."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.utils import OperationalError

from dynamodb.client.client import Client
from dynamodb.client.refusals import ServiceError
from dynamodb.client.retries import ATTEMPTS, delay
from dynamodb.consistency import eventual
from dynamodb.patience import time_left
from dynamodb.rows.buffer import Buffer
from dynamodb.rows.changes import Change
from dynamodb.rows.computing import matches, result_of
from dynamodb.rows.guards import GUARD_KEY, GUARD_OWNER
from dynamodb.rows.refusals import IndexMissing, conflict, translate
from dynamodb.tables.table import Key, Table, Unique
from dynamodb.tables.values import AttributeValue, Item

NO_INDEX = "table does not have the specified index"
MOST_KEYS = 100  # of one BatchGetItem


class KeyReader:
    """One connection's reads by key, with the cache of all its reads.

    The cache lives for one transaction or, outside of one, for one statement, so that
    nothing is ever read stale twice.
    """

    def __init__(self, client: Client, guard_table: str, scan: str):
        self.client, self.guard_table, self.scan_default = client, guard_table, scan
        self.buffer = Buffer(self.look)
        self.cache: dict[tuple[str, Key], Item | None] = {}
        self.seen: dict[tuple[str, Key], Item] = {}
        # What indexes with some columns have told of a row, None for NULL.
        self.seen_parts: dict[tuple[str, Key], dict[str, AttributeValue | None]] = {}
        self.guard_cache: dict[str, Item | None] = {}
        self.pages: dict[Any, list[Item]] = {}
        self.in_transaction = False

    def forget(self) -> None:
        """Read everything anew from here on."""
        self.cache.clear()
        self.seen.clear()
        self.seen_parts.clear()
        self.guard_cache.clear()
        self.pages.clear()

    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.client.call(operation, params)
        except ServiceError as error:
            if NO_INDEX in error.message:
                raise IndexMissing(params["TableName"], params["IndexName"]) from error
            raise translate(error) from error

    @property
    def consistent(self) -> bool:
        return self.in_transaction or not eventual()

    def get(self, table: Table, key: Key) -> Item | None:
        """The row as this transaction sees it."""
        change = self.buffer.get(table, key)
        return change.after if change else self.stored(table, key)

    def knows(self, table: Table, key: Key) -> bool:
        """Whether it was read or changed before: what is written may follow from what it was."""
        address = (table.sql_name, key)
        known = self.cache, self.buffer.changes, self.seen, self.seen_parts
        return any(address in each for each in known)

    def look(self, change: Change) -> Change:
        """A native update that was trusted, of the row as it is. Raises ConflictError."""
        before, native = self.stored(change.table, change.key), change.native
        if before is None or native is None or not matches(before, native.conditions):
            raise conflict(change)()
        return change._replace(before=before, after=result_of(before, native), unread=False)

    def stored(self, table: Table, key: Key) -> Item | None:
        """The row as it is in DynamoDB, read once a transaction."""
        address = (table.sql_name, key)
        if address not in self.cache:
            self.cache[address] = self.read(table, key, consistent=self.consistent)
        return self.cache[address]

    def read(self, table: Table, key: Key, *, consistent: bool = True) -> Item | None:
        """The row as it is in DynamoDB now."""
        params = {
            "TableName": table.name,
            "Key": table.key_item(key),
            "ConsistentRead": consistent,
        }
        return self.call("GetItem", params).get("Item")

    def get_many(self, table: Table, keys: Iterable[Key]) -> list[Item]:
        keys = list(keys)
        self.fetch({table.sql_name: (table, keys)})
        return [item for key in keys if (item := self.get(table, key)) is not None]

    def fetch(self, wanted: dict[str, tuple[Table, list[Key]]]) -> None:
        """Fill the cache with rows of one or several tables, a hundred keys a call."""
        missing = [
            (table, key)
            for table, keys in wanted.values()
            for key in dict.fromkeys(keys)
            if (table.sql_name, key) not in self.cache and not self.buffer.get(table, key)
        ]
        if len(missing) == 1:
            self.stored(*missing[0])
            return
        for start in range(0, len(missing), MOST_KEYS):
            self.batch_get(missing[start : start + MOST_KEYS])

    def batch_get(self, wanted: list[tuple[Table, Key]]) -> None:
        tables = {table.name: table for table, _ in wanted}
        request: dict[str, Any] = {
            name: {
                "ConsistentRead": self.consistent,
                "Keys": [table.key_item(key) for table, key in wanted if table.name == name],
            }
            for name in tables
        }
        for name, item in self.batch(request):
            table = tables[name]
            self.cache[table.sql_name, table.key_of(item)] = item
        for table, key in wanted:
            self.cache.setdefault((table.sql_name, key), None)

    def batch(self, request: dict[str, Any]) -> Iterator[tuple[str, Item]]:
        """What BatchGetItem finds, each item with its table's name. Raises OperationalError."""
        for attempt in range(ATTEMPTS):
            answer = self.call("BatchGetItem", {"RequestItems": request})
            for name, items in answer.get("Responses", {}).items():
                for item in items:
                    yield name, item
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                return
            time.sleep(time_left(delay(attempt)))  # as AWS asks, or the next answer is as small
        raise OperationalError("DynamoDB leaves keys unread, time and again: try later.")

    def guard(self, key: str) -> Item | None:
        """The primary key of the row that holds a unique value, as stored."""
        if key not in self.guard_cache:
            params = {
                "TableName": self.guard_table,
                "Key": {GUARD_KEY: {"S": key}},
                "ConsistentRead": self.consistent,
            }
            item = self.call("GetItem", params).get("Item")
            self.guard_cache[key] = item[GUARD_OWNER]["M"] if item else None
        return self.guard_cache[key]

    def fetch_guards(self, keys: Iterable[str]) -> None:
        """The same of several, a hundred a call."""
        missing = [key for key in dict.fromkeys(keys) if key not in self.guard_cache]
        if len(missing) == 1:
            self.guard(missing[0])
            return
        for start in range(0, len(missing), MOST_KEYS):
            part = missing[start : start + MOST_KEYS]
            request = {
                "ConsistentRead": self.consistent,
                "Keys": [{GUARD_KEY: {"S": key}} for key in part],
            }
            self.guard_cache.update(dict.fromkeys(part))
            for _, item in self.batch({self.guard_table: request}):
                self.guard_cache[item[GUARD_KEY]["S"]] = item[GUARD_OWNER]["M"]

    def by_unique(
        self, table: Table, unique: Unique, wanted: Sequence[Sequence[AttributeValue | None]]
    ) -> list[Item]:
        """The rows with these unique values, as this transaction sees them, read consistently."""
        guards = dict.fromkeys(table.guard_key(unique, values) for values in wanted)
        found: dict[str, Item] = {
            guard: change.after
            for change in self.buffer.of(table)
            if change.after is not None
            for guard in table.guards(change.after)
            if guard in guards
        }
        others = [guard for guard in guards if guard not in found]
        self.fetch_guards(others)
        owners = {g: table.key_of(held) for g in others if (held := self.guard(g)) is not None}
        self.fetch({table.sql_name: (table, list(owners.values()))})
        for guard, owner in owners.items():
            item = self.get(table, owner)
            if item is not None and guard in table.guards(item):
                found[guard] = item
        return list(found.values())
