"""What a question reads at least: calls and units, exactly, on 200 rows of a kilobyte."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Max, Min

from tests.dynamodb.app.models import Doctor, Item, Maker, Parcel, Tag
from tests.dynamodb.sent import requests

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def items(tables: None) -> None:
    """Four shelves of fifty; two of a shelf have the same stock."""
    for start in range(0, 200, 50):
        Item.objects.bulk_create(
            Item(sku=sku(n), shelf=f"S{n % 4}", stock=n // 8, blob=bytes(1000))
            for n in range(start, start + 50)
        )


def sku(n: int) -> str:
    return f"I{n:03}"


def asked(ask: Callable[[], Any]) -> tuple[Any, list[str]]:
    """The answer, and the calls; of a Query how many rows it may read, if not all."""
    with requests() as sent:
        answer = ask()
    return answer, [f"{name} {params.get('Limit', '')}".strip() for name, params in sent]


def skus(found: Any) -> list[str]:
    return list(found.values_list("pk", flat=True))


def by_python(descending: bool, pk_descending: bool, shelves: set[int]) -> list[str]:
    rows = sorted((n for n in range(200) if n % 4 in shelves), reverse=pk_descending)
    return [sku(n) for n in sorted(rows, key=lambda n: n // 8, reverse=descending)]


@pytest.mark.parametrize("number", [1, 2, 50, 100])
def test_unique_values_of_a_list(number: int) -> None:
    Maker.objects.bulk_create(Maker(name=str(n)) for n in range(20))
    names = [str(n) for n in range(number)]
    found, calls = asked(lambda: sorted(m.name for m in Maker.objects.filter(name__in=names)))
    assert found == sorted(names[:20])
    expected = ["GetItem", "GetItem"] if number == 1 else ["BatchGetItem", "BatchGetItem"]
    assert calls == expected


def test_unique_values_of_a_list_inside_a_transaction() -> None:
    """Those that it has just made, or given away, too."""
    old, other = Maker.objects.create(name="old"), Maker.objects.create(name="other")
    with transaction.atomic():
        new = Maker.objects.create(name="new")
        Maker.objects.filter(pk=old.pk).update(name="older")
        found = Maker.objects.filter(name__in=["old", "older", "new", "other", "none"])
        assert {m.pk for m in found} == {new.pk, old.pk, other.pk}


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("pk_descending", [False, True])
@pytest.mark.parametrize("start", [0, 7])
def test_a_sort_key_and_then_the_primary_key(
    descending: bool, pk_descending: bool, start: int
) -> None:
    """As the admin's lists ask: a page and the row behind it, not the partition."""
    order = ["-stock" if descending else "stock", "-sku" if pk_descending else "sku"]
    found, calls = asked(
        lambda: skus(Item.objects.filter(shelf="S3").order_by(*order)[start : start + 5])
    )
    assert found == by_python(descending, pk_descending, {3})[start : start + 5]
    # The sixth is like the fifth, so that nobody knows whether the seventh is; the 13th is not.
    assert calls == (["Query 6", "Query 24"] if start == 0 else ["Query 13"])


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize("descending", [False, True])
def test_partitions_of_a_list_in_order(descending: bool) -> None:
    """A few of each, not all of each."""
    order = ["-stock" if descending else "stock", "sku"]
    shelves = ["S0", "S1", "S3"]
    found, calls = asked(lambda: skus(Item.objects.filter(shelf__in=shelves).order_by(*order)[:6]))
    assert found == by_python(descending, False, {0, 1, 3})[:6]
    assert calls == ["Query 6"] * 3


@pytest.mark.usefixtures("items")
def test_partitions_of_a_list_of_which_one_has_it_all() -> None:
    Item.objects.filter(shelf="S1").update(stock=1000)
    shelves = ["S0", "S1", "S3"]
    found, calls = asked(
        lambda: skus(Item.objects.filter(shelf__in=shelves).order_by("-stock", "sku")[:30])
    )
    assert found == [sku(n) for n in range(200) if n % 4 == 1][:30]
    assert calls == ["Query 22"] * 3 + ["Query 88"]  # some of each, and the full one's rest


@pytest.mark.usefixtures("items")
def test_partitions_of_a_list_without_an_order() -> None:
    """One after the other, as many as it takes."""
    shelves = ["S0", "S1", "S3"]
    found, calls = asked(lambda: skus(Item.objects.filter(shelf__in=shelves)[:3]))
    assert (len(found), calls) == (3, ["Query 3"])
    found, calls = asked(lambda: Item.objects.filter(shelf__in=shelves).exists())
    assert (found, calls) == (True, ["Query 1"])
    found, calls = asked(lambda: Item.objects.filter(shelf__in=shelves).count())
    assert (found, calls) == (150, ["Query"] * 3)


