"""A model as a migration's step leaves it, where it still speaks of columns by names of before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Model

from dynamodb.tables.builder import TableBuilder, index_name
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.constraints import generated_column
from dynamodb.tables.index import Index, index_of
from dynamodb.tables.table import Check, Table, Unique


class FollowingBuilder(TableBuilder):
    """RenameField renames nothing in a state's constraints, indexes and expressions. What a model
    names and can no longer be made of it is taken over from the table as it is."""

    def __init__(self, connection: EngineConnection, model: type[Model]):
        super().__init__(connection, model)
        self.old: Table | None = connection.registry.tables.get(self.opts.db_table)
        self.renames: Mapping[str, str] = {}  # columns: from the old name to the new
        self.new_key: str | None = None  # the column that this step makes the primary key

    def key(self) -> Index:
        """A state may say of two fields that they are the primary key: the one that the step makes
        so, or the one that the table has."""
        primary = [field.column for field in self.fields if field.primary_key]
        wanted = self.new_key or (self.of(self.old.key.hash) if self.old else None)
        if wanted is not None and len(primary) > 1 and wanted in primary:
            return Index(None, wanted)
        return super().key()

    def checks(self) -> Iterable[Check]:
        found = [check for check in super().checks() if not self.misses(check)]
        yield from found
        for check in self.missing(self.model_constraints, found, "checks"):
            if self.has(check.columns):
                yield self.renamed(check, check.name)

    def uniques(self) -> Iterable[Unique]:
        found = [u for u in super().uniques() if not (u.condition and self.misses(u.condition))]
        yield from found
        for unique in self.missing(self.model_constraints, found, "uniques"):
            if self.has(unique.depends_on):
                columns = self.renamed_all(unique.columns)
                condition = unique.condition and self.renamed(unique.condition, unique.name)
                yield replace(unique, columns=columns, condition=condition)

    def misses(self, check: Check) -> bool:
        """Whether it speaks of a column that this step removes: its name would be a mere text."""
        gone = {f.column for f in self.opts.local_concrete_fields} - {f.column for f in self.fields}
        return any(f'"{column}"' in check.sql for column in gone)

    def declared_indexes(self, table: Table) -> Iterable[Index]:
        found = list(super().declared_indexes(table))
        yield from found
        names = [index_name(index.name) for index in self.model_indexes]
        for index in self.known("indexes"):
            if index.name in names and index.name not in {each.name for each in found}:
                keys = self.renamed_all(index.partition), self.renamed_all(index.sort)
                condition = tuple((self.of(name), value) for name, value in index.condition)
                include = self.renamed_all(index.include) if index.include else index.include
                if self.has((*index.keys, *(index.include or ()), *dict(index.condition))):
                    renamed = index_of(index.name, *keys)
                    orders = index.orders
                    yield replace(renamed, condition=condition, include=include, orders=orders)

    def generated(self) -> Iterable[Check]:
        for model_field in self.fields:
            if model_field.generated:
                try:
                    yield generated_column(self, model_field)
                except FieldError:
                    known = {self.of(check.name): check for check in self.known("generated")}
                    if model_field.column not in known:
                        raise
                    yield self.renamed(known[model_field.column], model_field.column)

    def missing(self, declared: Iterable[Any], found: Iterable[Any], kind: str) -> Iterable[Any]:
        """Of the old table, what the model declares by name and the builder has not found."""
        names = {each.name for each in declared} - {each.name for each in found}
        return [each for each in self.known(kind) if each.name in names]

    def known(self, kind: str) -> list[Any]:
        return list(getattr(self.old, kind, ()))

    def has(self, columns: Iterable[str]) -> bool:
        """Whether all of them are columns that fields stand for."""
        return {self.of(name) for name in columns} <= {field.column for field in self.fields}

    def of(self, column: str) -> str:
        return self.renames.get(column, column)

    def renamed_all(self, columns: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.of, columns))

    def renamed(self, check: Check, name: str) -> Check:
        """The condition over the columns' new names."""
        sql = re.sub(r'"([^"]*)"', lambda quoted: f'"{self.of(quoted[1])}"', check.sql)
        columns = frozenset(map(self.of, check.columns))
        return Check(name, sql, check.params, columns, check.alias)
