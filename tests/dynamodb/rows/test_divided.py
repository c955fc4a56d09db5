"""Statements outside a transaction that are too large for one: see `dynamodb.dividing`."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import SET_NULL, Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.db.models.signals import post_delete

from dynamodb import bulk
from dynamodb.errors import TransactionTooLarge
from tests.cart.races import at_once
from tests.dynamodb.app.models import Box, Doctor, Item, Line, Maker, Tag
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import Params, changed
from tests.dynamodb.rows.test_parts import Killed, doctors, sizes
from tests.dynamodb.sent import requests

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def shelf() -> Maker:
    """A maker of 120 items."""
    maker = Maker.objects.create(name="M")
    bulk.load(Item(sku=f"I{n:03}", maker=maker) for n in range(120))
    return maker


@pytest.fixture
def undivided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "divide", False)


# update -----------------------------------------------------------------------------------


def test_update() -> None:
    doctors()
    with requests() as sent:
        assert Doctor.objects.filter(ward="W1").update(shifts=1) == 75
        assert sizes(sent) == [75]
        assert Doctor.objects.update(shifts=2, ward=Concat(Value("X"), F("name"))) == 150
    assert sizes(sent) == [75, 64, 64, 22]
    assert Doctor.objects.get(pk="D149").ward == "XD149"
    assert Doctor.objects.filter(shifts=2).count() == 150


@pytest.mark.parametrize(
    "value",
    [
        F("shifts") + 1,
        Doctor.objects.annotate(more=F("shifts") + 1).values("more")[:1],
        Case(When(shifts__gt=0, then=Value(0)), default=Value(1)),
        Case(When(~Q(name="D") & (Q(shifts=1) | Q(name="E")), then=Value(0)), default=Value(1)),
        Case(
            When(pk__in=[F("ward"), Cast("shifts", CharField())], then=Value(0)), default=Value(1)
        ),
        Q(shifts=0),
    ],
    ids=["its own", "others'", "a condition", "conditions", "a list", "whether"],
)
def test_an_update_that_reads_what_it_changes(value: Any) -> None:
    """Interrupted and begun again it would change some rows twice."""
    doctors()
    with pytest.raises(TransactionTooLarge, match=r"150 writes.*dynamodb\.bulk"):
        Doctor.objects.update(shifts=value)
    assert Doctor.objects.filter(shifts=0).count() == 150


def test_an_update_by_what_it_does_not_change() -> None:
    doctors()
    value = Case(When(name__in=["D003", F("ward")], then=Value(3)), default=Value(1))
    assert Doctor.objects.update(shifts=value) == 150
    assert Doctor.objects.get(shifts=3).pk == "D003"


def test_an_update_that_reads_what_is_generated() -> None:
    """A box's area is made of its width."""
    bulk.load(Box(shelf="S", label=str(n), width=2, height=3) for n in range(150))
    with pytest.raises(TransactionTooLarge, match=r"150 writes"):
        Box.objects.update(width=F("area"))
    assert Box.objects.filter(area=6).count() == 150


def test_inside_a_transaction_nothing_is_divided() -> None:
    doctors()
    for many in (lambda found: found.delete(), lambda found: found.update(shifts=1)):
        with pytest.raises(TransactionTooLarge, match="150 writes"), transaction.atomic():
            many(Doctor.objects.all())
    assert Doctor.objects.filter(shifts=0).count() == 150


@pytest.mark.usefixtures("undivided")
@pytest.mark.parametrize(
    "many",
    [
        lambda: Doctor.objects.all().delete(),
        lambda: Doctor.objects.update(shifts=1),
        lambda: Doctor.objects.bulk_update(
            [Doctor(f"D{n:03}", shifts=1) for n in range(150)], ["shifts"]
        ),
    ],
    ids=["delete", "update", "bulk_update"],
)
def test_switched_off(many: Callable[[], Any]) -> None:
    doctors()
    with pytest.raises(TransactionTooLarge, match=r"150 writes.*dynamodb\.bulk"):
        many()
    assert Doctor.objects.filter(shifts=0).count() == 150


def test_who_comes_between_is_met_again() -> None:
    """The conflict of one part runs that part again, and no other."""
    doctors()
    moved: list[str] = []

    def move(operation: str, params: Params) -> Params:
        if operation == "TransactWriteItems" and not moved:
            moved.append("D100")
            at_once(lambda: Doctor.objects.filter(pk="D100").update(ward="elsewhere"))
        return params

    with changed(move), requests() as sent:
        assert Doctor.objects.filter(ward__startswith="W").update(ward="new") == 149
    assert sizes(sent) == [64, 63, 22]  # it is no longer in the queryset when its part is begun
    assert Doctor.objects.get(pk="D100").ward == "elsewhere"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda found: Doctor.objects.filter(ward="W1").delete()[0], 74),
        (lambda found: Doctor.objects.bulk_update(found, ["shifts"]), 75),
    ],
    ids=["delete", "bulk_update"],
)
def test_who_comes_between_is_met_again_by_what_is_not_divided(
    change: Callable[[list[Doctor]], int], expected: int
) -> None:
    doctors()
    found = list(Doctor.objects.filter(ward="W1"))
    first = found[0].pk
    moved: list[str] = []
    for doctor in found:
        doctor.shifts = 4

    def move(operation: str, params: Params) -> Params:
        if operation == "TransactWriteItems" and not moved:
            moved.append(first)
            at_once(lambda: Doctor.objects.filter(pk=first).update(ward="elsewhere", shifts=9))
        return params

    with changed(move):
        assert change(found) == expected
    assert Doctor.objects.get(pk=first).ward == "elsewhere"


