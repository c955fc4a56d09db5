"""From what SQLite offers to one way of asking DynamoDB."""

from typing import Any

import pytest

from dynamodb.query.offers import Offer
from dynamodb.query.planner import plan
from dynamodb.rows.reader import is_under
from dynamodb.tables.columns import Column
from dynamodb.tables.index import PRESENT, Index, index_of
from dynamodb.tables.table import Table, Unique

NULLABLE = Index("by_made", "shelf", "made")
FULL = Index("by_stock", "shelf", "stock")
TABLE = Table(
    "t",
    "t",
    [
        Column("id", "text", "text", null=False),
        Column("shelf", "text", "key text", null=False),
        Column("made", "datetime", "text", null=True),
        Column("stock", "integer", "integer", null=False),
        Column("code", "text", "text"),
    ],
    Index(None, "id"),
    indexes=[NULLABLE, FULL],
    uniques=[Unique(("code",))],
)


def offer(**given: Any) -> Offer:
    found = Offer({}, {}, [], True, None, None, set(), used=set(), whole=False)
    for name, value in given.items():
        setattr(found, name, value)
    return found


def planned(**given: Any) -> tuple[str, str | None, tuple[str, ...], bool, bool, bool, list[int]]:
    chosen, wanted = plan(TABLE, offer(**given))
    index = chosen.index.name if chosen.index else None
    return (
        chosen.kind, index, chosen.ranges, chosen.descending, chosen.sorted, chosen.limit, wanted
    )  # fmt: skip


