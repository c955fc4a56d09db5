"""A column that the store computes from the others, however the row is written."""

import pytest
from django.db import transaction
from django.db.models import F

from dynamodb import bulk
from tests.dynamodb.app.models import Box
from tests.dynamodb.engine import connection
from tests.dynamodb.sent import read_by

pytestmark = pytest.mark.usefixtures("tables")


def box(label: str = "a", width: int = 3, height: int = 2) -> Box:
    return Box.objects.create(shelf="A", label=label, width=width, height=height)


def stored() -> list[int]:
    """As DynamoDB has it, not as SQLite may compute it again."""
    params = {"TableName": f"{connection.table_prefix}engine_box", "ConsistentRead": True}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted(int(item["area"]["N"]) for item in items)


def test_on_insert_and_save() -> None:
    made = box()
    assert (made.area, stored()) == (6, [6])

    made.width = 10
    made.save()
    assert stored() == [20]
    made.refresh_from_db()
    assert made.area == 20


def test_on_update() -> None:
    """Not native: DynamoDB cannot multiply."""
    box()

    changed, calls = read_by(lambda: Box.objects.filter(pk=("A", "a")).update(width=F("width") + 1))

    assert (changed, stored()) == (1, [8])
    assert calls == [("GetItem", None), ("UpdateItem", None)]


def test_inside_a_transaction() -> None:
    box()
    with transaction.atomic():
        Box.objects.filter(shelf="A").update(height=5)
        assert Box.objects.get(area=15).label == "a"
        Box.objects.filter(shelf="A").update(width=1)
        assert Box.objects.get().area == 5

    assert stored() == [5]


def test_in_bulk_and_by_index() -> None:
    Box.objects.bulk_create(Box(shelf="A", label=str(n), width=n, height=n) for n in range(1, 4))
    queryset = Box.objects.filter(shelf="A", area__gt=1).order_by("-area")

    found = read_by(lambda: list(queryset.values_list("area", flat=True)))

    assert found == ([9, 4], [("Query", "shelf_area")])


def test_in_a_bulk_load() -> None:
    assert bulk.load([Box(shelf="A", label="a", width=3, height=2)]) == 1

    assert stored() == [6]
