"""What a table promises of its rows and the rows that are there must keep, before it may."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.db.utils import IntegrityError

from dynamodb.rows.refusals import duplicate, duplicate_key
from dynamodb.schema.renewal import Renewal
from dynamodb.tables.columns import Column
from dynamodb.tables.table import Check, Key, Table, Unique
from dynamodb.tables.values import Item


class Promises:
    """Those that are new, and those over columns that change. The others held when they were made;
    rows that code of before has written since (without a column that it does not know) stop no
    migration that has nothing to do with them."""

    def __init__(self, renewal: Renewal):
        self.renewal, self.table = renewal, renewal.new

    @cached_property
    def required(self) -> list[Column]:
        return [column for column in self.table.columns if not column.null and self.differs(column)]

    @cached_property
    def positive(self) -> list[Column]:
        return [each for each in self.table.columns if each.positive and self.differs(each)]

    @cached_property
    def checks(self) -> list[Check]:
        known = {check.definition for check in self.renewal.old.checks}
        return [
            check
            for check in self.table.checks
            if check.definition not in known or self.touches(check.columns)
        ]

    @cached_property
    def uniques(self) -> list[Unique]:
        known = {unique.definition for unique in self.renewal.old.uniques}
        return [
            unique
            for unique in self.table.uniques
            if unique.definition not in known or self.touches(unique.depends_on)
        ]

    def touches(self, columns: Iterable[str]) -> bool:
        return not self.renewal.touched.isdisjoint(columns)

    def differs(self, column: Column) -> bool:
        """Whether it promises what the column of before did not, or has other values."""
        source = self.renewal.source(column)
        if source is None or column.name in self.renewal.touched:
            return True
        return (source.null and not column.null) or column.positive > source.positive

    def __bool__(self) -> bool:
        return bool(self.required or self.positive or self.checks or self.uniques)

    def check(self, rows: Iterable[Item]) -> None:
        """Raise IntegrityError, in SQLite's words, for the first row that breaks one."""
        seen: set[str] = set()
        for row in rows:
            self.check_row(row)
            for guard, unique in self.table.guards_of(self.uniques, row).items():
                if guard in seen:
                    raise duplicate(self.table, unique)
                seen.add(guard)

    def check_row(self, row: Item) -> None:
        name = self.table.sql_name
        for column in self.required:
            if column.name not in row:
                raise IntegrityError(f"NOT NULL constraint failed: {name}.{column.name}")
        for column in self.positive:
            if row.get(column.name, {"N": "0"})["N"][0] == "-":
                raise IntegrityError(f"CHECK constraint failed: {name}.{column.name} >= 0")
        for check in self.checks:
            if check.violated(self.table, row):
                raise IntegrityError(f"CHECK constraint failed: {check.name}")


def check_keys(table: Table, rows: Iterable[Item]) -> None:
    """Raise IntegrityError for a row without a primary key, or with another's."""
    seen: set[Key] = set()
    for row in rows:
        for name in table.key.keys:
            if name not in row:
                raise IntegrityError(f"NOT NULL constraint failed: {table.sql_name}.{name}")
        key = table.key_of(row)
        if key in seen:
            raise duplicate_key(table)
        seen.add(key)
