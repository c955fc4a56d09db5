"""A table's columns."""

from __future__ import annotations

from typing import NamedTuple

from dynamodb.tables.values import CODECS, Decoder, Encoder


class Column(NamedTuple):
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
