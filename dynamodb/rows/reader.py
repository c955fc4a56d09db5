"""Rows of a partition or of a table, overlaid with what this transaction has written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dynamodb.rows.by_key import KeyReader
from dynamodb.rows.merging import merged
from dynamodb.scans import check_scan
from dynamodb.tables.index import Index
from dynamodb.tables.table import Table
from dynamodb.tables.values import AttributeValue, Item, sort_value

Range = tuple[str, AttributeValue]  # operator, value


class Reader(KeyReader):
    """One connection's reads."""

    def query(
        self,
        table: Table,
        index: Index,
        values: tuple[AttributeValue, ...],
        ranges: tuple[Range, ...] = (),
        *,
        descending: bool = False,
        limit: int | None = None,
        counting: bool = False,
    ) -> Iterator[list[Item]]:
        """Pages of the rows under one partition key, in the order of the sort key.

        `ranges`: of the sort key's columns from left to right, by equality but for the last,
        which may have two bounds, the lower one first. `counting`: the rows have only the key
        values given here, since DynamoDB is asked for nothing but their number.
        """
        condition = key_condition(index, values, ranges)
        if condition is None:
            return iter(())
        params: dict[str, Any] = {
            "TableName": table.name,
            **condition,
            "ScanIndexForward": not descending,
        }
        params |= {"IndexName": index.name} if index.name else {"ConsistentRead": self.consistent}
        touched = self.buffer.touches(table)
        if counting and not touched:
            given = (*values, *(value for _, value in ranges))
            known = dict(zip(index.keys, given, strict=False))
            return self.count_pages("Query", params, limit, known)
        pages = self.read_pages("Query", table, params, limit)
        if not touched:
            return pages
        return self.overlaid(table, index, values, pages, descending)

    def overlaid(
        self,
        table: Table,
        index: Index,
        values: tuple[AttributeValue, ...],
        pages: Iterator[list[Item]],
        descending: bool,
    ) -> Iterator[list[Item]]:
        """Stored rows and this transaction's own, merged in the order of the sort key; no more
        pages are read than are taken."""
        ours = [
            change.after
            for change in self.buffer.of(table)
            if change.after and is_under(change.after, index, values)
        ]
        stored = (
            [item for item in page if not self.buffer.get(table, table.key_of(item))]
            for page in pages
        )
        if not index.sort:
            yield ours
            yield from stored
            return

        def position(item: Item) -> Any:
            return tuple(sort_value(item[column]) for column in index.sort)

        ours.sort(key=position, reverse=descending)
        yield from merged([stored, iter([ours])], position, reverse=descending)

    def scan(
        self, table: Table, limit: int | None = None, *, counting: bool = False
    ) -> Iterator[list[Item]]:
        """Pages of the whole table, in no order; what the policy allows."""
        check_scan(table.sql_name, self.scan_default)
        params = {"TableName": table.name, "ConsistentRead": self.consistent}
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
        columns = projected(table, params.get("IndexName"))
        for answer in self.answers(operation, params, limit):
            rows += answer["Items"]
            self.remember(table, answer["Items"], columns)
            yield answer["Items"]
        self.pages[known] = rows

    def remember(self, table: Table, items: list[Item], columns: frozenset[str] | None) -> None:
        """Inside a transaction, note what queries have delivered: writes depend on it.

        `columns` are those that an index has, None for all.
        """
        if not self.in_transaction:
            return
        for item in items:
            address = table.sql_name, table.key_of(item)
            if columns is None:
                self.seen.setdefault(address, item)
            else:
                part = {name: item.get(name) for name in columns}
                self.seen_parts[address] = {**part, **self.seen_parts.get(address, {})}


def projected(table: Table, name: str | None) -> frozenset[str] | None:
    """The columns that an index has; None where it has all."""
    for index in table.indexes:
        if index.name == name and index.include:
            return frozenset((*index.keys, *table.key.keys, *index.include))
    return None


def is_under(item: Item, index: Index, values: tuple[AttributeValue, ...]) -> bool:
    """Whether the index has the row, under this partition key."""
    found = tuple(item.get(column) for column in index.partition)
    return found == values and all(column in item for column in index.sort)


def key_condition(
    index: Index, values: tuple[AttributeValue, ...], ranges: tuple[Range, ...]
) -> dict[str, Any] | None:
    """A Query's parameters that say which rows; None where there can be none.

    Two bounds become BETWEEN, which includes both ends; SQLite checks every row again.
    """
    given: Item = {}
    parts = []
    bounds = [bound for bound in ranges if bound[0] != "="]
    for n, value in enumerate((*values, *(value for operator, value in ranges if operator == "="))):
        given[f":k{n}"] = value
        parts.append(f"#k{n} = :k{n}")
    last = f"#k{len(parts)}"
    if len(bounds) == 2:
        (_, given[":a"]), (_, given[":b"]) = bounds
        if sort_value(given[":a"]) > sort_value(given[":b"]):
            return None
        parts.append(f"{last} BETWEEN :a AND :b")
    elif bounds:
        operator, given[":a"] = bounds[0]
        parts.append(f"{last} {operator} :a")
    return {
        "KeyConditionExpression": " AND ".join(parts),
        "ExpressionAttributeNames": {
            f"#k{n}": name for n, name in enumerate(index.attributes[: len(parts)])
        },
        "ExpressionAttributeValues": given,
    }