# bulk_update --------------------------------------------------------------------------------


def test_bulk_update_of_unique_values() -> None:
    """Each row is three writes: itself, the guard that it takes and the one that it gives away."""
    makers = [Maker(name=f"M{n}") for n in range(110)]
    bulk.load(makers)
    for maker in makers:
        maker.name = f"N{maker.name}"
    with requests() as sent:
        assert Maker.objects.bulk_update(makers, ["name"], batch_size=50) == 110
    assert sizes(sent) == [96, 96, 69, 69]
    Maker.objects.create(name="M5")
    with pytest.raises(IntegrityError):
        Maker.objects.create(name="NM5")


def test_bulk_update_that_reads_what_it_changes() -> None:
    doctors()
    found = list(Doctor.objects.all())
    for doctor in found:
        doctor.shifts = F("shifts") + 1
    with pytest.raises(TransactionTooLarge, match="150 writes"):
        Doctor.objects.bulk_update(found, ["shifts"])
    assert Doctor.objects.filter(shifts=0).count() == 150


def test_bulk_update_that_reads_what_it_changes_by_its_column(shelf: Maker) -> None:
    found = list(Item.objects.all())
    for item in found:
        item.maker_id = F("maker_id") + 1
    with pytest.raises(TransactionTooLarge, match="120 writes"):
        Item.objects.bulk_update(found, ["maker_id"])
    assert Item.objects.filter(maker=shelf).count() == 120


# delete -------------------------------------------------------------------------------------


def test_delete() -> None:
    doctors()
    with requests() as sent:
        assert Doctor.objects.all().delete() == (150, {"engine.Doctor": 150})
    assert sizes(sent) == [64, 64, 22]
    assert Doctor.objects.count() == 0


def test_delete_of_rows_with_two_keys() -> None:
    bulk.load(Line(basket=f"B{n % 3}", position=n) for n in range(180))
    assert Line.objects.exclude(basket="B2").delete() == (120, {"engine.Line": 120})
    assert Line.objects.count() == 60


def test_a_row_that_much_refers_to(shelf: Maker) -> None:
    """What refers to it first: at no time does an item speak of a maker that is gone."""
    with requests() as sent:
        counts = shelf.delete()
    assert counts == (121, {"engine.Item": 120, "engine.Maker": 1})
    writes = [params["TransactItems"] for name, params in sent if name == "TransactWriteItems"]
    assert [len(each) for each in writes] == [64, 56, 2]
    assert shelf.pk is None
    assert (Maker.objects.count(), Item.objects.count()) == (0, 0)


def test_bulk_delete_of_a_row_that_much_refers_to(shelf: Maker) -> None:
    Item.objects.create(sku="other", maker=Maker.objects.create(name="N"))
    expected = (123, {"engine.Item": 121, "engine.Maker": 2})
    assert bulk.delete(Maker.objects.all()) == expected
    assert (Maker.objects.count(), Item.objects.count()) == (0, 0)


def test_what_only_loses_its_reference(shelf: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Item._meta.get_field("maker").remote_field, "on_delete", SET_NULL)
    assert shelf.delete() == (1, {"engine.Maker": 1})
    assert Item.objects.filter(maker=None).count() == 120


def test_rows_between_two_others() -> None:
    """No signal asks for these rows: the collector does not read them."""
    item = Item.objects.create(sku="I")
    tags = [Tag(name=str(n)) for n in range(120)]
    bulk.load(tags)
    bulk.load(Item.tags.through(item=item, tag=tag) for tag in tags)
    assert item.delete() == (121, {"engine.Item_tags": 120, "engine.Item": 1})
    assert (Item.tags.through.objects.count(), Tag.objects.count()) == (0, 120)


@pytest.fixture
def counted() -> Iterator[None]:
    """Each deletion of an item is counted by its maker's country, of all things."""

    def count(instance: Item, **kwargs: Any) -> None:
        Doctor.objects.filter(pk="D").update(shifts=F("shifts") + 1)

    post_delete.connect(count, sender=Item)
    yield
    post_delete.disconnect(count, sender=Item)


@pytest.mark.usefixtures("counted")
def test_killed_and_called_again(shelf: Maker) -> None:
    """What a signal's receiver writes is stored with the rows that it is about: nothing is missing
    afterwards, and nothing is there twice."""
    Doctor.objects.create(name="D", ward="W")
    seen: list[str] = []

    def kill(operation: str, params: Params) -> Params:
        seen.append(operation)
        if seen.count("TransactWriteItems") == 2:
            raise Killed
        return params

    with pytest.raises(Killed), changed(kill):
        shelf.delete()
    connection.close()
    left = Item.objects.count()
    assert left == 120 - 64
    assert Doctor.objects.get().shifts == 64
    Maker.objects.get().delete()
    assert Doctor.objects.get().shifts == 120
    assert (Maker.objects.count(), Item.objects.count()) == (0, 0)


def test_two_at_once() -> None:
    doctors()

    counts = at_once(*[lambda: int(Doctor.objects.all().delete()[0])] * 4)
    assert sum(counts) == 150
    assert Doctor.objects.count() == 0
