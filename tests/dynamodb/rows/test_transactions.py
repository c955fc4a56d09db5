"""What a transaction writes, when, and in which calls."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from dynamodb.calls import record
from dynamodb.duplicates import deferred_duplicates
from dynamodb.errors import ConflictError, TransactionTooLarge
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Line, Maker, Seat, Tag

pytestmark = pytest.mark.usefixtures("tables")


def operations(run: Any) -> list[str]:
    with record() as calls:
        run()
    return [call.operation for call in calls]


def by_somebody_else(run: Any) -> None:
    """In a thread, and so in a connection, of its own."""
    at_once(run)


def test_nothing_is_written_before_the_commit() -> None:
    with transaction.atomic():
        Doctor.objects.create(name="Ada", ward="A")
        by_somebody_else(lambda: check_absent("Ada"))
    assert Doctor.objects.count() == 1


def check_absent(name: str) -> None:
    assert not Doctor.objects.filter(pk=name).exists()


def test_a_block_that_raises_writes_nothing() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        Doctor.objects.create(name="Ada", ward="A")
        raise RuntimeError
    assert Doctor.objects.count() == 0


def test_savepoints() -> None:
    with transaction.atomic():
        Doctor.objects.create(name="Ada", ward="A")
        with pytest.raises(RuntimeError), transaction.atomic():
            Doctor.objects.create(name="Bob", ward="A")
            Doctor.objects.filter(pk="Ada").update(shifts=7)
            with transaction.atomic():
                Doctor.objects.filter(pk="Ada").delete()
            assert [d.name for d in Doctor.objects.all()] == ["Bob"]
            raise RuntimeError
        assert [(d.name, d.shifts) for d in Doctor.objects.all()] == [("Ada", 0)]
        with transaction.atomic():
            Doctor.objects.create(name="Cat", ward="A")

    assert sorted(Doctor.objects.values_list("name", flat=True)) == ["Ada", "Cat"]


def test_100_writes_and_one_more() -> None:
    with transaction.atomic():
        Tag.objects.bulk_create(Tag(name=str(n)) for n in range(100))
    assert Tag.objects.count() == 100

    with pytest.raises(TransactionTooLarge, match="101 writes"), transaction.atomic():
        Tag.objects.bulk_create(Tag(name=str(n)) for n in range(101))
    assert Tag.objects.count() == 100


def test_one_call_a_commit() -> None:
    def one() -> None:
        with transaction.atomic():
            Tag.objects.create(name="a")

    def many() -> None:
        with transaction.atomic():
            Tag.objects.bulk_create([Tag(name="b"), Tag(name="c")])
            Line.objects.create(basket="a", position=1)

    assert operations(one) == ["PutItem"]
    assert operations(many) == ["GetItem", "TransactWriteItems"]


def test_duplicates_left_to_the_commit() -> None:
    def create() -> None:
        with deferred_duplicates(), transaction.atomic():
            Line.objects.create(basket="a", position=1)
            Maker.objects.create(name="Acme")

    assert operations(create) == ["TransactWriteItems"]
    with pytest.raises(IntegrityError, match=r"engine_line\.basket, engine_line\.position"):
        create()
    assert (Line.objects.count(), Maker.objects.count()) == (1, 1)


# Native updates -----------------------------------------------------------------------


def mug(**values: Any) -> None:
    Item.objects.create(sku="MUG", **values)


def test_a_native_update_is_one_call() -> None:
    mug(stock=5)
    changed: list[int] = []

    calls = operations(
        lambda: changed.append(
            Item.objects.filter(pk="MUG", stock__gte=3).update(stock=F("stock") - 3, title="new")
        )
    )

    item = Item.objects.get(pk="MUG")
    assert (calls, changed, item.stock, item.title) == (["UpdateItem"], [1], 2, "new")


def test_an_update_with_a_condition_that_is_no_comparison_is_sqlites() -> None:
    """GIVEN conditions in SQL's words, or nothing WHEN an update has them THEN SQLite decides."""
    mug(stock=5)
    mugs = Item.objects.filter(pk="MUG")

    changed = [
        mugs.extra(where=["stock > 5"]).update(stock=F("stock") - 3),
        mugs.extra(where=["stock > 4"]).update(stock=F("stock") - 3),
        mugs.none().update(stock=F("stock") - 3),
    ]

    assert (changed, Item.objects.get(pk="MUG").stock) == ([0, 1, 0], 2)


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ({"stock__gte": 5}, 1), ({"stock__gt": 5}, 0), ({"stock__lte": 4}, 0), ({"stock": 5}, 1),
        ({"made": None}, 1), ({"made__isnull": False}, 0), ({"title": "-"}, 1),
        ({"stock__lt": 6, "title": "x"}, 0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("inside", [False, True])
def test_how_many_a_native_update_changed(where: dict[str, Any], count: int, inside: bool) -> None:
    mug(stock=5)
    update = Item.objects.filter(pk="MUG", **where)

    if inside:
        with transaction.atomic():
            assert update.update(stock=F("stock") + 1) == count
    else:
        assert update.update(stock=F("stock") + 1) == count

    assert Item.objects.get(pk="MUG").stock == 5 + count


@pytest.mark.parametrize("inside", [False, True])
def test_a_positive_number_stays_so(inside: bool) -> None:
    mug(stock=2)

    with pytest.raises(IntegrityError, match=r"CHECK constraint failed: engine_item\.stock >= 0"):
        if inside:
            with transaction.atomic():
                Item.objects.filter(pk="MUG").update(stock=F("stock") - 3)
        else:
            Item.objects.filter(pk="MUG").update(stock=F("stock") - 3)

    assert Item.objects.get(pk="MUG").stock == 2


def test_native_updates_of_one_row_do_not_conflict() -> None:
    """The commit depends on the condition, not on what was read."""
    mug(stock=10)
    with transaction.atomic():
        assert Item.objects.filter(pk="MUG", stock__gte=3).update(stock=F("stock") - 3) == 1
        by_somebody_else(lambda: Item.objects.filter(pk="MUG").update(stock=F("stock") - 4))
        assert Item.objects.get(pk="MUG").stock == 7

    assert Item.objects.get(pk="MUG").stock == 3


def test_a_condition_that_has_ceased_to_hold() -> None:
    mug(stock=5)
    with pytest.raises(ConflictError), transaction.atomic():
        Item.objects.filter(pk="MUG", stock__gte=3).update(stock=F("stock") - 3)
        by_somebody_else(lambda: Item.objects.filter(pk="MUG").update(stock=F("stock") - 4))

    assert Item.objects.get(pk="MUG").stock == 1


def test_a_native_update_and_then_others() -> None:
    mug(stock=5)
    with transaction.atomic():
        Item.objects.filter(pk="MUG").update(stock=F("stock") - 1)
        Item.objects.filter(pk="MUG").update(stock=F("stock") - 1)
        Item.objects.filter(pk="MUG").update(title="new")
    item = Item.objects.get(pk="MUG")
    assert (item.stock, item.title) == (3, "new")


def test_a_lock_after_a_native_update() -> None:
    """All of the row is locked, although some of it was added to before."""
    mug(stock=5, title="old")
    with pytest.raises(ConflictError), transaction.atomic():
        Item.objects.filter(pk="MUG").update(stock=F("stock") - 1)
        assert Item.objects.select_for_update().get(pk="MUG").title == "old"
        by_somebody_else(lambda: Item.objects.filter(pk="MUG").update(title="new"))

    item = Item.objects.get(pk="MUG")
    assert (item.stock, item.title) == (5, "new")


def test_a_lock_is_a_condition_check() -> None:
    mug(stock=5)
    with pytest.raises(ConflictError), transaction.atomic():
        Item.objects.select_for_update().get(pk="MUG")
        Doctor.objects.create(name="Ada", ward="A")
        by_somebody_else(lambda: Item.objects.filter(pk="MUG").update(title="new"))

    assert Doctor.objects.count() == 0


# One row, several statements ----------------------------------------------------------


def test_several_updates_while_rows_are_walked_over() -> None:
    """A row's second update starts from its first, though a cursor is still open."""
    for name in "abc":
        Doctor.objects.create(name=name, ward="A")
    with transaction.atomic():
        for doctor in Doctor.objects.filter(ward="A").iterator(chunk_size=1):
            Doctor.objects.filter(ward="A", name=doctor.name).update(shifts=3)
            Doctor.objects.filter(ward="A", name=doctor.name).update(on_call=False)

    assert list(Doctor.objects.values_list("shifts", "on_call")) == [(3, False)] * 3


def test_the_same_outside_of_a_transaction() -> None:
    for name in "abc":
        Doctor.objects.create(name=name, ward="A")
    for doctor in Doctor.objects.filter(ward="A").iterator(chunk_size=1):
        for _ in range(2):
            Doctor.objects.filter(ward="A", name=doctor.name).update(
                shifts=F("shifts") + F("shifts") + 1
            )

    assert list(Doctor.objects.values_list("shifts", flat=True)) == [3] * 3


def test_insert_change_delete_insert() -> None:
    Seat.objects.create(hall="A", number=1, holder="Ada")
    with transaction.atomic():
        Seat.objects.get(hall="A", number=1).delete()
        second = Seat.objects.create(hall="A", number=1, holder="Ada")
        second.holder = "Bob"
        second.save()

    assert list(Seat.objects.values_list("pk", "holder")) == [(second.pk, "Bob")]


def test_a_unique_value_handed_over() -> None:
    first = Maker.objects.create(name="Acme")
    with transaction.atomic():
        first.name = "Old Acme"
        first.save()
        second = Maker.objects.create(name="Acme")

    assert Maker.objects.get(name="Acme").pk == second.pk
    with pytest.raises(IntegrityError):
        Maker.objects.create(name="Old Acme")
