"""Rows: read from DynamoDB, overlaid with what this transaction has written."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.utils import IntegrityError, OperationalError

from dynamodb.buffer import Buffer, Change, Native
from dynamodb.client import Client, ServiceError
from dynamodb.commit import GUARD_KEY, GUARD_OWNER, commit, duplicate, translate
from dynamodb.duplicates import duplicates_deferred
from dynamodb.errors import ConflictError
from dynamodb.ids import new_id
from dynamodb.scans import check_scan
from dynamodb.tables import Index, Key, Table, Unique
from dynamodb.values import AttributeValue, Item, sort_value

MOST_KEYS = 100  # of one BatchGetItem
Range = tuple[str, AttributeValue]  # operator, value


class Store:
    """One connection's view: a read cache, the buffered writes, and the client below.

    The cache lives for one transaction or, outside of one, for one statement, so that
    nothing is ever read stale twice.
    """

    def __init__(self, client: Client, guard_table: str, scan: str):
        self.client, self.guard_table, self.scan_default = client, guard_table, scan
        self.buffer = Buffer()
        self.cache: dict[tuple[str, Key], Item | None] = {}
        self.seen: dict[tuple[str, Key], Item] = {}
        self.guard_cache: dict[str, Item | None] = {}
        self.pages: dict[Any, list[Item]] = {}
        self.in_transaction = False
        self.last_id: int | None = None

    # Transactions ------------------------------------------------------------------

    def begin(self) -> None:
        self.forget()
        self.buffer.clear()
        self.in_transaction = True

    def commit(self) -> None:
        """Write what is buffered; whatever happens, the buffer is empty afterwards."""
        try:
            if self.buffer.changes:
                commit(self.buffer, self.client, self.guard_table)
        finally:
            self.forget()
            self.buffer.clear()

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

    def forget(self) -> None:
        """Read everything anew from here on."""
        self.cache.clear()
        self.seen.clear()
        self.guard_cache.clear()
        self.pages.clear()

    # Reads -------------------------------------------------------------------------

    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.client.call(operation, params)
        except ServiceError as error:
            raise translate(error) from error

    def get(self, table: Table, key: Key) -> Item | None:
        """The row, read consistently, as this transaction sees it."""
        change = self.buffer.get(table, key)
        return change.after if change else self.stored(table, key)

    def stored(self, table: Table, key: Key) -> Item | None:
        """The row as it is in DynamoDB, read once a transaction."""
        address = (table.sql_name, key)
        if address not in self.cache:
            params = {
                "TableName": table.name,
                "Key": table.key_item(key),
                "ConsistentRead": True,
            }
            self.cache[address] = self.call("GetItem", params).get("Item")
        return self.cache[address]

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
                "ConsistentRead": True,
                "Keys": [table.key_item(key) for table, key in wanted if table.name == name],
            }
            for name in tables
        }
        while request:
            answer = self.call("BatchGetItem", {"RequestItems": request})
            for name, items in answer.get("Responses", {}).items():
                table = tables[name]
                self.cache.update({(table.sql_name, table.key_of(item)): item for item in items})
            request = answer.get("UnprocessedKeys") or {}
        for table, key in wanted:
            self.cache.setdefault((table.sql_name, key), None)

    def guard(self, key: str) -> Item | None:
        """The primary key of the row that holds a unique value, as stored."""
        if key not in self.guard_cache:
            params = {
                "TableName": self.guard_table,
                "Key": {GUARD_KEY: {"S": key}},
                "ConsistentRead": True,
            }
            item = self.call("GetItem", params).get("Item")
            self.guard_cache[key] = item[GUARD_OWNER]["M"] if item else None
        return self.guard_cache[key]

    def by_unique(self, table: Table, unique: Unique, values: list[AttributeValue]) -> list[Item]:
        """The row with these unique values, as this transaction sees it, read consistently."""
        guard = table.guard_key(unique, values)
        for change in self.buffer.of(table):
            if guard in table.guards(change.after):
                return [change.after] if change.after else []
        owner = self.guard(guard)
        item = self.get(table, table.key_of(owner)) if owner else None
        return [item] if item and guard in table.guards(item) else []

    def query(
        self,
        table: Table,
        index: Index,
        value: AttributeValue,
        ranges: tuple[Range, ...] = (),
        *,
        descending: bool = False,
        limit: int | None = None,
        counting: bool = False,
    ) -> Iterator[list[Item]]:
        """Pages of the rows under one partition key, in the order of the sort key.

        `counting`: the rows have only the key values given here, since DynamoDB is asked
        for nothing but their number.
        """
        expression, values = "#h = :h", {":h": value}
        names = {"#h": index.hash_attribute}
        if ranges and index.range:
            names["#r"] = index.range
            condition = range_condition(ranges, values)
            if condition is None:
                return iter(())
            expression += f" AND {condition}"
        params: dict[str, Any] = {
            "TableName": table.name,
            "KeyConditionExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not descending,
        }
        params |= {"IndexName": index.name} if index.name else {"ConsistentRead": True}
        touched = self.buffer.touches(table)
        if counting and not touched:
            known = {index.hash: value}
            if ranges and index.range:
                known[index.range] = ranges[0][1]
            return self.count_pages("Query", params, limit, known)
        pages = self.read_pages("Query", table, params, limit)
        if not touched:
            return pages
        return iter([self.overlaid(table, index, value, pages, descending)])

    def overlaid(
        self,
        table: Table,
        index: Index,
        value: AttributeValue,
        pages: Iterator[list[Item]],
        descending: bool,
    ) -> list[Item]:
        """Stored rows and this transaction's own, merged in the order of the sort key.

        All of the partition is read: a row of ours may stand anywhere in it.
        """
        ours = [
            change.after
            for change in self.buffer.of(table)
            if change.after
            and change.after.get(index.hash) == value
            and (index.range is None or index.range in change.after)
        ]
        stored = [i for page in pages for i in page if not self.buffer.get(table, table.key_of(i))]
        if index.range is None:
            return stored + ours
        column = index.range

        def position(item: Item) -> Any:
            return sort_value(item[column])

        ours.sort(key=position, reverse=descending)
        return list(heapq.merge(stored, ours, key=position, reverse=descending))

    def scan(
        self, table: Table, limit: int | None = None, *, counting: bool = False
    ) -> Iterator[list[Item]]:
        """Pages of the whole table, in no order; what the policy allows."""
        check_scan(table.sql_name, self.scan_default)
        params = {"TableName": table.name, "ConsistentRead": True}
        if counting and not self.buffer.touches(table):
            yield from self.count_pages("Scan", params, limit, {})
            return
        pages = self.read_pages("Scan", table, params, limit)
        if not self.buffer.touches(table):
            yield from pages
            return
        yield [change.after for change in self.buffer.of(table) if change.after]
        for page in pages:
            yield [item for item in page if not self.buffer.get(table, table.key_of(item))]

    def count_pages(
        self, operation: str, params: dict[str, Any], limit: int | None, row: Item
    ) -> Iterator[list[Item]]:
        """As many copies of `row` as there are rows, none of which is sent."""
        params = {**params, "Select": "COUNT"}
        for answer in self.answers(operation, params, limit):
            yield [row] * int(answer["Count"])

    def answers(
        self, operation: str, params: dict[str, Any], limit: int | None
    ) -> Iterator[dict[str, Any]]:
        """DynamoDB's pages as they come; one that was too small is followed by larger ones."""
        params = dict(params)
        while True:
            if limit is not None:
                params["Limit"] = limit
                limit = min(limit * 4, 10_000)
            answer = self.call(operation, params)
            yield answer
            if "LastEvaluatedKey" not in answer:
                return
            params["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def read_pages(
        self, operation: str, table: Table, params: dict[str, Any], limit: int | None
    ) -> Iterator[list[Item]]:
        """Pages of rows, remembered for the statement or transaction when all were read."""
        known = repr((operation, params))
        if known in self.pages:
            yield self.pages[known]
            return
        rows: list[Item] = []
        index = params.get("IndexName")
        whole = not any(each.include for each in table.indexes if each.name == index)
        for answer in self.answers(operation, params, limit):
            rows += answer["Items"]
            if whole:
                self.remember(table, answer["Items"])
            yield answer["Items"]
        self.pages[known] = rows

    def remember(self, table: Table, items: list[Item]) -> None:
        """Inside a transaction, note what queries have delivered: writes depend on it."""
        if self.in_transaction:
            for item in items:
                self.seen.setdefault((table.sql_name, table.key_of(item)), item)

    def check_seen(self, table: Table, key: Key, delivered: Item, columns: Iterable[str]) -> None:
        """A row that a query has delivered before must be so still, in these columns.

        Rows read by key come from the cache, and cannot differ. A row from an index may
        be old; then the transaction runs again, on a newer one.
        """
        seen = self.seen.get((table.sql_name, key))
        if seen is None or self.buffer.get(table, key) is not None:
            return
        if any(seen.get(name) != delivered.get(name) for name in columns):
            raise ConflictError(
                f"A row of {table.sql_name} has changed since a query read it in this transaction."
            )

    # Writes ------------------------------------------------------------------------

    def insert(self, table: Table, values: dict[str, Any]) -> Item:
        """A new row of SQLite's values.

        Inside a transaction a duplicate is looked for at once, as SQL promises; inside
        `deferred_duplicates()` and in autocommit only the commit finds it, for a call less.
        """
        made = table.auto is not None and values.get(table.auto) is None
        if made and table.auto:
            values = {**values, table.auto: new_id()}
        item = table.complete(table.encode(values))
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
        self.buffer.insert(table, key, item, made=made)
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
        elif not any(columns == set(u.columns) and not u.condition for u in table.uniques):
            raise OperationalError("No primary key or unique constraint is of just these columns.")
        for unique in table.guards(item).values():
            if not columns or columns == set(unique.columns):
                for row in self.by_unique(table, unique, [item[c] for c in unique.columns]):
                    return row
        return None

    def change(
        self, table: Table, delivered: Item, used: frozenset[str], new: dict[str, Any]
    ) -> None:
        """An UPDATE of a row that was delivered so, deciding by the columns `used`."""
        key = table.key_of(delivered)
        after = {**delivered, **table.encode(new)}
        for name, value in new.items():
            if value is None:
                after.pop(name, None)
        after = table.complete(after)
        self.check_row(table, after)
        if table.key_of(after) != key:
            self.buffer.change(table, key, delivered, used, None)
            self.insert(table, {n: v for n, v in table.decode(after).items() if v is not None})
            return
        self.check_seen(table, key, delivered, used | new.keys())
        self.check_guards(table, key, delivered, after)
        self.buffer.change(table, key, delivered, used, after)

    def delete(self, table: Table, delivered: Item, used: frozenset[str]) -> None:
        key = table.key_of(delivered)
        self.check_seen(table, key, delivered, used)
        self.buffer.change(table, key, delivered, used, None)

    @property
    def eager(self) -> bool:
        return self.in_transaction and not duplicates_deferred()

    def check_row(self, table: Table, item: Item) -> None:
        """NOT NULL and CHECK, as a relational table has them."""
        for column in table.columns:
            value = item.get(column.name)
            if value is None:
                if not column.null:
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
            if self.taken_here(table, key, guard) or self.taken_there(table, key, guard):
                raise duplicate(table, unique)

    def taken_here(self, table: Table, key: Key, guard: str) -> bool:
        return any(
            change.key != key and guard in table.guards(change.after)
            for change in self.buffer.of(table)
        )

    def taken_there(self, table: Table, key: Key, guard: str) -> bool:
        if not self.eager:
            return False
        owner = self.guard(guard)
        if owner is None or table.key_of(owner) == key:
            return False
        change: Change | None = self.buffer.get(table, table.key_of(owner))
        return change is None or guard in table.guards(change.after)

    def apply(self, table: Table, key: Key, native: Native, after: Item, before: Item) -> None:
        self.buffer.apply(table, key, before, native, after)


def duplicate_key(table: Table) -> IntegrityError:
    columns = ", ".join(f"{table.sql_name}.{name}" for name in table.key.keys)
    return IntegrityError(f"UNIQUE constraint failed: {columns}")


OPERATORS = {">": 0, ">=": 0, "<": 1, "<=": 1}


def range_condition(ranges: tuple[Range, ...], values: Item) -> str | None:
    """DynamoDB's one condition on the sort key; None where nothing can meet it.

    Two bounds become BETWEEN, which includes both ends; SQLite checks every row again.
    """
    lower = [value for operator, value in ranges if operator in (">", ">=")]
    upper = [value for operator, value in ranges if operator in ("<", "<=")]
    if lower and upper:
        values[":a"], values[":b"] = lower[0], upper[0]
        if sort_value(lower[0]) > sort_value(upper[0]):
            return None
        return "#r BETWEEN :a AND :b"
    operator, values[":a"] = ranges[0]
    return f"#r {operator} :a"
