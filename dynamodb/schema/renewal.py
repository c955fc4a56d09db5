"""What an operation makes of a table's rows, each by itself.

A run that was interrupted is begun again over rows of which some are rewritten already. Those are
told by what they have: the attribute under its new name, or of its new type. Where that would not
tell (a JSON text is a text), the row carries a mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.utils import DatabaseError

from dynamodb.schema.conversion import convert, same_type
from dynamodb.tables.columns import Column
from dynamodb.tables.table import Table
from dynamodb.tables.values import AttributeValue, Item

MARK = Column("_renewed", "text", "text")  # names the operation that has rewritten the row


@dataclass(frozen=True)
class Renewal:
    """From a table as it was to the table as it shall be."""

    old: Table
    new: Table
    sources: Mapping[str, str] = field(default_factory=dict)  # a column's name of before
    fills: Mapping[str, Any] = field(default_factory=dict)  # SQLite's value in place of NULL

    def source(self, column: Column) -> Column | None:
        """The old table's column that it is made of; None for one that is new."""
        found = self.old.by_name.get(self.sources.get(column.name, column.name))
        if found is not None and found.hidden > column.hidden and not same_type(found, column):
            return None  # a primary key that was removed, and now one of another type
        return found

    @cached_property
    def kept(self) -> list[Column]:
        """Columns that are not computed from others."""
        computed = {check.name for check in self.new.generated}
        return [column for column in self.new.columns if column.name not in computed]

    @cached_property
    def both(self) -> Table:
        """The new table with the columns that go, for the write of a row."""
        names = {column.name for column in self.new.columns}
        gone = [column for column in self.old.columns if column.name not in names]
        return replace(self.new, columns=[*self.new.columns, *gone, MARK], uniques=[])

    @cached_property
    def touched(self) -> frozenset[str]:
        """Columns that may have other values than before."""
        found = {column.name for column in self.kept if not self.untouched(column)}
        before = {check.name: check.definition for check in self.old.generated}
        for check in self.new.generated:
            if before.get(check.name) != check.definition or not found.isdisjoint(check.columns):
                found.add(check.name)
        return frozenset(found)

    def untouched(self, column: Column) -> bool:
        source = self.source(column)
        same = source is not None and source.name == column.name and same_type(source, column)
        return same and column.name not in self.fills

    @cached_property
    def token(self) -> str:
        """What a mark says: another one for each way from type to type."""
        moves = (
            f"{column.name}: {source.name} {source.codec} {source.sql_type}, "
            f"{column.codec} {column.sql_type}"
            for column in self.kept
            if (source := self.source(column)) and not self.untouched(column)
        )
        return "; ".join(moves)

    def renewed(self, row: Item) -> Item:
        """The row as the new table has it. Raises DataError, or IntegrityError for what should be
        JSON, if a value does not fit its column."""
        token = {"S": self.token}
        if not self.token:
            return self.made_of(row)
        if row.get(MARK.name) == token:
            return {
                **self.completed({c.name: row.get(c.name) for c in self.kept}),
                MARK.name: token,
            }
        item = self.made_of(row)
        try:
            tells = self.made_of(item) == item
        except DatabaseError:
            tells = False
        return item if tells else {**item, MARK.name: token}

    def made_of(self, row: Item) -> Item:
        return self.completed({column.name: self.value(row, column) for column in self.kept})

    def completed(self, found: Mapping[str, AttributeValue | None]) -> Item:
        """With the columns that are computed."""
        return self.new.complete({name: v for name, v in found.items() if v is not None})

    def value(self, row: Item, column: Column) -> AttributeValue | None:
        """One attribute of the new row."""
        found, source = row.get(column.name), self.source(column)
        if source is not None:
            found = row.get(source.name, found)
            if found is not None and is_of(found, source) and not same_type(source, column):
                found = column.encode(convert(source.decode(found), source, column))
        elif found is not None and not is_of(found, column):
            found = None
        if found is None and column.name in self.fills:
            found = column.encode(self.fills[column.name])
        return found


def is_of(attribute: AttributeValue, column: Column) -> bool:
    """Whether the column can read it; JSON is of any type."""
    return column.codec == "json" or column.attribute_type in attribute
