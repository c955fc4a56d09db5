"""What DynamoDB needs to know about a Django model: keys, indexes, unique guards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import CompositePrimaryKey, Model
from django.db.models.fields import AutoFieldMixin

from dynamodb.adapters import adapt
from dynamodb.fields import TTLField
from dynamodb.values import CODECS, AttributeValue, Decoder, Encoder, Item, json_text

if TYPE_CHECKING:
    from dynamodb.constraints import Check

PRESENT = "\x00present"  # in an index's condition: any value but NULL
TTL_ATTRIBUTE = "_expires"  # epoch seconds, beside the column that says it in text
NUMERIC = "dynamodb_numeric"  # the collation of decimals that SQLite keeps as text
EXACT_DIGITS = 15  # of a decimal that survives SQLite's floating point
LONGEST_GUARD = 1000  # characters of a guard's key; longer ones are hashed (DynamoDB: 2,048 bytes)

Key = tuple[Any, ...]  # values of the primary key's attributes, as DynamoDB keeps them


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, and how its values are written to DynamoDB and read."""

    name: str
    sql_type: str
    codec: str
    null: bool = True
    positive: bool = False  # a CHECK (column >= 0)
    references: tuple[str, str] | None = None  # SQL table and column of a foreign key

    @property
    def attribute_type(self) -> str:
        return CODECS[self.codec][0]

    @property
    def encode(self) -> Encoder:
        return CODECS[self.codec][1]

    @property
    def decode(self) -> Decoder:
        return CODECS[self.codec][2]


@dataclass(frozen=True)
class Index:
    """A global secondary index, or (name None) the table's own key."""

    name: str | None
    hash: str
    range: str | None = None
    include: tuple[str, ...] | None = None  # projected columns besides the keys; None: all
    condition: tuple[tuple[str, Any], ...] = ()  # column, its value; PRESENT: any but NULL

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.hash,) if self.range is None else (self.hash, self.range)

    @property
    def hash_attribute(self) -> str:
        """The partition key's attribute; with a condition one that only its rows have."""
        return f"_{self.name}" if self.condition else self.hash

    @property
    def attributes(self) -> tuple[str, ...]:
        return (self.hash_attribute, *self.keys[1:])


@dataclass(frozen=True)
class Unique:
    """Columns whose values together belong to one row; kept by a guard item."""

    columns: tuple[str, ...]
    name: str = ""
    condition: Check | None = None


@dataclass
class Table:
    """A model's table: `sql_name` in SQL, `name` (with the prefix) in DynamoDB."""

    name: str
    sql_name: str
    columns: list[Column]
    key: Index
    indexes: list[Index] = field(default_factory=list)
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    generated: list[Check] = field(default_factory=list)  # columns computed from the others
    auto: str | None = None  # the column whose ids the engine makes
    ttl: str | None = None

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

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
        singles = {u.columns[0] for u in self.uniques if len(u.columns) == 1 and not u.condition}
        return singles | ({self.key.hash} if self.key.range is None else set())

    @cached_property
    def guarded(self) -> frozenset[str]:
        """Columns that some guard depends on."""
        columns = {column for unique in self.uniques for column in unique.columns}
        for unique in self.uniques:
            if unique.condition:
                columns |= unique.condition.columns
        return frozenset(columns)

    @cached_property
    def sparse(self) -> list[Index]:
        return [index for index in self.indexes if index.condition]

    @cached_property
    def deriving(self) -> frozenset[str]:
        """Columns that attributes beside the columns are made from."""
        columns = {self.ttl} if self.ttl else set()
        for index in self.sparse:
            columns |= {index.hash, *(column for column, _ in index.condition)}
        return frozenset(columns)

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
        return {
            self.guard_key(unique, [item[column] for column in unique.columns]): unique
            for unique in self.uniques
            if all(column in item for column in unique.columns)
            and (unique.condition is None or unique.condition.holds(self, item))
        }

    def guard_key(self, unique: Unique, values: list[AttributeValue]) -> str:
        text = json_text([next(iter(value.values())) for value in values])
        label = unique.name if unique.condition else ",".join(unique.columns)
        key = f"{self.sql_name}#{label}#{text}"
        if len(key) <= LONGEST_GUARD:
            return key
        return f"{self.sql_name}#{label}#{hashlib.sha256(text.encode()).hexdigest()}"


