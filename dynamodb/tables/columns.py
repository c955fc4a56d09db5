"""A table's columns and indexes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dynamodb.tables.values import CODECS, Decoder, Encoder

PRESENT = "\x00present"  # in an index's condition: any value but NULL


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, and how its values are written to DynamoDB and read."""

    name: str
    sql_type: str
    codec: str
    null: bool = True
    positive: bool = False  # a CHECK (column >= 0)
    references: tuple[str, str] | None = None  # SQL table and column of a foreign key
    hidden: bool = False  # computed for an index; no field stands for it
    collation: str = ""  # by which SQLite compares it, and DynamoDB does not
    digits: tuple[int, int] | None = None  # of a decimal: all of them, those behind the point

    @property
    def declaration(self) -> str:
        """The column in CREATE TABLE."""
        collate = f' COLLATE "{self.collation}"' if self.collation else ""
        return f'"{self.name}" {"HIDDEN " * self.hidden}{self.sql_type}{collate}'

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
    # ASC or DESC, as declared: DynamoDB reads any index both ways.
    orders: tuple[str, ...] = field(default=(), compare=False)

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
