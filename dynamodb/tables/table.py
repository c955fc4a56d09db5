"""What DynamoDB needs to know about a Django model: keys, indexes, unique guards."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db import connections

from dynamodb.tables.adapters import adapt, with_question_marks
from dynamodb.tables.columns import Column
from dynamodb.tables.index import PRESENT, Index
from dynamodb.tables.values import (
    LONGEST_KEY,
    AttributeValue,
    Item,
    json_text,
)

TTL_ATTRIBUTE = "_expires"  # epoch seconds, beside the column that says it in text
NUMERIC = "dynamodb_numeric"  # the collation of decimals that SQLite keeps as text
LONGEST_GUARD = 1000  # characters of a guard's key; longer ones are hashed (DynamoDB: 2,048 bytes)

Key = tuple[Any, ...]  # values of the primary key's attributes, as DynamoDB keeps them


@dataclass(eq=False, repr=False)
class Check:
    """An SQL condition over the columns of one row."""

    name: str
    sql: str
    params: tuple[Any, ...]
    columns: frozenset[str]
    alias: str  # of the database, whose tables all threads share; each has an SQLite of its own

    @property
    def definition(self) -> tuple[str, ...]:
        """What it says, to be compared: with the same, a row is judged or computed the same."""
        return self.name, self.sql, repr(self.params)

    def holds(self, table: Table, item: Item) -> bool:
        """Whether the row meets it; as in SQL, unknown (NULL) counts for a CHECK."""
        return self.evaluate(table, item) not in (0, None)

    def violated(self, table: Table, item: Item) -> bool:
        return bool(self.evaluate(table, item) == 0)

    def evaluate(self, table: Table, item: Item) -> Any:
        values = table.decode(item)
        row = ", ".join(f'{typed(table.by_name[name])} AS "{name}"' for name in values)
        sql = f"SELECT ({with_question_marks(self.sql)}) FROM (SELECT {row})"  # noqa: S608 - no user input in it
        # Straight to SQLite: it happens within a statement, and must not begin another.
        bound = (*map(adapt, self.params), *values.values())
        connection: Any = connections[self.alias]
        connection.ensure_connection()
        return next(connection.connection.db.execute(sql, bound))[0]


def typed(column: Column) -> str:
    """A parameter that is compared as the column is: 9 < 10, also where one of them is text."""
    if column.codec == "wide decimal":
        return f"CAST(? AS text) COLLATE {NUMERIC}"
    return "CAST(? AS numeric)" if column.attribute_type == "N" else "?"


@dataclass(frozen=True)
class Unique:
    """Columns whose values together belong to one row; kept by a guard item."""

    columns: tuple[str, ...]
    name: str = ""
    condition: Check | None = None
    orders: tuple[str, ...] = field(default=(), compare=False)  # as declared, of no effect
    nulls: bool = False  # whether NULL is a value like others, which one row may have

    @property
    def plain(self) -> bool:
        """Whether it says no more than that the columns are unique."""
        return self.condition is None and not self.nulls

    @property
    def label(self) -> str:
        """In the keys of its guards: one of the columns alone holds for all rows with them."""
        return ",".join(self.columns) if self.plain else self.name

    @property
    def definition(self) -> tuple[object, ...]:
        """What it says, to be compared: with the same, a row has the same guard."""
        condition = self.condition.definition if self.condition else None
        return self.label, self.columns, self.nulls, condition

    @property
    def depends_on(self) -> frozenset[str]:
        """The columns that decide whether a row has the value."""
        return frozenset(self.columns).union(self.condition.columns if self.condition else ())


@dataclass(eq=False, repr=False)
class Table:
    """A model's table: `sql_name` in SQL, `name` (with the prefix) in DynamoDB."""

    name: str
    sql_name: str
    columns: list[Column]
    key: Index
    indexes: list[Index] = field(default_factory=list)
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    defaults: list[Check] = field(default_factory=list)  # for columns an INSERT leaves out
    generated: list[Check] = field(default_factory=list)  # columns computed from the others
    auto: str | None = None  # the column whose ids the engine makes
    ttl: str | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def computed(self) -> list[Check]:
        """The hidden columns that a query may ask for in place of their expression."""
        return [check for check in self.generated if self.by_name[check.name].hidden]

    @cached_property
    def references(self) -> dict[tuple[str, str], list[str]]:
        """Columns by what they refer to: lets a join fetch a page's rows at once."""
        found: dict[tuple[str, str], list[str]] = {}
        for column in self.columns:
            if column.references:
                found.setdefault(column.references, []).append(column.name)
        return found

    @cached_property
    def single_uniques(self) -> set[str]:
        """Columns without two equal values in the table."""
        singles = {u.columns[0] for u in self.uniques if len(u.columns) == 1 and u.plain}
        return singles | ({self.key.hash} if self.key.range is None else set())

    @cached_property
    def guarded(self) -> frozenset[str]:
        """Columns that some guard depends on."""
        return frozenset().union(*(unique.depends_on for unique in self.uniques))

    @cached_property
    def sparse(self) -> list[Index]:
        return [index for index in self.indexes if index.condition]

    @cached_property
    def deriving(self) -> frozenset[str]:
        """Columns that others, or attributes beside the columns, are made from."""
        columns = {self.ttl} if self.ttl else set()
        for index in self.sparse:
            columns |= {index.hash, *(column for column, _ in index.condition)}
        return frozenset(columns.union(*(computed.columns for computed in self.generated)))

    @property
    def derived_names(self) -> set[str]:
        """What `derived` may have."""
        expiry = {TTL_ATTRIBUTE} if self.ttl else set()
        return expiry | {index.hash_attribute for index in self.sparse}

    def derived(self, item: Item) -> Item:
        """The attributes beside the columns: the moment of expiry as DynamoDB wants it, in
        epoch seconds, and the partition keys of sparse indexes."""
        found: Item = {}
        expiry = item.get(self.ttl) if self.ttl else None
        if expiry is not None:
            moment = datetime.fromisoformat(expiry["S"]).replace(tzinfo=UTC)
            found[TTL_ATTRIBUTE] = {"N": str(int(moment.timestamp()))}
        for index in self.sparse:
            if index.hash in item and self.meets(item, index.condition):
                found[index.hash_attribute] = item[index.hash]
        return found

    def meets(self, item: Item, condition: tuple[tuple[str, Any], ...]) -> bool:
        return all(
            column in item
            and (value is PRESENT or item[column] == self.by_name[column].encode(value))
            for column, value in condition
        )

    def key_of(self, item: Item) -> Key:
        """The row's primary key, hashable: the texts DynamoDB has for it."""
        return tuple(next(iter(item[name].values())) for name in self.key.keys)

    def key_item(self, key: Key) -> Item:
        """The `Key` parameter of DynamoDB's calls."""
        return {
            name: {self.by_name[name].attribute_type: value}
            for name, value in zip(self.key.keys, key, strict=True)
        }

    def encode(self, values: dict[str, Any]) -> Item:
        """SQLite's values as an item; NULL is an attribute that is not there."""
        by_name = self.by_name
        return {
            name: by_name[name].encode(value) for name, value in values.items() if value is not None
        }

    def with_defaults(self, values: dict[str, Any]) -> dict[str, Any]:
        """SQLite's values, and the database's defaults of columns that are not among them."""
        missing = [each for each in self.defaults if each.name not in values]
        return {**values, **{each.name: each.evaluate(self, {}) for each in missing}}

    def complete(self, item: Item) -> Item:
        """The item with its generated columns computed from the others."""
        for computed in self.generated:
            value = computed.evaluate(self, item)
            item = {name: item[name] for name in item if name != computed.name}
            if value is not None:
                item[computed.name] = self.by_name[computed.name].encode(value)
        return item

    def decode(self, item: Item) -> dict[str, Any]:
        """An item as SQLite's values, every column."""
        return {
            column.name: None if (value := item.get(column.name)) is None else column.decode(value)
            for column in self.columns
        }

    def guards(self, item: Item | None) -> dict[str, Unique]:
        """The keys of the guard items that a row holds."""
        if item is None or not self.uniques:
            return {}
        return self.guards_of(self.uniques, item)

    def guards_of(self, uniques: list[Unique], item: Item) -> dict[str, Unique]:
        """The same, of some unique values only."""
        return {
            self.guard_key(unique, [item.get(column) for column in unique.columns]): unique
            for unique in uniques
            if (unique.nulls or all(column in item for column in unique.columns))
            and (unique.condition is None or unique.condition.holds(self, item))
        }

    def guard_key(self, unique: Unique, values: Sequence[AttributeValue | None]) -> str:
        text = json_text([value and next(iter(value.values())) for value in values])
        key = f"{self.sql_name}#{unique.label}#{text}"
        if len(key) <= LONGEST_GUARD and len(key.encode()) <= LONGEST_KEY:
            return key
        return f"{self.sql_name}#{unique.label}#{hashlib.sha256(text.encode()).hexdigest()}"


def table_name(prefix: str, sql_name: str) -> str:
    """DynamoDB's name of a table; what it does not take is written as its code point."""
    return prefix + "".join(
        c if c.isalnum() and c.isascii() or c in "_.-" else f"-{ord(c):x}-" for c in sql_name
    )


def plain_table(name: str, key: str) -> Table:
    """A table of items under one text key, that no model stands for."""
    return Table(name, name, [Column(key, "text", "text")], Index(None, key))
