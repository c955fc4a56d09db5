"""Texts longer than DynamoDB's keys: 2,048 bytes of a partition key, 1,024 of a sort key."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError

from dynamodb.reads import get_many
from tests.dynamodb.app.models import Box, Item, Parcel
from tests.dynamodb.sent import read_by

pytestmark = pytest.mark.usefixtures("tables")

LONGEST, LONGEST_SORT = "x" * 2048, "y" * 1024
WIDE = "é" * 1024  # 2,048 bytes
TOO_LONG = ["x" * 2049, "é" * 1025]
TOO_LONG_SORT = ["y" * 1025, "é" * 513]


def test_the_longest() -> None:
    for shelf in (LONGEST, WIDE):
        Box.objects.create(shelf=shelf, label=LONGEST_SORT)
        assert Box.objects.get(pk=(shelf, LONGEST_SORT)).label == LONGEST_SORT
        assert Box.objects.filter(shelf=shelf).count() == 1


@pytest.mark.parametrize("text", TOO_LONG)
def test_a_partition_key_on_write(text: str) -> None:
    with pytest.raises(DataError):
        Box.objects.create(shelf=text, label="a")
    assert Box.objects.count() == 0


@pytest.mark.parametrize("text", TOO_LONG_SORT)
def test_a_sort_key_on_write(text: str) -> None:
    with pytest.raises(DataError):
        Box.objects.create(shelf="A", label=text)
    assert Box.objects.count() == 0


@pytest.mark.parametrize("text", TOO_LONG)
@pytest.mark.parametrize(
    ("model", "field"),
    [(Item, "pk"), (Item, "shelf"), (Box, "shelf"), (Parcel, "hub"), (Item, "pk__in")],
)
def test_a_partition_key_on_read_asks_nothing(model: Any, field: str, text: str) -> None:
    """No row can have it, so there is nothing to ask."""
    value = [text] if field.endswith("__in") else text
    queryset = model.objects.filter(**{field: value})
    if model is Parcel:
        queryset = queryset.filter(status="open")

    assert read_by(lambda: list(queryset)) == ([], [])


@pytest.mark.parametrize("text", TOO_LONG_SORT)
def test_a_sort_key_on_read(text: str) -> None:
    """`title_shelf` has the shelf as its sort key."""
    titled = Item.objects.filter(title="-")
    Item.objects.create(sku="MUG", shelf="z")

    assert read_by(lambda: list(titled.filter(shelf=text))) == ([], [])
    assert [item.sku for item in titled.filter(shelf__gt="y")] == ["MUG"]
    assert list(titled.filter(shelf__lt=text)) == ([] if text[0] == "y" else [titled.get()])


@pytest.mark.parametrize("text", TOO_LONG_SORT)
def test_a_sort_key_of_a_table_on_read(text: str) -> None:
    assert read_by(lambda: list(Box.objects.filter(shelf="A", label=text))) == ([], [])
    assert read_by(lambda: list(Box.objects.filter(pk=("A", text)))) == ([], [])


def test_many_at_once() -> None:
    Item.objects.create(sku="MUG")

    assert list(get_many({Item: ["MUG", TOO_LONG[0]]})[Item]) == ["MUG"]


@pytest.mark.parametrize("size", [1000, 2048, 3000, 100_000])
def test_a_long_unique_value_is_unique(size: int) -> None:
    """Its guard is named by a hash."""
    Box.objects.create(shelf="A", label="a", code="x" * size)

    with pytest.raises(IntegrityError, match=r"engine_box\.code"):
        Box.objects.create(shelf="A", label="b", code="x" * size)
    Box.objects.create(shelf="A", label="c", code="x" * (size + 1))


@pytest.mark.parametrize(
    "size",
    [1000, 2048,
     3000],
)  # fmt: skip
def test_a_long_unique_value_is_found(size: int) -> None:
    Box.objects.create(shelf="A", label="a", code="x" * size)

    assert Box.objects.get(code="x" * size).label == "a"
    assert not Box.objects.filter(code="x" * (size - 1)).exists()


def test_a_unique_value_of_wide_characters() -> None:
    """900 characters are 2,700 bytes: too many for the key of the guard."""
    Box.objects.create(shelf="A", label="a", code="語" * 900)

    with pytest.raises(IntegrityError, match=r"engine_box\.code"):
        Box.objects.create(shelf="A", label="b", code="語" * 900)
