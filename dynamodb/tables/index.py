"""Global secondary indexes, and the table's own key, which is looked up as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

PRESENT = "\x00present"  # in an index's condition: any value but NULL
MOST = 4  # attributes of a partition key, and of a sort key: DynamoDB's bound
KEY_TYPES = ("S", "N", "B")
KEYS = 2  # attributes of an index as every DynamoDB had them until November 2025


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
    more_hashes: tuple[str, ...] = ()  # the partition key's further attributes
    more_ranges: tuple[str, ...] = ()  # the sort key's

    @cached_property
    def partition(self) -> tuple[str, ...]:
        """The columns that a Query compares by equality, all of them."""
        return (self.hash, *self.more_hashes)

    @cached_property
    def sort(self) -> tuple[str, ...]:
        """The columns that rows of a partition are in order of, from left to right."""
        return () if self.range is None else (self.range, *self.more_ranges)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return (*self.partition, *self.sort)

    @cached_property
    def hash_attribute(self) -> str:
        """The partition key's attribute; with a condition one that only its rows have."""
        return f"_{self.name}" if self.condition else self.hash

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        return (self.hash_attribute, *self.keys[1:])

    @property
    def key_schema(self) -> list[dict[str, str]]:
        """As DynamoDB is told it."""
        kinds = ("HASH",) * len(self.partition) + ("RANGE",) * len(self.sort)
        return [
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(self.attributes, kinds, strict=True)
        ]

    @property
    def has_several(self) -> bool:
        """Whether its partition or its sort key has more than one attribute."""
        return bool(self.more_hashes or self.more_ranges)

    def narrow(self) -> Index:
        """With one attribute a key."""
        return replace(self, more_hashes=(), more_ranges=(), orders=self.orders[:KEYS])

    def shortened(self) -> Iterator[Index]:
        """The forms of fewer attributes in which a table may have it."""
        yield self.narrow()
        for length in range(1, len(self.sort)):
            orders = self.orders[: len(self.partition) + length]
            yield replace(self, more_ranges=self.sort[1:length], orders=orders)


def index_of(name: str | None, partition: tuple[str, ...], sort: tuple[str, ...]) -> Index:
    """An index of these columns."""
    first = sort[0] if sort else None
    return Index(name, partition[0], first, more_hashes=partition[1:], more_ranges=sort[1:])


class Describing(Protocol):
    """The control plane, of which tables ask one thing."""

    def describe(self, name: str) -> dict[str, Any] | None:
        """DynamoDB's description of a table (full name); None if there is none."""
        ...


class Controlled(Protocol):
    """A connection, as far as indexes know it."""

    @property
    def control(self) -> Describing:
        """What makes and describes tables."""
        ...


def as_it_is(connection: Controlled, table_name: str, indexes: list[Index]) -> list[Index]:
    """Indexes with as many attributes a key as the table in DynamoDB has them with: it may have
    been made when there was one each. DescribeTable, if one of them has several."""
    if not any(index.has_several for index in indexes):
        return indexes
    description = connection.control.describe(table_name) or {}
    found = {
        each["IndexName"]: each["KeySchema"]
        for each in description.get("GlobalSecondaryIndexes", ())
    }

    def form(index: Index) -> Index:
        schema = found.get(index.name)
        return next((short for short in index.shortened() if short.key_schema == schema), index)

    return [form(index) for index in indexes]
