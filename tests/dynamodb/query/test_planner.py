"""From what SQLite offers to one way of asking DynamoDB."""

from typing import Any

import pytest

from dynamodb.query.offers import Offer
from dynamodb.query.planner import plan
from dynamodb.tables.columns import PRESENT, Column, Index
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