class TableBuilder:
    """Reads a `Table` off a model's `_meta`, current or historical.

    `fields`, `model_indexes` and `model_constraints` may be changed before `build`: a
    migration's step knows them before the model does.
    """

    def __init__(self, connection: Any, model: type[Model]):
        self.connection, self.model = connection, model
        self.opts: Any = model._meta
        self.fields: list[Any] = list(self.opts.local_concrete_fields)
        self.unique_together = list(self.opts.unique_together)
        self.index_together = list(getattr(self.opts, "index_together", ()))
        self.model_indexes = list(self.opts.indexes)
        self.model_constraints = list(self.opts.constraints)

    def build(self) -> Table:
        settings = self.connection.settings_dict
        columns = [self.column(f) for f in self.fields]
        key = self.key()
        table = Table(
            name=table_name(self.connection.table_prefix, self.opts.db_table),
            sql_name=self.opts.db_table,
            columns=columns,
            key=key,
            uniques=list(self.uniques()),
            checks=list(self.checks()),
            generated=list(self.generated()),
            auto=self.auto(),
            ttl=self.ttl(settings["OPTIONS"].get("ttl", {})),
        )
        table.indexes = list(self.indexes(table))
        self.mark_keys(table)
        return table

    def column(self, model_field: Any) -> Column:
        sql_type = model_field.db_type(self.connection) or "text"
        references = None
        if model_field.remote_field and getattr(model_field, "target_field", None):
            target = model_field.target_field
            references = (target.model._meta.db_table, target.column)
        codec = codec_of(model_field, sql_type)
        return Column(
            name=model_field.column,
            sql_type=f"text COLLATE {NUMERIC}" if codec == "wide decimal" else sql_type,
            codec=codec,
            null=model_field.null,
            positive=bool(model_field.db_check(self.connection)) and "unsigned" in sql_type,
            references=references,
        )

    def key(self) -> Index:
        pk = self.opts.pk
        if isinstance(pk, CompositePrimaryKey):
            names = [field.column for field in self.opts.pk_fields]
            return Index(None, names[0], names[1] if len(names) > 1 else None)
        primary = next((f for f in self.fields if f.primary_key), pk)
        return Index(None, primary.column)

    def auto(self) -> str | None:
        kinds: Any = AutoFieldMixin
        return next((f.column for f in self.fields if isinstance(f, kinds)), None)

    def ttl(self, configured: dict[str, str]) -> str | None:
        for model_field in self.fields:
            if isinstance(model_field, TTLField):
                return str(model_field.column)
        return configured.get(self.opts.db_table)

    def local_columns(self, names: Iterable[str]) -> tuple[str, ...] | None:
        """Columns by field names; None where one is inherited or not there."""
        known = {key: f.column for f in self.fields for key in (f.attname, f.name)}
        found = [known.get(name) for name in names]
        return None if None in found else tuple(column for column in found if column)

    def uniques(self) -> Iterable[Unique]:
        from dynamodb.constraints import expression_unique

        seen: set[tuple[str, ...]] = set()
        for model_field in self.fields:
            if model_field.unique and not model_field.primary_key:
                seen.add((model_field.column,))
                yield Unique((model_field.column,))
        for names in self.unique_together:
            columns = self.local_columns(names)
            if columns and columns not in seen:
                seen.add(columns)
                yield Unique(columns)
        for constraint in self.model_constraints:
            unique = expression_unique(self, constraint)
            if unique and (unique.condition or unique.columns not in seen):
                seen.add(unique.columns)
                yield unique

    def checks(self) -> Iterable[Check]:
        from dynamodb.constraints import table_check

        for constraint in self.model_constraints:
            check = table_check(self, constraint)
            if check:
                yield check

    def generated(self) -> Iterable[Check]:
        from dynamodb.constraints import generated_column

        for model_field in self.fields:
            if model_field.generated:
                yield generated_column(self, model_field)

    def indexes(self, table: Table) -> Iterable[Index]:
        complete: set[str] = set()  # hash columns with an index that no row is missing from
        for index in self.declared_indexes():
            if index.range is None and index.hash in complete:
                continue
            sorts_all = index.range is None or not table.by_name[index.range].null
            if index.include is None and not index.condition and sorts_all:
                complete.add(index.hash)
            yield index
        for model_field in self.fields:
            column = model_field.column
            indexed = model_field.db_index and not model_field.unique
            if indexed and column not in complete and column != table.key.hash:
                complete.add(column)
                yield Index(index_name(f"{column}_idx"), column)

    def declared_indexes(self) -> Iterable[Index]:
        for index in self.model_indexes:
            if index.expressions:
                continue
            condition = self.index_condition(index.condition) or ()
            columns = self.local_columns(name for name, _ in index.fields_orders)
            if columns:
                include = self.local_columns(index.include) if index.include else None
                name, sort = index_name(index.name), (*columns[1:2], None)[0]
                yield Index(name, columns[0], sort, include, condition)
        for names in self.index_together:
            columns = self.local_columns(names)
            if columns:
                yield Index(index_name("_".join(columns)), columns[0], (*columns[1:2], None)[0])

    def index_condition(self, condition: Any) -> tuple[tuple[str, Any], ...] | None:
        """A sparse index's condition: columns equal to values, or not NULL, all of them.
        None for any other, which no attribute can stand for: the index then has all rows."""
        if condition is None:
            return ()
        found = []
        for child in condition.children:
            name, _, lookup = child[0].partition("__") if isinstance(child, tuple) else ("",) * 3
            columns = self.local_columns([name]) if name else None
            if not columns or condition.connector != "AND" or condition.negated:
                return None
            if lookup in ("", "exact") and child[1] is not None:
                field = next(f for f in self.fields if f.column == columns[0])
                value = field.get_db_prep_value(child[1], self.connection)
                found.append((columns[0], adapt(value)))
            elif lookup == "isnull" and child[1] is False:
                found.append((columns[0], PRESENT))
            else:
                return None
        return tuple(found)

    def mark_keys(self, table: Table) -> None:
        """Text in a key has a codec of its own, since DynamoDB takes no empty string there."""
        names = {name for index in (table.key, *table.indexes) for name in index.keys}
        table.columns = [
            Column(**{**vars(column), "codec": "key text"})
            if column.name in names and column.codec == "text"
            else column
            for column in table.columns
        ]
        table.__dict__.pop("by_name", None)  # it was asked for before


def table_name(prefix: str, sql_name: str) -> str:
    """DynamoDB's name of a table; what it does not take is written as its code point."""
    return prefix + "".join(
        c if c.isalnum() and c.isascii() or c in "_.-" else f"-{ord(c):x}-" for c in sql_name
    )


def index_name(name: str) -> str:
    """Three to 255 of the characters that DynamoDB takes in names."""
    cleaned = "".join(c if c.isalnum() and c.isascii() or c in "_.-" else "_" for c in name)
    return cleaned.ljust(3, "_")[:255]


def codec_of(model_field: Any, sql_type: str) -> str:
    kind = model_field
    while kind.remote_field and getattr(kind, "target_field", None):
        kind = kind.target_field
    if kind.get_internal_type() == "JSONField":
        return "json"
    lowered = sql_type.lower()
    if "int" in lowered or lowered == "bool":
        return "integer"
    if lowered == "decimal" and (kind.max_digits or 99) > EXACT_DIGITS:
        return "wide decimal"
    if lowered in ("real", "decimal"):
        return lowered
    return "binary" if lowered == "blob" else "text"
