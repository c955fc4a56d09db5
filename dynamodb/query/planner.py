"""From the constraints of an SQL statement to one way of asking DynamoDB.

SQLite offers what it knows (`column = ?`, `column < ?`, ORDER BY, LIMIT); the planner
answers which of it becomes a GetItem, a BatchGetItem, a Query or a Scan. SQLite checks
every row again, so a plan may deliver too much, never too little.
"""

from __future__ import annotations

from collections.abc import Iterator

from dynamodb.query.offers import Offer, Order
from dynamodb.query.plans import Plan
from dynamodb.tables.index import PRESENT, Index
from dynamodb.tables.table import Table


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
    return not several(index, offer) and all(
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
    """Whether the index holds all that is asked for: a row without one of the sort key's columns
    is not in it, nor a column that is not projected into it."""
    if not all(column in offer.equal for column in index.partition):
        return False
    if index.include is not None:
        projected = {*index.include, *index.keys, *table.key.keys}
        if offer.whole or not offer.used <= projected:
            return False
    return all(not table.by_name[column].null or offer.has_value(column) for column in index.sort)


def score(table: Table, index: Index, offer: Offer) -> tuple[int, ...]:
    """More of these, the earlier the better."""
    equal = compared(index, offer)
    return (
        len(index.partition) + equal,
        sorts(table, index, offer),
        any(column in offer.ranges for column in index.sort[: equal + 1]),
        index.name is None,  # the table itself: consistent, and all of the row
    )


def compared(index: Index, offer: Offer) -> int:
    """How many columns of the sort key, from its first on, are compared by equality."""
    number = 0
    for column in index.sort:
        if column not in offer.equal:
            break
        number += 1
        if column in offer.in_list:
            break
    return number


def sorts(table: Table, index: Index, offer: Offer) -> bool:
    """Whether rows come from the index in the order that is asked for."""
    if not offer.order or not offer.order_known:
        return False
    if several(index, offer) and not merges(index, offer):
        return False
    if not offer.open_terms:
        return True
    run, rest = followed(index, offer)
    if not run:
        return False
    # DynamoDB keeps rows with equal sort keys in no order, and another direction is not its own:
    # those few are sorted here.
    within = {*table.key.keys, *index.sort}
    return decides(table, index, offer, run) or within.issuperset(column for column, _ in rest)


def followed(index: Index, offer: Offer) -> tuple[int, Order]:
    """How many columns of the sort key the order follows in one direction, and what it wants of
    rows that are equal in these."""
    terms, run, done = offer.open_terms, 0, 0
    for position, column in enumerate(index.sort, 1):
        if done < len(terms) and terms[done] == (column, terms[0][1]):
            run, done = position, done + 1
        elif column not in offer.fixed:
            break
    return run, terms[done:]


def several(index: Index, offer: Offer) -> list[int]:
    """Which columns of the partition key are to be one of several values."""
    return [n for n, column in enumerate(index.partition) if column in offer.in_list]


def merges(index: Index, offer: Offer) -> bool:
    """Whether several partitions are had at once; of two lists SQLite makes the pairs."""
    return offer.batch_in and len(several(index, offer)) == 1


def decides(table: Table, index: Index, offer: Offer, run: int) -> bool:
    """Whether no two rows that are read are equal in the sort key's first `run` columns."""
    whole_key = index.name is None and not several(index, offer)
    return whole_key or not table.single_uniques.isdisjoint(index.sort[:run])


def plan_query(table: Table, index: Index, offer: Offer) -> tuple[Plan, list[int]]:
    conditions = list(sort_conditions(index, offer))
    wanted = [*(offer.equal[c] for c in index.partition), *(n for _, n in conditions)]
    operators = tuple(operator for operator, _ in conditions)
    sorted_ = sorts(table, index, offer)
    terms = offer.open_terms if sorted_ else ()
    run, rest = followed(index, offer) if sorted_ else (0, ())
    ties = () if decides(table, index, offer, run) else rest
    query = Plan(
        "query", index, None, operators, bool(terms) and terms[0][1], sorted_, run, ties
    )  # fmt: skip
    if merges(index, offer):
        query = query._replace(kind="each", several=several(index, offer)[0])
    # Sorted otherwise, the rows that LIMIT wants may be anywhere: a small page would be in vain.
    if offer.limit is not None and (sorted_ or not offer.order and offer.order_known):
        return with_limit(query, wanted, offer)
    return query, wanted


def sort_conditions(index: Index, offer: Offer) -> Iterator[tuple[str, int]]:
    """What is asked of the sort key: equality from its first column on, then a range of one.

    Of an IN nothing is asked: it would be a Query for each value, where one Query has them all
    and SQLite picks.
    """
    for column in index.sort:
        if column not in offer.fixed:
            yield from one_bound_each(offer.ranges.get(column, []))
            return
        yield "=", offer.equal[column]


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
    return query._replace(limit=True, offset=offer.offset is not None), wanted + numbers


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
    return offer.used <= {*index.partition, *index.sort[: chosen.equal]}
