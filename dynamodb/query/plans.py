"""One way of asking DynamoDB for rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dynamodb.query.offers import Order
from dynamodb.tables.index import Index
from dynamodb.tables.table import Table, Unique


class Plan(NamedTuple):
    """How to fetch: `kind` is get, many, unique, uniques, query, each, scan or sparse.

    `many`, `uniques` and `each` are get, unique and query for a set of values at once.

    The arguments come in the order: key values (or the set of them), values of the conditions
    `ranges` on the sort key, from its first column on, then the limit and the offset if `limit`
    and `offset`.

    A sparse plan has the values of its index's condition first. If they are the
    condition's own, `then` is carried out with the arguments that follow, else
    `otherwise` with those behind them.
    """

    kind: str
    index: Index | None = None  # type: ignore[assignment]  # tuples have a method of this name
    unique: Unique | None = None
    ranges: tuple[str, ...] = ()
    descending: bool = False
    sorted: bool = False  # rows come as ORDER BY wants them
    run: int = 0  # how many columns of the sort key ORDER BY follows
    ties: Order = ()  # how ORDER BY wants rows that are equal in these
    limit: bool = False
    offset: bool = False
    then: Plan | None = None
    otherwise: Plan | None = None
    arguments: tuple[int, int] = (0, 0)  # of a sparse plan: where `then` and `otherwise` begin
    positions: tuple[int, ...] = ()  # of a sparse plan: its arguments among those that come
    several: int = 0  # of `each`: which argument is the set of values
    counting: bool = False  # rows are only counted: DynamoDB sends their number

    def describe(self, table: Table) -> str:
        """The call in words, for EXPLAIN."""
        if self.counting:
            return f"{self._replace(counting=False).describe(table)} (count only)"
        if self.kind == "scan":
            return f"Scan of all {table.name}"
        if self.then and self.otherwise:
            return f"{self.then.describe(table)}, or {self.otherwise.describe(table)}"
        if self.kind in ("query", "each") and self.index:
            order = " descending" if self.descending else ""
            source = f"{table.name} {self.index.name or 'by its key'}"
            ties = ", equal ones sorted here" if self.ties else ""
            return f"Query {source}: {' '.join(self.conditions(self.index))}{order}{ties}"
        names = {
            "get": "GetItem",
            "many": "BatchGetItem",
            "unique": "GetItem by unique value",
            "uniques": "BatchGetItem by unique values",
        }
        return f"{names[self.kind]} {table.name}"

    @property
    def equal(self) -> int:
        """How many columns of the sort key are compared by equality."""
        return self.ranges.count("=")

    def conditions(self, index: Index) -> Iterator[str]:
        for n, column in enumerate(index.partition):
            several = self.kind == "each" and n == self.several
            yield f"{column} = each of several" if several else f"{column} ="
        for column in index.sort[: self.equal]:
            yield f"{column} ="
        if bounds := self.ranges[self.equal :]:
            yield f"{index.sort[self.equal]} {', '.join(bounds)}"


# By which SQLite puts the tables of a join in order: what each plan costs, and how many rows it is
# likely to give. Only their order matters; a Scan must lose against anything.
COSTS = {
    "get": (1.0, 1),
    "unique": (2.0, 1),
    "many": (5.0, 25),
    "uniques": (6.0, 25),
    "query": (10.0, 20),
    "each": (20.0, 60),
    "sparse": (8.0, 20),
    "scan": (1e6, 100_000),
}
