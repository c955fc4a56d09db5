"""A page of a partition and a row by its key, without the ORM: the same calls and values."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import JSONField, Value

from dynamodb import bulk
from dynamodb.client.refusals import ServiceError
from dynamodb.reads import get_many, get_one, get_page, read_ahead
from tests.dynamodb.app.models import Box, Item, Line, Maker
from tests.dynamodb.guards import Params, changed
from tests.dynamodb.test_reads import NOON, asked, load_items

pytestmark = pytest.mark.usefixtures("tables")


def lines(number: int = 10) -> None:
    bulk.load(Line(basket="B", position=n, sku=f"S{n}") for n in range(number))
    bulk.load(Line(basket="C", position=n) for n in range(3))


@pytest.mark.parametrize(
    ("options", "positions"),
    [
        ({"limit": 3}, [0, 1, 2]),
        ({"limit": 3, "descending": True}, [9, 8, 7]),
        ({"limit": 3, "after": 4}, [5, 6, 7]),
        ({"limit": 3, "after": 4, "descending": True}, [3, 2, 1]),
        ({"limit": 30, "after": 7}, [8, 9]),
        ({"limit": 3, "after": 9}, []),
    ],
)
def test_a_page_of_a_partition(options: dict[str, Any], positions: list[int]) -> None:
    lines()
    found, calls = asked(lambda: get_page(Line, "B", fields=["position", "sku"], **options))
    assert found == [{"position": n, "sku": f"S{n}"} for n in positions]
    assert calls == [("Query", None)]


def test_a_page_has_what_this_transaction_has_written() -> None:
    lines()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Line.objects.filter(basket="B", position=1).delete()
        Line.objects.create(basket="B", position=-1, sku="new")
        Line.objects.filter(basket="B", position=0).update(sku="changed")
        found = get_page(Line, "B", limit=3)
        assert found == [
            {"basket": "B", "position": -1, "sku": "new"},
            {"basket": "B", "position": 0, "sku": "changed"},
            {"basket": "B", "position": 2, "sku": "S2"},
        ]
        behind = get_page(Line, "B", limit=2, after=0, fields=["position"])
        assert behind == [{"position": 2}, {"position": 3}]
        before = get_page(Line, "B", limit=2, after=2, descending=True, fields=["position"])
        assert before == [{"position": 0}, {"position": -1}]
        raise ZeroDivisionError
    assert [row["position"] for row in get_page(Line, "B", limit=2)] == [0, 1]


def test_values_are_those_of_instances() -> None:
    """Of every kind of column, as `get_many` makes them too, by the same decoders."""
    data = {"a": [1, 1.5, None, True, "ä"], "b": {"n": 10**20, "e": {}}}
    maker = Maker.objects.create(name="M")
    Item.objects.create(
        sku="I", maker=maker, stock=7, price="12.3400000001", data=data, blob=b"\x00x", made=NOON
    )
    Item.objects.create(sku="J", data=Value(None, JSONField()))
    for sku in ("I", "J"):
        known = Item.objects.get(pk=sku)
        found = get_many({Item: [sku]})[Item][sku]
        for field in Item._meta.concrete_fields:
            expected = getattr(known, field.attname)
            assert repr(getattr(found, field.attname)) == repr(expected), field
    bulk.load([Box(shelf="s", label="l", code=None, width=2, height=3)])
    (row,) = get_page(Box, "s", limit=9)
    known = Box.objects.get(pk=("s", "l"))
    assert row == {
        field.attname: getattr(known, field.attname) for field in Box._meta.concrete_fields
    }
    assert row["area"] == 6


def test_a_page_is_of_a_partition_with_a_sort_key() -> None:
    with pytest.raises(ValueError, match="Maker has no CompositePrimaryKey of two fields"):
        get_page(Maker, 1, limit=9)


@pytest.mark.parametrize("pk", ["B", ("B",), ("B", 1, 2), 7])
def test_a_key_of_two_columns_is_told_whole(pk: Any) -> None:
    with pytest.raises(ValueError, match=r"A primary key of Line is a tuple \(basket, position\)"):
        get_one(Line, pk)


def one(model: Any, pk: Any) -> Any:
    return get_one(model, pk)


def test_one_row_by_its_key() -> None:
    load_items(2)
    found, calls = asked(lambda: one(Item, "001"))
    assert (found, calls) == (Item(sku="001"), [("GetItem", None)])
    assert found.made == NOON + timedelta(days=1)
    assert asked(lambda: one(Item, "none")) == (None, [("GetItem", None)])
    assert asked(lambda: one(Item, "x" * 3000)) == (None, [])
    lines(2)
    assert one(Line, ("B", 1)).sku == "S1"
    with transaction.atomic():
        Item.objects.filter(pk="000").update(title="changed")
        assert one(Item, "000").title == "changed"
        kept = one(Item, "001")
        kept.title = "saved"
        kept.save()
    assert sorted(Item.objects.values_list("title", flat=True)) == ["changed", "saved"]


# Read ahead ---------------------------------------------------------------------------------


def title(sku: str) -> str | None:
    item = get_one(Item, sku)
    return item.title if item else None


def test_rows_that_are_read_ahead() -> None:
    bulk.load(Item(sku=sku, title=sku.lower()) for sku in "ABC")

    def ask() -> list[str | None]:
        with read_ahead({Item: ["A", "B", "none"]}):
            return [title(sku) for sku in ("A", "B", "C", "none", "A")]

    found, calls = asked(ask)
    assert found == ["a", "b", "c", None, "a"]
    # All at once, what was not among them, what was not there then, and again.
    assert [operation for operation, _ in calls] == ["BatchGetItem", *["GetItem"] * 3]


def test_what_is_read_ahead_is_not_for_transactions() -> None:
    Item.objects.create(sku="A", title="old")
    with read_ahead({Item: ["A"]}):
        Item.objects.filter(sku="A").update(title="new")
        with transaction.atomic():
            assert title("A") == "new"
        assert title("A") == "old"
        assert title("A") == "new"
    with read_ahead({}):
        assert title("A") == "new"


def test_what_cannot_be_read_ahead_is_read_when_its_turn_comes() -> None:
    Item.objects.create(sku="A")

    def lost(operation: str, params: Params) -> Params:
        if operation == "BatchGetItem":
            raise ServiceError("AccessDeniedException", "no", {})
        return params

    with changed(lost), read_ahead({Item: ["A"]}):
        assert title("A") == "-"
