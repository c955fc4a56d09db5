"""From the constraints of an SQL statement to one way of asking DynamoDB.

SQLite offers what it knows (`column = ?`, `column < ?`, ORDER BY, LIMIT); the planner
answers which of it becomes a GetItem, a BatchGetItem, a Query or a Scan. SQLite checks
every row again, so a plan may deliver too much, never too little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dynamodb.query.offers import Offer
from dynamodb.tables.columns import PRESENT, Index
from dynamodb.tables.table import Table, Unique

Order = tuple[tuple[str, bool], ...]  # columns, and whether they descend


@dataclass(frozen=True)
class Plan:
    """How to fetch: `kind` is get, many, unique, uniques, query, each, scan or sparse.

    `many`, `uniques` and `each` are get, unique and query for a set of values at once.

    The arguments come in the order: key values (or the set of them), values of the
    range conditions `ranges`, then the limit and the offset if `limit` and `offset`.

    A sparse plan has the values of its index's condition first. If they are the
    condition's own, `then` is carried out with the arguments that follow, else
    `otherwise` with those behind them.
    """

    kind: str
    index: Index | None = None
    unique: Unique | None = None
    ranges: tuple[str, ...] = ()
    descending: bool = False
    sorted: bool = False  # rows come as ORDER BY wants them
    ties: Order = ()  # of the primary key: how ORDER BY wants rows with equal sort keys
    limit: bool = False
    offset: bool = False
    then: Plan | None = None
    otherwise: Plan | None = None
    arguments: tuple[int, int] = (0, 0)  # of a sparse plan: where `then` and `otherwise` begin
    positions: tuple[int, ...] = ()  # of a sparse plan: its arguments among those that come
    counting: bool = False  # rows are only counted: DynamoDB sends their number

    def describe(self, table: Table) -> str:
        """The call in words, for EXPLAIN."""
        if self.counting:
            return f"{replace(self, counting=False).describe(table)} (count only)"
        if self.kind == "scan":
            return f"Scan of all {table.name}"
        if self.then and self.otherwise:
            return f"{self.then.describe(table)}, or {self.otherwise.describe(table)}"
        if self.kind in ("query", "each") and self.index:
            order = " descending" if self.descending else ""
            where = f" {self.index.range} {', '.join(self.ranges)}" if self.ranges else ""
            source = f"{table.name} {self.index.name or 'by its key'}"
            equals = "=" if self.kind == "query" else "= each of several"
            return f"Query {source}: {self.index.hash} {equals}{where}{order}"
        names = {
            "get": "GetItem",
            "many": "BatchGetItem",
            "unique": "GetItem by unique value",
            "uniques": "BatchGetItem by unique values",
        }
        return f"{names[self.kind]} {table.name}"


def plan(table: Table, offer: Offer) -> tuple[Plan, list[int]]:
    """The plan, and the numbers of the constraints it wants as arguments, in order."""
    key = table.key
    # A whole key or a unique value is one row at most, read consistently: no index is better.
    if all(name in offer.equal for name in key.keys):
        if key.range is None and key.hash in offer.in_list and offer.batch_in:
            return Plan("many"), [offer.equal[key.hash]]
        return Plan("get"), [offer.equal[name] for name in key.keys]
    for unique in table.uniques:
        if unique.plain and all(name in offer.equal for name in unique.columns):
            several = len(unique.columns) == 1 and unique.columns[0] in offer.in_list
            kind = "uniques" if several and offer.batch_in else "unique"
            return Plan(kind, unique=unique), [offer.equal[name] for name in unique.columns]
    sparse = [index for index in table.sparse if conditions_offered(index, offer)]
    # That a column is not NULL the statement says itself. That it equals the index's value shows
    # only when the parameter is there, after the plan is made: such a plan has two ways.
    certain = [index for index in sparse if not tested(index)]
    full = [index for index in (key, *table.indexes) if not index.condition]
    found = plan_by(table, [*full, *certain], offer)
    for index in sparse:
        if tested(index) and usable(table, index, offer) and serves(table, index, found[0], offer):
            return plan_sparse(table, index, found, offer)
    return found


def tested(index: Index) -> list[str]:
    """The columns of a condition whose values are to be compared, once they are known."""
    return [column for column, value in index.condition if value is not PRESENT]


def serves(table: Table, index: Index, other: Plan, offer: Offer) -> bool:
    """Whether a sparse index does as well as another plan; it has fewer rows, then."""
    if other.index is None:
        return True
    return score(table, index, offer)[:3] >= score(table, other.index, offer)[:3]


def plan_by(table: Table, indexes: list[Index], offer: Offer) -> tuple[Plan, list[int]]:
    """A Query on the best of the indexes, else a Scan."""
    best = max(
        (index for index in indexes if usable(table, index, offer)),
        key=lambda index: score(table, index, offer),
        default=None,
    )
    if best is not None:
        return plan_query(table, best, offer)
    if not offer.order and offer.order_known and offer.limit is not None:
        return with_limit(Plan("scan"), [], offer)
    return Plan("scan"), []


def conditions_offered(index: Index, offer: Offer) -> bool:
    """Whether the statement says something of each column of the condition."""
    return index.hash not in offer.in_list and all(
        (column in offer.equal and column not in offer.in_list)
        or (value is PRESENT and offer.has_value(column))
        for column, value in index.condition
    )


def plan_sparse(
    table: Table, index: Index, fallback: tuple[Plan, list[int]], offer: Offer
) -> tuple[Plan, list[int]]:
    """The sparse index, if the values turn out to be those of its condition."""
    compared = [offer.equal[column] for column in tested(index)]
    then, wanted = plan_query(table, index, offer)
    otherwise, others = fallback
    begin = len(compared)
    plan = Plan(
        "sparse", index, sorted=then.sorted, then=then,
        otherwise=otherwise, arguments=(begin, begin + len(wanted)),
    )  # fmt: skip
    return plan, [*compared, *wanted, *others]


def usable(table: Table, index: Index, offer: Offer) -> bool:
    """Whether the index holds all that is asked for: a row without the sort key is not in
    it, nor a column that is not projected into it."""
    if index.hash not in offer.equal:
        return False
    if index.include is not None:
        projected = {*index.include, *index.keys, *table.key.keys}
        if offer.whole or not offer.used <= projected:
            return False
    if index.range is None or not table.by_name[index.range].null:
        return True
    return offer.has_value(index.range)


def score(table: Table, index: Index, offer: Offer) -> tuple[bool, ...]:
    """More of these, the earlier the better."""
    return (
        index.range in offer.equal,
        sorts(table, index, offer),
        index.range in offer.ranges,
        index.name is None,  # the table itself: consistent, and all of the row
    )


def sorts(table: Table, index: Index, offer: Offer) -> bool:
    """Whether rows come from the index in the order that is asked for."""
    if not offer.order or not offer.order_known or several(index, offer) and not offer.batch_in:
        return False
    terms = open_terms(offer)
    if not terms:
        return True
    if terms[0][0] != index.range:
        return False
    # DynamoDB keeps rows with equal sort keys in no order: those few are sorted here.
    return decides(table, index, offer) or all(column in table.key.keys for column, _ in terms[1:])


def open_terms(offer: Offer) -> Order:
    """What is ordered by, without columns that are the same in all rows."""
    fixed = set(offer.equal) - offer.in_list
    return tuple((column, desc) for column, desc in offer.order if column not in fixed)


def several(index: Index, offer: Offer) -> bool:
    """Whether rows come out of several partitions."""
    return index.hash in offer.in_list


def decides(table: Table, index: Index, offer: Offer) -> bool:
    """Whether no two rows that are read have the same sort key."""
    whole_key = index.name is None and not several(index, offer)
    return index.range in table.single_uniques or whole_key


def plan_query(table: Table, index: Index, offer: Offer) -> tuple[Plan, list[int]]:
    wanted, operators = [offer.equal[index.hash]], []
    if index.range in offer.equal and index.range not in offer.in_list:
        # Of an IN on the sort key nothing is asked: it would be a Query for each value, where one
        # Query has them all and SQLite picks.
        wanted.append(offer.equal[index.range])
        operators.append("=")
    elif index.range is not None:
        for operator, n in one_bound_each(offer.ranges.get(index.range, [])):
            wanted.append(n)
            operators.append(operator)
    sorted_ = sorts(table, index, offer)
    terms = open_terms(offer) if sorted_ else ()
    descending = bool(terms) and terms[0][1]
    ties = () if decides(table, index, offer) else terms[1:]
    kind = "each" if several(index, offer) and offer.batch_in else "query"
    query = Plan(kind, index, None, tuple(operators), descending, sorted_, ties)
    # Sorted otherwise, the rows that LIMIT wants may be anywhere: a small page would be in vain.
    if offer.limit is not None and (sorted_ or not offer.order and offer.order_known):
        return with_limit(query, wanted, offer)
    return query, wanted


def one_bound_each(ranges: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """At most one lower and one upper bound: all that a Query takes."""
    for bound in (">", "<"):
        first = next((r for r in ranges if r[0][0] == bound), None)
        if first:
            yield first


def with_limit(query: Plan, wanted: list[int], offer: Offer) -> tuple[Plan, list[int]]:
    """The limit is only a hint at the size of a page: SQLite applies it."""
    assert offer.limit is not None
    numbers = [offer.limit] + ([offer.offset] if offer.offset is not None else [])
    return replace(query, limit=True, offset=offer.offset is not None), wanted + numbers


def filtered(offer: Offer, wanted: list[int]) -> str:
    """For EXPLAIN: columns that are compared only after the rows have come."""
    compared = {column: [n] for column, n in offer.equal.items()}
    for column, bounds in offer.ranges.items():
        compared.setdefault(column, []).extend(n for _, n in bounds)
    rest = [column for column, numbers in compared.items() if not set(numbers) & set(wanted)]
    return f", filtered by {', '.join(sorted(rest))}" if rest else ""


def counts_only(chosen: Plan, offer: Offer) -> bool:
    """Whether the statement looks at nothing of the rows but the key values it gave itself.

    DynamoDB then sends their number in place of them; it reads, and bills, the same.
    """
    if offer.whole:
        return False
    if chosen.kind == "scan":
        return not offer.used
    if chosen.kind not in ("query", "each") or chosen.index is None:
        return False
    index = chosen.index
    fixed = index.keys if chosen.ranges == ("=",) else (index.hash,)
    return offer.used <= set(fixed)


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
