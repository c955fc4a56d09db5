"""The order in which a plan delivers its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dynamodb.query.offers import Order
from dynamodb.query.plans import Plan
from dynamodb.tables.values import Item, sort_value


def order_of(chosen: Plan) -> Order:
    """The order in which a sorted plan delivers."""
    columns = chosen.index.sort[: chosen.run] if chosen.index else ()
    return (*((column, chosen.descending) for column in columns), *chosen.ties)


def sorted_by(order: Order, pages: Iterable[list[Item]]) -> Iterator[list[Item]]:
    """All rows as one page, in that order; rows without one of the values are not wanted."""
    rows = [item for page in pages for item in page if all(column in item for column, _ in order)]
    yield sort(rows, order)


def sort(rows: list[Item], order: Order) -> list[Item]:
    for column, descending in reversed(order):
        rows.sort(key=by((column,)), reverse=descending)
    return rows


def by(columns: tuple[str, ...]) -> Callable[[Item], Any]:
    return lambda item: tuple(sort_value(item[column]) for column in columns)


def with_ties(chosen: Plan, pages: Iterator[list[Item]]) -> Iterator[list[Item]]:
    """Rows that are equal in what the order follows in the order that is asked for, as soon as
    one comes that is not: then there are no more of them."""
    assert chosen.index
    key = by(chosen.index.sort[: chosen.run])
    alike: list[Item] = []
    for page in pages:
        ready: list[Item] = []
        for item in page:
            if alike and key(item) != key(alike[0]):
                ready += sort(alike, chosen.ties)
                alike = []
            alike.append(item)
        if ready:
            yield ready
    yield sort(alike, chosen.ties)


def in_batches(pages: Iterator[list[Item]], enough: int) -> Iterator[list[Item]]:
    """Small pages together, until there are enough rows for one: a join looks ahead on a page, to
    fetch at once what it will want."""
    batch: list[Item] = []
    for page in pages:
        batch += page
        if len(batch) >= enough:
            yield batch
            batch = []
    yield batch
