"""Updates and deletions of one row that go past SQLite find the rows that SQL would find."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from dynamodb.conflicts import optimistic, retry_on_conflict
from tests.dynamodb.app.models import Entry, Item, Line, Maker

Way = Callable[[Callable[[], int]], int]


def alone(change: Callable[[], int]) -> int:
    return change()


def together(change: Callable[[], int]) -> int:
    with transaction.atomic():
        return change()


def unread(change: Callable[[], int]) -> int:
    def run() -> int:
        with transaction.atomic(), optimistic():
            return change()

    return retry_on_conflict(run)


pytestmark = [
    pytest.mark.usefixtures("tables"),
    pytest.mark.parametrize("way", [alone, together, unread]),
]


@pytest.fixture
def child(tables: None) -> Entry:
    parent = Entry.objects.create(id=1, group=1, name="parent", amount=1)
    return Entry.objects.create(id=2, group=1, name="child", amount=1, parent=parent)


CHANGES = [{"rank": 7}, {"rank": 7, "flag": True}, {"amount": F("amount") + 1}]


@pytest.mark.parametrize("to", CHANGES)
def test_a_column_of_the_parent(child: Entry, way: Way, to: dict[str, Any]) -> None:
    """GIVEN a table that refers to itself WHEN its parent's name is compared THEN not its own."""
    of = Entry.objects.filter(pk=2)
    assert way(lambda: of.filter(parent__name="child").update(**to)) == 0
    assert way(lambda: of.filter(parent__name="parent").update(**to)) == 1


def test_a_row_deleted_by_its_parent(child: Entry, way: Way) -> None:
    of = Entry.objects.filter(pk=2)
    assert way(lambda: of.filter(parent__name="child").delete()[0]) == 0
    assert way(lambda: of.filter(parent__name="parent").delete()[0]) == 1


@pytest.mark.parametrize("to", [{"title": "x"}, {"stock": F("stock") + 1}])
def test_two_values_of_a_key(way: Way, to: dict[str, Any]) -> None:
    """WHEN a row must be A and B THEN it is neither."""
    Item.objects.create(sku="A")
    Item.objects.create(sku="B")
    assert way(lambda: Item.objects.filter(pk="A").filter(pk="B").update(**to)) == 0
    assert way(lambda: Item.objects.filter(pk="A").filter(pk="A").update(**to)) == 1


def test_two_values_of_a_key_to_be_deleted(way: Way) -> None:
    Line.objects.create(basket="b", position=1)
    Line.objects.create(basket="b", position=2)
    both = Line.objects.filter(basket="b", position=1).filter(position=2)
    assert way(lambda: both.delete()[0]) == 0
    assert Line.objects.count() == 2


def test_a_key_that_is_null_besides(child: Entry, way: Way) -> None:
    of = Entry.objects.filter(pk__isnull=True).filter(pk=1)
    assert way(lambda: of.update(rank=1)) == 0


@pytest.mark.parametrize(
    ("compared", "count"),
    [({"pk": 2**70}, 0), ({"pk": 1, "group__lt": 2**70}, 1), ({"pk": 1, "group__gt": 2**70}, 0)],
)
def test_numbers_beyond_a_column(
    child: Entry, way: Way, compared: dict[str, int], count: int
) -> None:
    assert way(lambda: Entry.objects.filter(**compared).update(rank=1)) == count


def test_numbers_beyond_a_column_to_be_deleted(child: Entry, way: Way) -> None:
    assert way(lambda: Entry.objects.filter(pk=2**70).delete()[0]) == 0


def test_keys_longer_than_any(way: Way) -> None:
    """2,048 bytes of a partition key, 1,024 of a sort key: no row has more."""
    assert way(lambda: Item.objects.filter(pk="A" * 2049).update(title="x")) == 0
    assert way(lambda: Line.objects.filter(basket="A" * 2049, position=1).delete()[0]) == 0


def test_a_row_of_another_table(way: Way) -> None:
    Maker.objects.create(name="m")
    Item.objects.create(sku="A")
    assert way(lambda: Item.objects.filter(pk="A", maker__name="m").update(title="x")) == 0