def test_partitions_of_a_list_come_in_the_same_order_in_each_process() -> None:
    """A set of texts has another order in each."""
    shelves = [f"S{n}" for n in range(8)]
    Item.objects.bulk_create(Item(sku=f"I{n}", shelf=f"S{n}") for n in range(8))
    found = Item.objects.filter(shelf__in=reversed(shelves)).values_list("shelf", flat=True)
    assert list(found) == shelves


@pytest.mark.parametrize("status", ["open", "sent"])
def test_a_list_beside_an_index_of_some_rows(status: str) -> None:
    """That index is for one status alone: for another, the list's partitions are read."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    Parcel.objects.bulk_create(
        Parcel(
            code=f"P{n:02}", hub="H", weight=n % 5, carrier=f"C{n % 3}",
            status="open" if n % 2 else "sent", sent=noon + timedelta(hours=n),
        )
        for n in range(24)
    )  # fmt: skip
    found = Parcel.objects.filter(
        hub="H", status=status, weight__gt=1, carrier__in=["C0", "C2", "none"], sent__gt=noon
    )
    expected = [
        n for n in range(1, 24)
        if n % 5 > 1 and n % 3 != 1 and n % 2 == (status == "open")
    ]  # fmt: skip
    by_weight = sorted(expected, key=lambda n: (n % 5, n))
    assert [p.code for p in found.order_by("weight", "code")] == [f"P{n:02}" for n in by_weight]
    assert [p.code for p in found.order_by("-sent")[:3]] == [f"P{n:02}" for n in expected[:-4:-1]]


def test_partitions_of_an_index_without_a_sort_key() -> None:
    """Ordered by what the filter says is the same in all of them."""
    Doctor.objects.bulk_create(Doctor(name=f"D{n}", ward=f"W{n % 3}") for n in range(9))
    wards = Doctor.objects.filter(ward__in=["W0", "W2", "none"], on_call=True)
    found, calls = asked(lambda: {d.name for d in wards.order_by("on_call")})
    assert (found, calls) == ({"D0", "D2", "D3", "D5", "D6", "D8"}, ["Query"] * 3)


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize(("end", "expected"), [(Max("stock"), 24), (Min("stock"), 0)])
def test_the_ends_of_a_partition(end: Any, expected: int) -> None:
    found, calls = asked(lambda: Item.objects.filter(shelf="S2").aggregate(end=end)["end"])
    assert found == expected
    assert calls == ["Query"]


@pytest.mark.usefixtures("items")
def test_the_newest_row_inside_a_transaction() -> None:
    """The last of the shelf has gone, and the first is its own."""
    shelf = Item.objects.filter(shelf="S2")
    with transaction.atomic():
        Item.objects.create(sku="new", shelf="S2", stock=0)
        Item.objects.filter(pk=sku(198)).delete()
        newest, calls = asked(lambda: skus(shelf.order_by("-stock")[:1]))
        assert newest == [sku(194)]
        assert calls == ["Query 1", "Query 4"]  # since the first has gone
        newest, calls = asked(lambda: skus(shelf.order_by("-stock", "sku")[1:2]))
        assert newest == [sku(186)]
        assert skus(shelf.order_by("stock", "-sku")[:2]) == ["new", sku(6)]


def test_many_to_many_rows_of_a_page() -> None:
    tags = [Tag(pk=n, name=str(n)) for n in range(10)]
    Tag.objects.bulk_create(tags)
    items = [Item(sku=f"I{n}") for n in range(8)]
    Item.objects.bulk_create(items)
    for n, item in enumerate(items):
        item.tags.add(tags[n], tags[n + 1])
    found, calls = asked(
        lambda: {
            item.sku: sorted(tag.pk for tag in item.tags.all())
            for item in Item.objects.filter(pk__in=[i.sku for i in items]).prefetch_related("tags")
        }
    )
    assert found == {f"I{n}": [n, n + 1] for n in range(8)}
    assert calls == ["BatchGetItem", *["Query"] * 8, "BatchGetItem"]


def test_explain_says_so() -> None:
    found = Item.objects.filter(shelf__in=["S1", "S2"]).order_by("-stock", "-sku")[:3]
    prefix = connection.settings_dict["NAME"]
    assert found.explain() == (
        f"engine_item: Query {prefix}engine_item shelf_stock: shelf = each of several descending, "
        "equal ones sorted here"
    )
    found = Maker.objects.filter(name__in=["a", "b"])
    assert found.explain() == f"engine_maker: BatchGetItem by unique values {prefix}engine_maker"