SHELF = {"shelf": 0}
LATER = {"made": [(">", 1)]}
CASES: list[tuple[dict[str, Any], Any]] = [
    ({}, ("scan", None, (), False, False, False, [])),
    ({"limit": 3}, ("scan", None, (), False, False, True, [3])),
    ({"limit": 3, "order": [("made", False)]}, ("scan", None, (), False, False, False, [])),
    ({"equal": {"id": 0}}, ("get", None, (), False, False, False, [0])),
    ({"equal": {"id": 0}, "in_list": {"id"}}, ("many", None, (), False, False, False, [0])),
    ({"equal": {"code": 2}}, ("unique", None, (), False, False, False, [2])),
    ({"equal": SHELF}, ("query", "by_stock", (), False, False, False, [0])),
    ({"equal": SHELF, "ranges": LATER}, ("query", "by_made", (">",), False, False, False, [0, 1])),
    ({"equal": SHELF, "order": [("made", False)]},
     ("query", "by_stock", (), False, False, False, [0])),
    ({"equal": SHELF, "order": [("stock", True)], "limit": 5},
     ("query", "by_stock", (), True, True, True, [0, 5])),
    ({"equal": SHELF, "order": [("stock", False), ("id", True)], "limit": 5},
     ("query", "by_stock", (), False, True, True, [0, 5])),
    ({"equal": SHELF, "order": [("stock", False), ("title", False)], "limit": 5},
     ("query", "by_stock", (), False, False, False, [0])),
    ({"equal": SHELF, "ranges": LATER, "order": [("made", True)], "limit": 5, "offset": 6},
     ("query", "by_made", (">",), True, True, True, [0, 1, 5, 6])),
    ({"equal": {"shelf": 0, "made": 1}}, ("query", "by_made", ("=",), False, False, False, [0, 1])),
    ({"equal": {"shelf": 0, "made": 1}, "in_list": {"made"}},
     ("query", "by_made", (), False, False, False, [0])),
    ({"equal": SHELF, "in_list": {"shelf"}, "order": [("stock", False)]},
     ("each", "by_stock", (), False, True, False, [0])),
    ({"equal": SHELF, "in_list": {"shelf"}, "order": [("stock", False)], "batch_in": False},
     ("query", "by_stock", (), False, False, False, [0])),
    ({"equal": {"code": 2}, "in_list": {"code"}}, ("uniques", None, (), False, False, False, [2])),
    ({"equal": SHELF, "ranges": {"made": [(">", 1), (">=", 2), ("<", 3)]}},
     ("query", "by_made", (">", "<"), False, False, False, [0, 1, 3])),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_plans(given: dict[str, Any], expected: Any) -> None:
    assert planned(**given) == expected


# Sparse indexes compete with the others -------------------------------------------------


CERTAIN = Index("made_ones", "shelf", None, condition=(("made", PRESENT),))
CERTAIN_SORTED = Index("made_in_order", "shelf", "made", condition=(("made", PRESENT),))
ZERO = Index("empty", "shelf", None, condition=(("stock", 0),))
ORDERED = {"equal": SHELF, "present": {"made"}, "order": [("stock", False)], "limit": 5}


@pytest.mark.parametrize(
    ("indexes", "given", "kind", "name"),
    [([CERTAIN, FULL], ORDERED, "query", "by_stock"),
     ([CERTAIN], ORDERED, "query", "made_ones"),
     ([CERTAIN_SORTED, FULL], {**ORDERED, "order": [("made", True)]}, "query", "made_in_order"),
     ([CERTAIN_SORTED], {"equal": SHELF}, "scan", None),
     ([ZERO, FULL], {"equal": {"shelf": 0, "stock": 1}}, "query", "by_stock"),
     ([ZERO, NULLABLE], {"equal": {"shelf": 0, "stock": 1}}, "sparse", "empty")],
)  # fmt: skip
def test_a_sparse_index_is_taken_where_it_serves_as_well(
    indexes: list[Index], given: dict[str, Any], kind: str, name: str | None
) -> None:
    table = Table("t", "t", TABLE.columns, TABLE.key, indexes=indexes)

    chosen, _ = plan(table, offer(**given))

    assert (chosen.kind, chosen.index.name if chosen.index else None) == (kind, name)


# Indexes with several attributes a key ---------------------------------------------------

COLUMNS = [Column(name, "integer", "integer", null=False) for name in ("id", *"abcdef")]
LONG = index_of("long", ("a",), ("b", "c", "id"))
PAIR = index_of("pair", ("a", "b"), ("c", "d"))
IN_TURN = [("b", False), ("c", False)]


def planned_of(indexes: list[Index], **given: Any) -> tuple[Any, ...]:
    """Index, conditions on its sort key, whether it descends, how far its order is followed (None:
    rows are sorted here), what is left to sort, and arguments."""
    table = Table("t", "t", COLUMNS, Index(None, "id"), indexes=indexes)
    chosen, wanted = plan(table, offer(**given))
    run = chosen.run if chosen.sorted else None
    name = chosen.index.name if chosen.index else chosen.kind
    return name, chosen.ranges, chosen.descending, run, chosen.ties, wanted


SEVERAL: list[tuple[list[Index], dict[str, Any], tuple[Any, ...]]] = [
    ([LONG], {"equal": {"a": 0}, "order": IN_TURN}, ("long", (), False, 2, (), [0])),
    ([LONG], {"equal": {"a": 0}, "order": [("b", True), ("c", False), ("id", True)]},
     ("long", (), True, 1, (("c", False), ("id", True)), [0])),
    ([LONG], {"equal": {"a": 0}, "order": [("b", True), ("c", True), ("id", True), ("f", True)]},
     ("long", (), True, 3, (), [0])),  # the id decides
    ([LONG], {"equal": {"a": 0}, "order": [("b", True), ("f", True)]},
     ("long", (), False, None, (), [0])),
    ([LONG], {"equal": {"a": 0}, "order": [("c", False)]}, ("long", (), False, None, (), [0])),
    ([LONG], {"equal": {"a": 0, "b": 1}, "order": [("c", True)]},
     ("long", ("=",), True, 2, (), [0, 1])),
    ([LONG], {"equal": {"a": 0, "c": 1}, "order": [("b", False), ("id", False)]},
     ("long", (), False, 3, (), [0])),
    ([LONG], {"equal": {"a": 0, "c": 1}, "ranges": {"b": [(">", 2), ("<", 3)]}},
     ("long", (">", "<"), False, None, (), [0, 2, 3])),
    ([LONG], {"equal": {"a": 0, "b": 1, "c": 2}, "in_list": {"b"}},
     ("long", (), False, None, (), [0])),
    ([LONG], {"equal": {"a": 0, "b": 1, "c": 2}, "in_list": {"c"}, "ranges": {"c": [(">", 3)]}},
     ("long", ("=", ">"), False, None, (), [0, 1, 3])),
    # Behind a list nothing is asked for, so that it is no better than one that asks for the next.
    ([Index("short", "a", "c"), LONG], {"equal": {"a": 0, "b": 1, "c": 2}, "in_list": {"b"}},
     ("short", ("=",), False, None, (), [0, 2])),
    ([PAIR], {"equal": {"a": 0}}, ("scan", (), False, None, (), [])),
    ([PAIR], {"equal": {"a": 0, "b": 1, "c": 2}, "ranges": {"d": [("<=", 3)]}},
     ("pair", ("=", "<="), False, None, (), [0, 1, 2, 3])),
    # More columns compared are better, then an order, then a range.
    ([LONG, PAIR], {"equal": {"a": 0, "b": 1, "c": 2}},
     ("long", ("=", "="), False, None, (), [0, 1, 2])),
    ([LONG, PAIR], {"equal": {"a": 0, "b": 1}, "order": [("c", False), ("d", False)]},
     ("pair", (), False, 2, (), [0, 1])),
    ([PAIR, LONG], {"equal": {"a": 0}}, ("long", (), False, None, (), [0])),
]  # fmt: skip


@pytest.mark.parametrize(("indexes", "given", "expected"), SEVERAL)
def test_plans_of_several(indexes: list[Index], given: dict[str, Any], expected: Any) -> None:
    assert planned_of(indexes, **given) == expected


def test_which_rows_are_under_a_key() -> None:
    item = {name: {"N": str(n)} for n, name in enumerate("abcd")}
    assert is_under(item, PAIR, ({"N": "0"}, {"N": "1"}))
    assert not is_under(item, PAIR, ({"N": "0"}, {"N": "2"}))
    assert not is_under({**item, "c": {"N": "2"}}, LONG, ({"N": "0"},))


@pytest.mark.parametrize(
    ("lists", "kind", "several", "in_order"),
    [({"a"}, "each", 0, True), ({"b"}, "each", 1, True), ({"a", "b"}, "query", 0, False)],
)
def test_one_list_of_a_partition_is_merged(
    lists: set[str], kind: str, several: int, in_order: bool
) -> None:
    table = Table("t", "t", COLUMNS, Index(None, "id"), indexes=[PAIR])
    given = offer(equal={"a": 0, "b": 1}, in_list=lists, order=[("c", True)])
    chosen, wanted = plan(table, given)
    assert (chosen.kind, chosen.several, chosen.sorted) == (kind, several, in_order)
    assert wanted == [0, 1]


def test_a_condition_says_nothing_of_a_list() -> None:
    """Neither of its way's arguments could be a set."""
    sparse = Index("sparse", "a", "c", condition=(("f", 1),), more_hashes=("b",))
    table = Table("t", "t", COLUMNS, Index(None, "id"), indexes=[sparse])
    equal = {"a": 0, "b": 1, "f": 2}
    assert plan(table, offer(equal=equal))[0].kind == "sparse"
    assert plan(table, offer(equal=equal, in_list={"b"}))[0].kind == "scan"
