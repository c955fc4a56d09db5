"""From a Django model to its `Table`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, takewhile
from typing import Any

from django.db.models import CompositePrimaryKey, Q
from django.db.models.fields import AutoFieldMixin
from django.db.utils import NotSupportedError

from dynamodb.fields import TTLField
from dynamodb.indexes import GlobalIndex
from dynamodb.tables.adapters import adapt
from dynamodb.tables.columns import Column
from dynamodb.tables.computed import Computed, compile_expression, expression_columns
from dynamodb.tables.constraints import (
    column_default,
    expression_unique,
    generated_column,
    keeps_unique,
    orders_of,
    table_check,
)
from dynamodb.tables.index import KEY_TYPES, KEYS, MOST, PRESENT, Index, as_it_is, index_of
from dynamodb.tables.shape import ModelShape
from dynamodb.tables.table import NUMERIC, Check, Table, Unique, table_name
from dynamodb.tables.values import ModelField, codec_of, field_of_values


class TableBuilder(ModelShape):
    """Reads a `Table` off what Django declares."""

    def build(self) -> Table:
        settings = self.connection.settings_dict
        computed = {each.column.name: each for each in self.computed()}
        columns = [self.column(f) for f in self.fields]
        columns += [each.column for each in computed.values()]
        if self.removed_key is not None:
            columns.append(self.column(self.removed_key)._replace(hidden=True))
        key = self.key()
        table = Table(
            name=table_name(self.connection.table_prefix, self.opts.db_table),
            sql_name=self.opts.db_table,
            columns=columns,
            key=key,
            uniques=list(self.uniques()),
            checks=list(self.checks()),
            defaults=list(self.defaults()),
            generated=[*self.generated(), *(each.check for each in computed.values())],
            auto=self.auto(),
            ttl=self.ttl(settings["OPTIONS"].get("ttl", {})),
        )
        table.indexes = as_it_is(self.connection, table.name, list(self.indexes(table)))
        self.mark_keys(table)
        self.refuse_collations(table)
        return table

    def refuse_collations(self, table: Table) -> None:
        """Keys and guards compare exactly: two that a collation takes for one would both be."""
        for columns in (table.key.keys, *(unique.columns for unique in table.uniques)):
            if any(table.by_name[name].collation for name in columns):
                raise NotSupportedError(
                    f"{self.opts.label}: {', '.join(columns)} cannot be unique with a collation. "
                    'Use a UniqueConstraint on Lower("...") in its place.'
                )

    def column(self, model_field: ModelField) -> Column:
        sql_type = model_field.db_type(self.connection) or "text"
        references = None
        target = getattr(model_field, "target_field", None) if model_field.remote_field else None
        if target:
            references = (target.model._meta.db_table, target.column)
        codec = codec_of(model_field, sql_type)
        return Column(
            name=str(model_field.column),
            sql_type=f"text COLLATE {NUMERIC}" if codec == "wide decimal" else sql_type,
            codec=codec,
            null=model_field.null or model_field.generated,  # as in SQLite
            positive=bool(model_field.db_check(self.connection)) and "unsigned" in sql_type,
            references=references,
            collation=model_field.db_parameters(self.connection).get("collation") or "",
            digits=digits_of(model_field),
        )

    def key(self) -> Index:
        pk = self.opts.pk
        if isinstance(pk, CompositePrimaryKey):
            names = [field.column for field in self.opts.pk_fields]
            return Index(None, names[0], names[1] if len(names) > 1 else None)
        primary = next((f for f in self.fields if f.primary_key), self.removed_key or pk)
        return Index(None, primary.column)

    def auto(self) -> str | None:
        kinds: Any = AutoFieldMixin
        fields = [*self.fields, self.removed_key]
        return next((f.column for f in fields if isinstance(f, kinds)), None)

    def ttl(self, configured: dict[str, str]) -> str | None:
        for model_field in self.fields:
            if isinstance(model_field, TTLField):
                return str(model_field.column)
        return configured.get(self.opts.db_table)

    def computed(self) -> Iterable[Computed]:
        """What indexes and unique constraints on expressions hold."""
        indexes = [index.expressions[:KEYS] for index in self.model_indexes]
        constraints = [each.expressions for each in self.model_constraints if keeps_unique(each)]
        for expression in chain(*indexes, *constraints):
            found = compile_expression(self, expression)
            if isinstance(found, Computed):
                yield found

    def uniques(self) -> Iterable[Unique]:
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
            if unique and not (unique.plain and unique.columns in seen):
                if unique.plain:
                    seen.add(unique.columns)
                yield unique

    def checks(self) -> Iterable[Check]:
        for constraint in self.model_constraints:
            check = table_check(self, constraint)
            if check:
                yield check

    def defaults(self) -> Iterable[Check]:
        for model_field in self.fields:
            if model_field.has_db_default():
                yield column_default(self, model_field)

    def generated(self) -> Iterable[Check]:
        for model_field in self.fields:
            if model_field.generated:
                yield generated_column(self, model_field)

    def indexes(self, table: Table) -> Iterable[Index]:
        complete: set[str] = set()  # hash columns with an index that no row is missing from
        for index in self.declared_indexes(table):
            if index.keys == (index.hash,) and index.hash in complete:
                continue
            has_all = not any(table.by_name[column].null for column in index.keys[1:])
            alone = index.partition == (index.hash,)
            if index.include is None and not index.condition and has_all and alone:
                complete.add(index.hash)
            yield index
        for model_field in self.fields:
            column = model_field.column
            indexed = model_field.db_index and not model_field.unique
            if indexed and column not in complete and column != table.key.hash:
                complete.add(column)
                yield Index(index_name(f"{column}_idx"), column)

    def declared_indexes(self, table: Table) -> Iterable[Index]:
        for index in self.model_indexes:
            condition = self.index_condition(index.condition) or ()
            if index.expressions:
                columns = expression_columns(self, index.expressions[:KEYS])
                orders = orders_of(index.expressions)
            else:
                columns = self.local_columns(name for name, _ in index.fields_orders)
                orders = tuple(order or "ASC" for _, order in index.fields_orders)
            if columns:
                include = self.local_columns(index.include) if index.include else None
                several = index.partition if isinstance(index, GlobalIndex) else 1
                sort = self.sort_key(table, columns[several:], condition)
                found = index_of(index_name(index.name), columns[:several], sort)
                found = replace(
                    found, include=include, condition=condition, orders=orders[: len(found.keys)]
                )
                yield found if self.takes_several else found.narrow()
        for names in self.index_together:
            columns = self.local_columns(names)
            if columns:
                yield index_of(index_name("_".join(columns)), columns[:1], columns[1:KEYS])

    @property
    def takes_several(self) -> bool:
        """Whether indexes may have several attributes a key."""
        return bool(self.connection.settings_dict["OPTIONS"].get("multi_attribute_keys", True))

    def sort_key(
        self, table: Table, columns: tuple[str, ...], condition: tuple[tuple[str, Any], ...]
    ) -> tuple[str, ...]:
        """The columns of an index's sort key. Behind the first it ends where a row may lack a
        value: it would not be in the index, which its first columns serve."""
        present = {column for column, _ in condition}

        def fits(name: str) -> bool:
            column = table.by_name[name]
            sorts = column.attribute_type in KEY_TYPES and not column.collation
            return sorts and (not column.null or name in present)

        return (*columns[:1], *takewhile(fits, columns[1:MOST]))

    def index_condition(self, condition: Q | None) -> tuple[tuple[str, Any], ...] | None:
        """A sparse index's condition: columns equal to values, or not NULL, all of them.
        None for any other, which no attribute can stand for: the index then has all rows."""
        if condition is None:
            return ()
        found = []
        for child in condition.children:
            path, wanted = child if isinstance(child, tuple) else ("", None)
            name, _, lookup = path.partition("__")
            columns = self.local_columns([name]) if name else None
            if not columns or condition.connector != "AND" or condition.negated:
                return None
            if lookup in ("", "exact") and wanted is not None:
                field = next(f for f in self.fields if f.column == columns[0])
                value = field.get_db_prep_value(wanted, self.connection)
                found.append((columns[0], adapt(value)))
            elif lookup == "isnull" and wanted is False:
                found.append((columns[0], PRESENT))
            else:
                return None
        return tuple(found)

    def mark_keys(self, table: Table) -> None:
        """Text in a key has a codec of its own, since DynamoDB takes no empty string there."""
        names = {name for index in (table.key, *table.indexes) for name in index.keys}
        table.columns = [
            column._replace(codec="key text")
            if column.name in names and column.codec == "text"
            else column
            for column in table.columns
        ]
        table.__dict__.pop("by_name", None)  # it was asked for before


def digits_of(model_field: ModelField) -> tuple[int, int] | None:
    """Of a decimal: all of them, those behind the point."""
    kind = field_of_values(model_field)
    if kind.get_internal_type() != "DecimalField" or kind.max_digits is None:
        return None
    return kind.max_digits, kind.decimal_places


def index_name(name: str) -> str:
    """Three to 255 of the characters that DynamoDB takes in names."""
    cleaned = "".join(c if c.isalnum() and c.isascii() or c in "_.-" else "_" for c in name)
    return cleaned.ljust(3, "_")[:255]
