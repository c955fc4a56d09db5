"""The model has an index that the table lacks: before its migration, or after the one that takes it
away while code of before still runs. Answers are the same."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Max

from dynamodb.errors import ScanForbidden
from dynamodb.scans import scan_policy
from tests.dynamodb.app.models import Doctor, Item, Parcel
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import changed

pytestmark = pytest.mark.usefixtures("server")

MISSING = {"shelf_stock", "ward_idx", "hub_weight", "open_hub"}


@pytest.fixture(autouse=True)
def rows(server: str) -> None:
    Item.objects.bulk_create(
        Item(sku=f"I{n}", shelf=f"S{n % 2}", stock=(7 * n) % 10, title="t") for n in range(20)
    )
    Doctor.objects.bulk_create(Doctor(name=f"D{n}", ward=f"W{n % 3}") for n in range(9))
    Parcel.objects.bulk_create(
        Parcel(code=f"P{n}", hub="H", weight=n, status="open" if n % 2 else "sent")
        for n in range(8)
    )


def without(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """As the table answers that has none of these."""
    name = params.get("IndexName", "")
    return {**params, "IndexName": f"no_{name}"} if name in MISSING else params


QUESTIONS: list[Callable[[], Any]] = [
    lambda: list(Item.objects.filter(shelf="S1").order_by("-stock", "sku").values_list("sku")[:4]),
    lambda: list(
        Item.objects.filter(shelf__in=["S0", "S1"]).order_by("stock", "-sku").values_list("sku")[:7]
    ),
    lambda: Item.objects.filter(shelf="S1", stock__gte=5).count(),
    lambda: Item.objects.filter(shelf="S0").aggregate(most=Max("stock")),
    lambda: sorted(Doctor.objects.filter(ward="W1").values_list("name", flat=True)),
    lambda: Doctor.objects.filter(ward="W1").count(),
    lambda: list(
        Parcel.objects.filter(hub="H", status="open").order_by("-weight").values_list("pk")
    ),
    lambda: list(Parcel.objects.filter(hub="H").order_by("weight").values_list("note", "weight")),
]


@pytest.mark.parametrize("ask", QUESTIONS)
def test_answers_are_the_same(ask: Callable[[], Any], caplog: pytest.LogCaptureFixture) -> None:
    expected = ask()
    assert expected
    with scan_policy("allow"), changed(without), caplog.at_level(logging.WARNING):
        assert ask() == expected
    assert "run the migrations" in caplog.text


def test_another_index_is_taken_before_all_rows_are_read() -> None:
    """`shelf_made` lacks rows without a moment; the table's own key is another column's."""
    with changed(without), pytest.raises(ScanForbidden), scan_policy("forbid"):
        list(Item.objects.filter(shelf="S1").order_by("-stock"))


def test_a_change_by_it_is_made() -> None:
    with scan_policy("allow"), changed(without):
        assert Doctor.objects.filter(ward="W1").update(shifts=3) == 3
        assert Doctor.objects.filter(ward="W2").delete() == (3, {"engine.Doctor": 3})
    assert sorted(Doctor.objects.values_list("name", "shifts")) == [
        ("D0", 0), ("D1", 3), ("D3", 0), ("D4", 3), ("D6", 0), ("D7", 3),
    ]  # fmt: skip


def test_a_table_that_lacks_it_says_what_to_do() -> None:
    with changed(without), scan_policy("forbid"), pytest.raises(ScanForbidden):
        list(Doctor.objects.filter(ward="W1"))
    assert connection.in_atomic_block is False
