"""What a relational database would refuse."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from tests.dynamodb.app.models import Item, Line, Maker, Seat
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")

CASES: dict[str, Any] = {
    "primary key": (Item, {"sku": "MUG"}, {"sku": "MUG"}, "engine_item.sku"),
    "composite key": (
        Line, {"basket": "a", "position": 1}, {"basket": "a", "position": 1},
        "engine_line.basket, engine_line.position",
    ),
    "unique": (Maker, {"name": "Acme"}, {"name": "Acme"}, "engine_maker.name"),
    "unique together": (
        Seat, {"hall": "A", "number": 1, "holder": "Ada"},
        {"hall": "A", "number": 1, "holder": "Bob"}, "engine_seat.hall, engine_seat.number",
    ),
    "conditional": (
        Seat, {"hall": "A", "number": 1, "holder": "Ada"},
        {"hall": "A", "number": 2, "holder": "Ada"}, "engine_seat.holder",
    ),
}  # fmt: skip


BOTH = [(inside, case) for inside in (False, True) for case in CASES]


@pytest.mark.parametrize(
    ("inside", "case"),
    BOTH,
)
def test_duplicates(case: str, inside: bool) -> None:
    model, first, second, names = CASES[case]
    manager: Any = model._default_manager
    manager.create(**first)

    with pytest.raises(IntegrityError, match=f"UNIQUE constraint failed: {names}$"):
        if inside:
            with transaction.atomic():
                manager.create(**second)
        else:
            manager.create(**second)

    assert manager.count() == 1


def test_outside_of_the_condition_nothing_is_unique() -> None:
    for number in (1, 2):
        Seat.objects.create(hall="A", number=number, holder="Ada", active=False)
    Seat.objects.create(hall="A", number=3, holder="Ada")

    with pytest.raises(IntegrityError, match=r"engine_seat\.holder"):
        Seat.objects.filter(number=1).update(active=True)
    Seat.objects.filter(number=3).update(active=False)
    assert Seat.objects.filter(number=1).update(active=True) == 1


@pytest.mark.parametrize(
    ("model", "values", "message"),
    [
        (Seat, {"hall": "A", "number": 0}, "CHECK constraint failed: number_from_one"),
        (Seat, {"hall": None, "number": 1}, "NOT NULL constraint failed: engine_seat.hall"),
        (Item, {"sku": "MUG", "stock": -1}, "CHECK constraint failed: engine_item.stock >= 0"),
    ],
)
def test_rows_that_may_not_be(model: Any, values: dict[str, Any], message: str) -> None:
    with pytest.raises(IntegrityError, match=message):
        model.objects.create(**values)
    assert model.objects.count() == 0


def test_a_row_of_code_that_knew_fewer_columns() -> None:
    """It may lack what was added since, NOT NULL or not; what is written now may not."""
    seat = Seat.objects.create(hall="A", number=1)
    table = connection.control.prefix + Seat._meta.db_table
    of_before = {
        "TableName": table,
        "Key": {"id": {"N": str(seat.pk)}},
        "UpdateExpression": "REMOVE active",
    }
    connection.control.client.call("UpdateItem", of_before)

    with transaction.atomic():
        found = Seat.objects.get()
        found.hall = "B"
        found.save(update_fields=["hall"])
    assert Seat.objects.values_list("hall", "active").get() == ("B", None)
    with pytest.raises(IntegrityError, match=r"NOT NULL constraint failed: engine_seat\.active"):
        found.save(update_fields=["active"])


def test_updates_that_may_not_be() -> None:
    seat = Seat.objects.create(hall="A", number=1)
    for values in ({"number": 0}, {"hall": None}):
        with pytest.raises(IntegrityError):
            Seat.objects.filter(pk=seat.pk).update(**values)
    assert Seat.objects.values_list("hall", "number").get() == ("A", 1)


def test_all_rows_of_an_update_are_checked_and_written() -> None:
    """The check of the second row must not lose the first one's change."""
    for number in (1, 2, 3):
        Seat.objects.create(hall="A", number=number, holder=str(number))

    assert Seat.objects.filter(hall="A").update(number=F("number") + 10) == 3
    assert sorted(Seat.objects.values_list("number", flat=True)) == [11, 12, 13]


def test_get_or_create_finds_what_is_there() -> None:
    first, made = Maker.objects.get_or_create(name="Acme", defaults={"country": "de"})
    again, made_again = Maker.objects.get_or_create(name="Acme", defaults={"country": "fr"})

    assert (made, made_again, first.pk, again.country) == (True, False, again.pk, "de")


def test_a_deleted_row_s_values_are_free() -> None:
    Seat.objects.create(hall="A", number=1, holder="Ada").delete()

    Seat.objects.create(hall="A", number=1, holder="Ada")


def test_cascades_and_many_to_many() -> None:
    maker = Maker.objects.create(name="Acme")
    item = Item.objects.create(sku="MUG", maker=maker)
    tag = item.tags.create(name="new")
    item.tags.add(tag)

    assert [t.name for t in item.tags.all()] == ["new"]
    assert list(tag.item_set.values_list("sku", flat=True)) == ["MUG"]
    assert maker.delete() == (3, {"engine.Item_tags": 1, "engine.Item": 1, "engine.Maker": 1})
    assert Item.objects.count() == 0
