"""Which calls a queryset becomes, exactly."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Max

from dynamodb import bulk
from dynamodb.calls import record
from dynamodb.errors import ScanForbidden
from dynamodb.reads import get_many
from dynamodb.scans import scan_policy
from tests.dynamodb.app.models import Doctor, Entry, Item, Line, Maker, Seat

pytestmark = pytest.mark.usefixtures("tables")

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def asked(run: Any) -> tuple[Any, list[tuple[str, str | None]]]:
    """What `run` gives, and the calls it makes: operation and index."""
    with record() as calls:
        result = run()
    return result, [(call.operation, call.index) for call in calls]


def load_items(count: int, **values: Any) -> None:
    bulk.load(Item(sku=f"{n:03}", made=NOON + timedelta(days=n), **values) for n in range(count))


def skus(queryset: Any) -> list[str]:
    return list(queryset.values_list("sku", flat=True))


def test_get_by_primary_key() -> None:
    load_items(1)

    item, calls = asked(lambda: Item.objects.get(pk="000"))

    assert (item.sku, calls) == ("000", [("GetItem", None)])


def test_get_what_is_not_there() -> None:
    item, calls = asked(lambda: Item.objects.filter(pk="none").first())

    assert (item, calls) == (None, [("GetItem", None)])


def test_in_list_of_250_keys() -> None:
    load_items(250)
    keys = [f"{n:03}" for n in range(250)]

    found, calls = asked(lambda: skus(Item.objects.filter(pk__in=keys)))

    assert sorted(found) == keys
    assert calls == [("BatchGetItem", None)] * 3


def test_in_empty_list_and_empty_subquery() -> None:
    load_items(1)

    assert asked(lambda: skus(Item.objects.filter(pk__in=[]))) == ([], [])
    shelves = Item.objects.filter(shelf="none").values("pk")
    assert skus(Item.objects.filter(pk__in=shelves)) == []


def test_get_by_composite_key() -> None:
    Line.objects.create(basket="a", position=1, sku="MUG")

    line, calls = asked(lambda: Line.objects.get(pk=("a", 1)))

    assert (line.sku, calls) == ("MUG", [("GetItem", None)])


def test_one_partition_in_order_of_its_sort_key() -> None:
    for n in (10, 9, 2, 1):
        Line.objects.create(basket="a", position=n)
    Line.objects.create(basket="b", position=5)

    lines, calls = asked(
        lambda: list(
            Line.objects.filter(basket="a", position__gt=1)
            .order_by("-position")
            .values_list("position", flat=True)
        )
    )

    assert (lines, calls) == ([10, 9, 2], [("Query", None)])


def test_a_slice_by_index_takes_one_page() -> None:
    load_items(50)
    queryset = Item.objects.filter(shelf="-", made__gt=NOON).order_by("made")[:20]

    found, calls = asked(lambda: skus(queryset))

    assert found == [f"{n:03}" for n in range(1, 21)]
    assert calls == [("Query", "shelf_made")]


def test_the_newest_first() -> None:
    load_items(50)
    queryset = Item.objects.filter(shelf="-", made__lt=NOON + timedelta(days=40))

    found, calls = asked(lambda: skus(queryset.order_by("-made")[5:8]))

    assert found == ["034", "033", "032"]
    assert calls == [("Query", "shelf_made")]


def test_both_ends_of_a_range() -> None:
    load_items(9)
    between = (NOON + timedelta(days=2), NOON + timedelta(days=4))

    found, calls = asked(lambda: skus(Item.objects.filter(shelf="-", made__range=between)))

    assert (found, calls) == (["002", "003", "004"], [("Query", "shelf_made")])


def test_a_sort_key_that_may_be_null_loses_no_row() -> None:
    load_items(2)
    Item.objects.create(sku="none", made=None)

    for order in ("made", "-made"):
        assert sorted(skus(Item.objects.filter(shelf="-").order_by(order))) == [
            "000",
            "001",
            "none",
        ]
    assert skus(Item.objects.filter(shelf="-").order_by("made"))[0] == "none"
    assert skus(Item.objects.filter(shelf="-", made=None)) == ["none"]
    assert Item.objects.filter(shelf="-").aggregate(Max("made"))["made__max"] == NOON + timedelta(1)


def test_a_join_takes_one_batch() -> None:
    makers = [Maker.objects.create(name=f"maker {n}") for n in range(5)]
    bulk.load(Item(sku=f"{n:03}", maker=makers[n % 5]) for n in range(30))
    queryset = Item.objects.filter(shelf="-").select_related("maker")

    names, calls = asked(lambda: {item.maker and item.maker.name for item in queryset})

    assert names == {f"maker {n}" for n in range(5)}
    assert calls == [("Query", "shelf_stock"), ("BatchGetItem", None)]


def test_a_unique_value_is_looked_up_consistently() -> None:
    Maker.objects.create(name="Acme")
    Seat.objects.create(hall="A", number=7, holder="Ada")

    maker, calls = asked(lambda: Maker.objects.get(name="Acme"))
    assert (maker.name, calls) == ("Acme", [("GetItem", None)] * 2)

    seat, calls = asked(lambda: Seat.objects.get(hall="A", number=7))
    assert (seat.holder, calls) == ("Ada", [("GetItem", None)] * 2)


def test_rows_of_several_models_at_once() -> None:
    load_items(3)
    Doctor.objects.create(name="Ada", ward="A")

    found, calls = asked(lambda: get_many({Item: ["000", "002", "none"], Doctor: ["Ada"]}))

    assert {m: sorted(rows) for m, rows in found.items()} == {
        Item: ["000", "002"],
        Doctor: ["Ada"],
    }
    assert found[Item]["002"].made == NOON + timedelta(days=2)
    assert calls == [("BatchGetItem", None)]


def test_scans_by_policy() -> None:
    load_items(2)
    everything = Item.objects.filter(stock=0)

    with scan_policy("forbid"):
        with pytest.raises(ScanForbidden, match="No index of engine_item"):
            list(everything)
        assert skus(Item.objects.filter(shelf="-", stock=0)) == ["000", "001"]
        with scan_policy("allow"):
            assert asked(lambda: len(everything.all())) == (2, [("Scan", None)])
    with pytest.raises(ValueError, match="never"), scan_policy("never"):
        pass


def test_a_warning_names_the_table(caplog: pytest.LogCaptureFixture) -> None:
    with scan_policy("warn"), caplog.at_level("INFO", "dynamodb.scans"):
        list(Item.objects.all())

    (record,) = caplog.records
    assert (record.levelname, record.message) == ("WARNING", "scan of the whole table engine_item")


def test_exists_and_first_read_one_page() -> None:
    load_items(30)

    assert asked(lambda: Item.objects.filter(shelf="-").exists()) == (
        True,
        [("Query", "shelf_stock")],
    )


# Empty texts in keys ------------------------------------------------------------------


def test_empty_texts_in_keys() -> None:
    for n, name in enumerate(["b", "", "a", "\x00", "\x00\x00"]):
        Entry.objects.create(id=n, group=1, name=name, amount=0)

    assert Entry.objects.get(name="", group=1).name == ""
    assert list(Entry.objects.filter(name="").values_list("id", flat=True)) == [1]
    assert [e.name for e in Entry.objects.order_by("name")] == ["", "\x00", "\x00\x00", "a", "b"]


def test_an_empty_text_as_sort_key() -> None:
    for sku, shelf in (("1", "b"), ("2", ""), ("3", "a")):
        Item.objects.create(sku=sku, title="same", shelf=shelf)

    queryset = Item.objects.filter(title="same").order_by("shelf")

    assert asked(lambda: skus(queryset)) == (["2", "3", "1"], [("Query", "title_shelf")])


# What this transaction has written ----------------------------------------------------


@pytest.fixture
def changed_here() -> Any:
    """Inside a transaction: 000 as it was, 001 changed, 002 deleted, 003 new."""
    load_items(3)
    with transaction.atomic():
        Item.objects.filter(pk="001").update(title="changed")
        Item.objects.filter(pk="002").delete()
        Item.objects.create(sku="003", made=NOON - timedelta(days=1))
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("queryset", "expected"),
    [
        (Item.objects.filter(pk="001"), ["001"]),
        (Item.objects.filter(pk="002"), []),
        (Item.objects.filter(pk="003"), ["003"]),
        (Item.objects.filter(pk__in=["000", "001", "002", "003"]), ["000", "001", "003"]),
        (Item.objects.filter(shelf="-", made__gt=NOON - timedelta(2)).order_by("made"),
         ["003", "000", "001"]),
        (Item.objects.filter(shelf="-", made__gt=NOON - timedelta(2)).order_by("-made"),
         ["001", "000", "003"]),
        (Item.objects.filter(shelf="-", made__lt=NOON), ["003"]),
        (Item.objects.filter(title="changed"), ["001"]),
        (Item.objects.filter(stock=0).order_by("sku"), ["000", "001", "003"]),
    ],
)  # fmt: skip
def test_own_writes_are_seen(changed_here: None, queryset: Any, expected: list[str]) -> None:
    assert sorted(skus(queryset)) == sorted(expected)
    if queryset.query.order_by:
        assert skus(queryset) == expected


def test_own_unique_values_are_seen() -> None:
    acme = Maker.objects.create(name="Acme")
    with transaction.atomic():
        acme.name = "Best"
        acme.save()
        assert Maker.objects.filter(name="Acme").first() is None
        assert Maker.objects.get(name="Best").pk == acme.pk
