"""Counts and existence by DynamoDB's own number: no row is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from dynamodb import bulk
from tests.dynamodb.app.models import Item, Line
from tests.dynamodb.sent import requests

pytestmark = pytest.mark.usefixtures("tables")

A = Item.objects.filter(shelf="A")


@pytest.fixture(autouse=True)
def rows(tables: None) -> None:
    """Seven on shelf A, of which three have 2 in stock; two on shelf B; two lines."""
    bulk.load(Item(sku=f"A{n}", shelf="A", stock=n % 3, title=str(n)) for n in range(2, 9))
    bulk.load(Item(sku=f"B{n}", shelf="B") for n in range(2))
    bulk.load(Line(basket="A", position=n) for n in range(2))


CASES: dict[str, tuple[Callable[[], Any], Any, str, str | None]] = {
    "a table": (Item.objects.count, 9, "Scan", None),
    "a partition of an index": (A.count, 7, "Query", "shelf_stock"),
    "both keys of an index": (A.filter(stock=2).count, 3, "Query", "shelf_stock"),
    "a partition of a table": (Line.objects.filter(basket="A").count, 2, "Query", None),
    "none": (Item.objects.filter(shelf="C").count, 0, "Query", "shelf_stock"),
    "exists": (A.exists, True, "Query", "shelf_stock"),
    "exists not": (Item.objects.filter(shelf="C").exists, False, "Query", "shelf_stock"),
    "any exists": (Line.objects.exists, True, "Scan", None),
}


@pytest.mark.parametrize("case", CASES)
def test_only_the_number_is_sent(case: str) -> None:
    run, expected, operation, index = CASES[case]
    with requests() as seen:
        assert run() == expected

    assert [(o, p.get("IndexName"), p["Select"]) for o, p in seen] == [(operation, index, "COUNT")]


@pytest.mark.parametrize(
    ("run", "expected"),
    [(A.filter(stock__gt=0).count, 5), (A.filter(shelf="A", price=0).count, 7),
     (A.filter(price=0).exists, True), (A.filter(stock__gt=9).exists, False),
     (A.exclude(stock=0).count, 5)],
)  # fmt: skip
def test_what_must_be_looked_at_is_sent(run: Callable[[], Any], expected: Any) -> None:
    """A range has both ends included on the wire: SQLite must see the values."""
    with requests() as seen:
        assert run() == expected

    assert [params.get("Select") for _, params in seen] == [None]


def test_existence_asks_for_one() -> None:
    with requests() as seen:
        assert A.exists()

    assert [params["Limit"] for _, params in seen] == [1]


def test_a_count_over_several_pages() -> None:
    """DynamoDB ends a page after a megabyte, of counted rows too."""
    bulk.load(Item(sku=f"C{n}", shelf="C", data={"x": "x" * 300_000}) for n in range(7))
    with requests() as seen:
        assert Item.objects.filter(shelf="C").count() == 7

    assert len(seen) > 1
    assert {params["Select"] for _, params in seen} == {"COUNT"}


def test_counts_know_what_this_transaction_has_written() -> None:
    """Then the rows are read: some of them are not, or no more, in DynamoDB."""
    with transaction.atomic():
        Item.objects.create(sku="new", shelf="A", stock=2)
        Item.objects.filter(pk="A2").delete()
        Item.objects.filter(pk="B0").update(shelf="A")
        with requests() as seen:
            counts = [A.count(), A.filter(stock=2).count(), Item.objects.count()]
        assert counts == [8, 3, 9]
        assert {params.get("Select") for _, params in seen} == {None}
        assert Line.objects.filter(basket="A").count() == 2  # no line was written
        transaction.set_rollback(True)

    assert [A.count(), Item.objects.count()] == [7, 9]


def test_pending_rows_exist() -> None:
    with transaction.atomic():
        Item.objects.create(sku="new", shelf="D")
        Item.objects.filter(pk__in=["B0", "B1"]).delete()
        assert Item.objects.filter(shelf="D").exists()
        assert not Item.objects.filter(shelf="B").exists()
