"""What SQLite offers to do for one table: the constraints of a statement, its order and limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import apsw

from dynamodb.tables.table import NUMERIC, Table

ORDERS = ("BINARY", NUMERIC)  # collations that are DynamoDB's order, too
Order = tuple[tuple[str, bool], ...]  # columns, and whether they descend
EQ = apsw.SQLITE_INDEX_CONSTRAINT_EQ
LIMIT = apsw.SQLITE_INDEX_CONSTRAINT_LIMIT
NOT_NULL = apsw.SQLITE_INDEX_CONSTRAINT_ISNOTNULL
OFFSET = apsw.SQLITE_INDEX_CONSTRAINT_OFFSET
OPERATORS = {
    EQ: "=",
    apsw.SQLITE_INDEX_CONSTRAINT_GT: ">",
    apsw.SQLITE_INDEX_CONSTRAINT_GE: ">=",
    apsw.SQLITE_INDEX_CONSTRAINT_LT: "<",
    apsw.SQLITE_INDEX_CONSTRAINT_LE: "<=",
}


@dataclass(eq=False, repr=False)
class Offer:
    """What SQLite offers for one table: constraint numbers by column and operator."""

    equal: dict[str, int]
    ranges: dict[str, list[tuple[str, int]]]
    order: list[tuple[str, bool]]  # column, descending
    order_known: bool  # every ORDER BY term is a column of this table
    limit: int | None
    offset: int | None
    in_list: set[str]  # columns whose "=" is really an IN
    used: set[str]  # columns of which the statement wants to know the values
    whole: bool  # rows are wanted whole, to be changed or locked
    present: set[str] = field(default_factory=set)  # columns that IS NOT NULL is said of
    batch_in: bool = True  # the values of an IN can be had at once

    @cached_property
    def fixed(self) -> set[str]:
        """Columns that are the same in all rows."""
        return set(self.equal) - self.in_list

    @cached_property
    def open_terms(self) -> Order:
        """What is ordered by, without columns that are the same in all rows."""
        return tuple((column, desc) for column, desc in self.order if column not in self.fixed)

    def has_value(self, column: str) -> bool:
        """Whether a row can only be wanted if it has a value there."""
        return column in self.equal or column in self.ranges or column in self.present


def read_offer(table: Table, info: apsw.IndexInfo, *, whole: bool, batch_in: bool) -> Offer:
    used = {column.name for n, column in enumerate(table.columns) if n in info.colUsed}
    offer = Offer({}, {}, [], True, None, None, set(), used, whole, batch_in=batch_in)
    for n in range(info.nConstraint):
        if not info.get_aConstraint_usable(n):
            continue
        op = info.get_aConstraint_op(n)
        if op == LIMIT:
            offer.limit = n
        elif op == OFFSET:
            offer.offset = n
        elif op == NOT_NULL and info.get_aConstraint_iColumn(n) >= 0:
            offer.present.add(table.columns[info.get_aConstraint_iColumn(n)].name)
        elif op in OPERATORS and info.get_aConstraint_collation(n) in ORDERS:
            # Under another collation 'a' equals 'A', which no index of DynamoDB knows.
            position = info.get_aConstraint_iColumn(n)
            if position < 0:
                continue
            read_constraint(offer, table.columns[position].name, op, n, info)
    for n in range(info.nOrderBy):
        position = info.get_aOrderBy_iColumn(n)
        if position < 0 or table.columns[position].collation:
            offer.order_known = False
        else:
            offer.order.append((table.columns[position].name, info.get_aOrderBy_desc(n)))
    return offer


def read_constraint(offer: Offer, column: str, op: int, n: int, info: apsw.IndexInfo) -> None:
    if op != EQ:
        offer.ranges.setdefault(column, []).append((OPERATORS[op], n))
        return
    is_list = info.get_aConstraintUsage_in(n)
    if column in offer.equal and (is_list or column not in offer.in_list):
        return  # one value is better than a list of them
    offer.equal[column] = n
    offer.in_list.discard(column)
    if is_list:
        offer.in_list.add(column)
