"""What `explain()` says: which call on which index, and what is sorted in memory."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count

from dynamodb.calls import record
from tests.dynamodb.app.models import Item, Line, Maker, Parcel
from tests.dynamodb.conftest import PREFIX
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
SORTED_HERE = "USE TEMP B-TREE FOR ORDER BY"
ITEM, PARCEL = f"{PREFIX}engine_item", f"{PREFIX}engine_parcel"
SHELF = f"engine_item: Query {ITEM} shelf_stock: shelf ="
GET_MAKER = f"engine_maker: GetItem {PREFIX}engine_maker"
A = Item.objects.filter(shelf="A")
HUB = Parcel.objects.filter(hub="A")

TEXTS: dict[str, tuple[Any, list[str]]] = {
    "get": (Item.objects.filter(pk="MUG"), [f"engine_item: GetItem {ITEM}"]),
    "get by two keys": (
        Line.objects.filter(basket="A", position=1), [f"engine_line: GetItem {PREFIX}engine_line"],
    ),
    "many": (Item.objects.filter(pk__in=["MUG", "CUP"]), [f"engine_item: BatchGetItem {ITEM}"]),
    "unique": (
        Maker.objects.filter(name="Acme"),
        [f"engine_maker: GetItem by unique value {PREFIX}engine_maker"],
    ),
    "query": (A, [SHELF]),
    "query by the key": (
        Line.objects.filter(basket="A").order_by("-position"),
        [f"engine_line: Query {PREFIX}engine_line by its key: basket = descending"],
    ),
    "query in order": (A.order_by("stock")[:5], [SHELF]),
    "query descending": (A.order_by("-stock"), [f"{SHELF} descending"]),
    "query of a range": (
        A.filter(stock__gt=1, stock__lte=5).order_by("stock"), [f"{SHELF} stock >, <="],
    ),
    "query with ties": (
        A.order_by("-stock", "pk")[:5], [f"{SHELF} descending, equal ones sorted here"],
    ),
    "query sorted in memory": (A.order_by("title"), [SHELF, SORTED_HERE]),
    "null in the sort key": (A.order_by("made"), [SHELF, SORTED_HERE]),
    "scan": (
        Item.objects.filter(stock=1), [f"engine_item: Scan of all {ITEM}, filtered by stock"],
    ),
    "query and filter": (
        A.filter(maker=1, made__gt=MONDAY).order_by("stock"),
        [f"{SHELF}, filtered by made, maker_id"],
    ),
    "scan in memory": (
        Item.objects.order_by("stock"), [f"engine_item: Scan of all {ITEM}", SORTED_HERE],
    ),
    "sparse": (
        HUB.filter(status="open"),
        [f"engine_parcel: Query {PARCEL} open_hub: hub =, or Scan of all {PARCEL}"],
    ),
    "sparse and nullable": (
        Parcel.objects.filter(carrier="A", sent__gt=MONDAY),
        [f"engine_parcel: Query {PARCEL} sent_by: carrier = sent >"],
    ),
    "projected": (
        HUB.order_by("weight").values("code", "note"),
        [f"engine_parcel: Query {PARCEL} hub_weight: hub ="],
    ),
    "not projected": (
        HUB.values("status"), [f"engine_parcel: Scan of all {PARCEL}, filtered by hub"],
    ),
    "counting": (
        A.values("shelf").annotate(n=Count("*")),
        [f"{SHELF} (count only)"],
    ),
    "join": (A.select_related("maker"), [SHELF, f"{GET_MAKER} LEFT-JOIN"]),
    "inner join": (
        Maker.objects.filter(item__shelf="A"), [f"{SHELF}, filtered by maker_id", GET_MAKER],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_explain(case: str) -> None:
    queryset, lines = TEXTS[case]

    assert queryset.explain().splitlines() == lines


def test_a_lock_takes_no_projected_index() -> None:
    """A lock checks the whole row; EXPLAIN says the plan that is carried out."""
    narrow = HUB.values("code", "note")
    with transaction.atomic():
        assert narrow.select_for_update().explain() == (
            f"engine_parcel: Scan of all {PARCEL}, filtered by hub"
        )


@pytest.mark.parametrize(
    ("where", "plan"),
    [("", f"Scan of all {ITEM} (count only)"),
     (" WHERE shelf = 'A'", f"Query {ITEM} shelf_stock: shelf = (count only)"),
     (" WHERE shelf = 'A' AND stock = 5",
      f"Query {ITEM} shelf_stock: shelf = stock = (count only)"),
     (" WHERE shelf = 'A' AND stock > 5", f"Query {ITEM} shelf_stock: shelf = stock >")],
    ids=["all", "partition", "key", "range"],
)  # fmt: skip
def test_counts_in_sql(where: str, plan: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN SELECT COUNT(*) FROM engine_item" + where)  # noqa: S608  cases above
        ((*_, detail),) = cursor.fetchall()

    assert detail.partition(":")[2] == plan


def test_explaining_reads_no_rows() -> None:
    with record() as calls:
        A.order_by("-stock").explain()

    assert calls == []
