"""A plan's rows: what is asked of the store, and in which order it is delivered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Set
from itertools import chain
from math import inf
from typing import Any

from django.db.utils import DataError

from dynamodb.query.ordering import by, in_batches, order_of, sort, sorted_by, with_ties
from dynamodb.query.plans import Plan
from dynamodb.query.session import Session
from dynamodb.rows.merging import merged
from dynamodb.rows.reader import is_under
from dynamodb.rows.refusals import IndexMissing
from dynamodb.tables.columns import Column
from dynamodb.tables.index import PRESENT, Index
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import (
    LONGEST_KEY,
    LONGEST_SORT_KEY,
    AttributeValue,
    Item,
    SQLiteValue,
    fits_key,
)

logger = logging.getLogger("dynamodb.indexes")
BATCH = 100  # rows that a join fetches at once
LONGEST = (LONGEST_KEY, LONGEST_SORT_KEY)  # of a primary key's columns


class Fetcher:
    """Asks the store for the rows of one table, as a plan says."""

    def __init__(self, session: Session, table: Table):
        self.session, self.table = session, table
        self.decoders = [(column.name, column.decode) for column in table.columns]

    def fetch(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        """Pages of rows for a plan and its arguments."""
        return FETCHERS[chosen.kind](self, chosen, args)

    def fetch_one(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        key = self.key(args)
        if key is None:
            return iter(())
        self.session.prefetch(self.table, key)
        item = self.session.store.get(self.table, key)
        return iter(([item],)) if item else iter(())

    def fetch_many(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        keys = [key for value in as_set(args[0]) if (key := self.key((value,))) is not None]
        yield self.session.store.get_many(self.table, keys)

    def fetch_unique(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        assert chosen.unique is not None
        columns = [self.table.by_name[name] for name in chosen.unique.columns]
        values = [argument(c, value, inf) for c, value in zip(columns, args, strict=True)]
        found = [value for value in values if value is not None]
        if len(found) == len(values):
            yield self.session.store.by_unique(self.table, chosen.unique, [found])

    def fetch_uniques(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        assert chosen.unique is not None
        column = self.table.by_name[chosen.unique.columns[0]]
        values = [argument(column, value, inf) for value in as_set(args[0])]
        found = [[value] for value in values if value is not None]
        yield self.session.store.by_unique(self.table, chosen.unique, found)

    def fetch_query(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        size = page_size(chosen, args)
        pages = self.fetch_partition(chosen, args, size)
        return with_ties(chosen, pages) if chosen.ties else pages

    def fetch_each(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        """Several partitions: one after the other or, in the order of their sort key, merged."""
        # In the same order each time: a set of texts has another one in each process.
        n = chosen.several
        values = sorted(as_set(args[n]), key=lambda value: (type(value).__name__, value))
        size = page_size(chosen, args)
        if size is not None and chosen.sorted:
            # Each may have all that is wanted; mostly it has its part of it.
            size = min(size, 2 * -(-size // max(1, len(values))))
        parts = [
            self.fetch_partition(chosen, (*args[:n], value, *args[n + 1 :]), size)
            for value in values
        ]
        sort_key = chosen.index.sort if chosen.index and chosen.sorted else ()
        if not sort_key:  # no order is asked for, or one by what is the same in all rows
            return in_batches(chain.from_iterable(parts), min(size or BATCH, BATCH))
        pages = merged(parts, by(sort_key), reverse=chosen.descending)
        return with_ties(chosen, pages) if chosen.ties else pages

    def fetch_partition(
        self, chosen: Plan, args: tuple[Any, ...], size: int | None
    ) -> Iterator[list[Item]]:
        index = chosen.index
        assert index is not None
        values = self.partition(index, args)
        ranges = self.ranges(index, chosen.ranges, args[len(index.partition) :])
        if values is None or ranges is None:
            return iter(())
        pages = self.session.store.query(
            self.table, index, values, ranges,
            descending=chosen.descending, limit=size, counting=chosen.counting,
        )  # fmt: skip
        return self.or_without(pages, chosen, values) if index.name else pages

    def or_without(
        self, pages: Iterator[list[Item]], chosen: Plan, values: tuple[AttributeValue, ...]
    ) -> Iterator[list[Item]]:
        """The pages or, where the table lacks the index, the same rows got in another way."""
        index = chosen.index
        assert index is not None
        try:
            yield from pages
        except IndexMissing as error:
            logger.warning("%s Until then its rows are found in another way.", error)
            rows = (
                item
                for page in self.all_under(index, values)
                for item in page
                if is_under(item, index, values) and self.table.meets(item, index.condition)
            )
            yield sort(list(rows), tuple((column, chosen.descending) for column in index.sort))

    def all_under(self, index: Index, values: tuple[AttributeValue, ...]) -> Iterator[list[Item]]:
        """Rows with these values of the index's partition key, and maybe others: by another index
        that has them all, else by a Scan, if the policy allows."""
        table, store = self.table, self.session.store
        for other in (table.key, *table.indexes):
            has_all = not any(table.by_name[column].null for column in other.sort)
            whole = other.include is None and not other.condition
            same = other.partition == (index.hash,) and other.name != index.name
            if same and has_all and whole:
                try:
                    yield from store.query(table, other, values[:1])
                except IndexMissing:
                    continue
                return
        yield from store.scan(table)

    def fetch_sparse(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        index, (begin, middle) = chosen.index, chosen.arguments
        args = tuple(args[position] for position in chosen.positions)
        assert index and chosen.then and chosen.otherwise
        expected = [(c, value) for c, value in index.condition if value is not PRESENT]
        for (name, value), given in zip(expected, args, strict=False):
            column = self.table.by_name[name]
            if argument(column, given) != column.encode(value):
                pages = self.fetch(chosen.otherwise, args[middle:])
                in_order = not chosen.sorted or chosen.otherwise.sorted
                return pages if in_order else sorted_by(order_of(chosen.then), pages)
        return self.fetch(chosen.then, args[begin:middle])

    def fetch_all(self, chosen: Plan, args: tuple[Any, ...]) -> Iterator[list[Item]]:
        return self.session.store.scan(
            self.table, page_size(chosen, args), counting=chosen.counting
        )

    def key(self, args: tuple[Any, ...]) -> Key | None:
        values = [
            argument(self.table.by_name[name], value, longest)
            for name, value, longest in zip(self.table.key.keys, args, LONGEST, strict=False)
        ]
        if None in values:
            return None
        return tuple(next(iter(value.values())) for value in values if value)

    def partition(self, index: Index, args: tuple[Any, ...]) -> tuple[AttributeValue, ...] | None:
        """The values of the partition key; None where no row can have them."""
        found = [
            argument(self.table.by_name[column], value)
            for column, value in zip(index.partition, args, strict=False)
        ]
        values = tuple(value for value in found if value is not None)
        return values if len(values) == len(found) else None

    def ranges(
        self, index: Index, operators: tuple[str, ...], args: tuple[Any, ...]
    ) -> tuple[tuple[str, AttributeValue], ...] | None:
        """The conditions on the sort key; None where none can be met."""
        found = []
        equal = operators.count("=")
        columns = (*index.sort[:equal], *index.sort[equal : equal + 1] * 2)  # of two bounds
        for column, operator, value in zip(columns, operators, args, strict=False):
            if value is None:
                return None
            encoded = argument(self.table.by_name[column], value)
            if encoded is not None and fits_key(encoded, LONGEST_SORT_KEY):
                found.append((operator, encoded))
            elif operator == "=":
                return None
        return tuple(found)


def argument(
    column: Column, value: SQLiteValue, longest: float = LONGEST_KEY
) -> AttributeValue | None:
    """A value to compare a key column with; None where it can equal nothing in it."""
    if value is None:
        return None
    if column.attribute_type == "N" and isinstance(value, bytes):
        return None
    try:
        attribute = column.encode(value)
    except (DataError, ValueError):
        return None
    return attribute if fits_key(attribute, longest) else None


def as_set(given: SQLiteValue | set[SQLiteValue] | frozenset[SQLiteValue]) -> Set[SQLiteValue]:
    """The values of an IN; SQLite gives a list of one as that value."""
    return given if isinstance(given, set | frozenset) else {given}


def page_size(chosen: Plan, args: tuple[Any, ...]) -> int | None:
    """How many rows the statement will take at most, limit and offset together, and with ties
    the one behind them, which shows that the last of them is the last of its kind."""
    if not chosen.limit:
        return None
    size = sum(args[-2:]) if chosen.offset else args[-1]
    return int(size) + bool(chosen.ties) if 0 < size <= 10_000 else None


FETCHERS: dict[str, Callable[[Fetcher, Plan, tuple[Any, ...]], Iterator[list[Item]]]] = {
    "get": Fetcher.fetch_one,
    "many": Fetcher.fetch_many,
    "unique": Fetcher.fetch_unique,
    "uniques": Fetcher.fetch_uniques,
    "each": Fetcher.fetch_each,
    "query": Fetcher.fetch_query,
    "sparse": Fetcher.fetch_sparse,
    "scan": Fetcher.fetch_all,
}
