"""`bulk_create` and what it meets: ignored, updated, refused, and in races."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction

from dynamodb.errors import ConflictError
from tests.cart.races import at_once
from tests.dynamodb.app.models import Item, Line, Maker, Seat
from tests.dynamodb.guards import crowd
from tests.dynamodb.sent import read_by

pytestmark = pytest.mark.usefixtures("server")

UPSERT: dict[str, Any] = {"update_conflicts": True}


def stocks() -> dict[str, int]:
    return dict(Item.objects.values_list("sku", "stock"))


def countries() -> dict[str, str]:
    return dict(Maker.objects.values_list("name", "country"))


def test_one_transaction() -> None:
    made, calls = read_by(
        lambda: Maker.objects.bulk_create([Maker(name="Acme"), Maker(name="Best")])
    )

    assert [maker.pk is not None for maker in made] == [True, True]
    assert [operation for operation, _ in calls][-1] == "TransactWriteItems"
    assert len({operation for operation, _ in calls} - {"GetItem"}) == 1


def test_a_duplicate_refuses_all() -> None:
    Maker.objects.create(name="Best")

    with pytest.raises(IntegrityError, match=r"engine_maker\.name"):
        Maker.objects.bulk_create([Maker(name="Acme"), Maker(name="Best")])

    assert set(countries()) == {"Best"}


# Ignored ------------------------------------------------------------------------------


def test_ignored_by_primary_key() -> None:
    Item.objects.create(sku="CUP", stock=1)

    Item.objects.bulk_create(
        [Item(sku="CUP", stock=2), Item(sku="MUG", stock=3), Item(sku="MUG", stock=4)],
        ignore_conflicts=True,
    )

    assert stocks() == {"CUP": 1, "MUG": 3}


def test_ignored_by_unique_value() -> None:
    Maker.objects.create(name="Acme", country="de")

    Maker.objects.bulk_create(
        [Maker(name="Acme", country="fr"), Maker(name="Best", country="at"), Maker(name="Best")],
        ignore_conflicts=True,
    )

    assert countries() == {"Acme": "de", "Best": "at"}


def test_ignored_by_several_unique_values() -> None:
    """The hall and the number of one row, the holder of another; inactive holders repeat."""
    Seat.objects.create(hall="A", number=1, holder="Ada")

    Seat.objects.bulk_create(
        [
            Seat(hall="A", number=1, holder="Bob"),
            Seat(hall="A", number=2, holder="Ada"),
            Seat(hall="A", number=3, holder="Ada", active=False),
        ],
        ignore_conflicts=True,
    )

    assert sorted(Seat.objects.values_list("number", "holder")) == [(1, "Ada"), (3, "Ada")]


def test_what_is_no_conflict_is_not_ignored() -> None:
    with pytest.raises(IntegrityError, match="number_from_one"):
        Seat.objects.bulk_create([Seat(hall="A", number=0)], ignore_conflicts=True)


# Updated ------------------------------------------------------------------------------


def test_updated_by_primary_key() -> None:
    Item.objects.create(sku="CUP", stock=1, title="old")

    Item.objects.bulk_create(
        [Item(sku="CUP", stock=2, title="new"), Item(sku="MUG", stock=3)],
        **UPSERT, unique_fields=["sku"], update_fields=["stock"],
    )  # fmt: skip

    assert stocks() == {"CUP": 2, "MUG": 3}
    assert Item.objects.get(pk="CUP").title == "old"


def test_updated_by_unique_value() -> None:
    acme = Maker.objects.create(name="Acme", country="de")

    made = Maker.objects.bulk_create(
        [Maker(name="Acme", country="fr"), Maker(name="Best", country="at")],
        **UPSERT, unique_fields=["name"], update_fields=["country"],
    )  # fmt: skip

    assert countries() == {"Acme": "fr", "Best": "at"}
    assert made[0].pk == acme.pk == Maker.objects.get(name="Acme").pk


def test_updated_by_composite_key_and_twice() -> None:
    lines = [Line(basket="A", position=1, sku=sku) for sku in ("CUP", "MUG")]

    Line.objects.bulk_create(
        lines, **UPSERT, unique_fields=["basket", "position"], update_fields=["sku"]
    )

    assert list(Line.objects.values_list("position", "sku")) == [(1, "MUG")]


def test_another_unique_value_than_the_named_one_refuses() -> None:
    """As in SQL: only a conflict in `unique_fields` is an update."""
    Seat.objects.create(hall="A", number=1, holder="Ada")

    with pytest.raises(IntegrityError, match=r"engine_seat\.holder"):
        Seat.objects.bulk_create(
            [Seat(hall="A", number=2, holder="Ada")],
            **UPSERT, unique_fields=["hall", "number"], update_fields=["holder"],
        )  # fmt: skip


def test_fields_that_are_not_unique_together() -> None:
    with pytest.raises(OperationalError, match="No primary key or unique constraint"):
        Seat.objects.bulk_create(
            [Seat(hall="A", number=2)],
            **UPSERT, unique_fields=["hall"], update_fields=["holder"],
        )  # fmt: skip


def test_inside_a_transaction_with_pending_rows() -> None:
    with transaction.atomic():
        Item.objects.create(sku="CUP", stock=1)
        rows = [Item(sku="CUP", stock=2), Item(sku="MUG", stock=3)]
        Item.objects.bulk_create(rows, ignore_conflicts=True)
        assert stocks() == {"CUP": 1, "MUG": 3}
        Item.objects.bulk_create(rows, **UPSERT, unique_fields=["sku"], update_fields=["stock"])
        Item.objects.filter(pk="MUG").delete()
        Item.objects.bulk_create(rows, ignore_conflicts=True)

    assert stocks() == {"CUP": 2, "MUG": 3}


# Races --------------------------------------------------------------------------------


def outcome(run: Callable[[], Any]) -> str:
    try:
        run()
    except (IntegrityError, ConflictError) as error:
        return type(error).__name__
    return "done"


def four(**options: Any) -> list[str]:
    """Four at once who all look before the first of them commits."""

    def run(n: int) -> Any:
        rows = [Item(sku="CUP", stock=n), Item(sku="MUG", stock=n)]
        return Item.objects.bulk_create(rows, **options)

    with crowd("TransactWriteItems", 4):
        return sorted(at_once(*[lambda n=n: outcome(lambda: run(n)) for n in range(1, 5)]))


def test_four_without_options() -> None:
    assert four() == ["IntegrityError"] * 3 + ["done"]

    assert len(set(stocks().values())) == 1


@pytest.mark.parametrize(
    "options",
    [{"ignore_conflicts": True},
     {**UPSERT, "unique_fields": ["sku"], "update_fields": ["stock"]}],
    ids=["ignore", "update"],
)  # fmt: skip
def test_four_who_would_yield(options: dict[str, Any]) -> None:
    """Who is overtaken hears of a conflict, and can run it again."""
    assert four(**options) == ["ConflictError"] * 3 + ["done"]

    assert len(set(stocks().values())) == 1


def test_updates_of_rows_that_are_there_conflict() -> None:
    Item.objects.bulk_create([Item(sku="CUP"), Item(sku="MUG")])

    outcomes = four(**UPSERT, unique_fields=["sku"], update_fields=["stock"])

    assert outcomes == ["ConflictError"] * 3 + ["done"]
    assert len(set(stocks().values())) == 1


def test_rows_that_are_there_are_ignored_16_times() -> None:
    Item.objects.bulk_create([Item(sku="CUP"), Item(sku="MUG")])
    rows = [Item(sku="CUP", stock=1), Item(sku="MUG", stock=1)]

    def run() -> None:
        Item.objects.bulk_create(rows, ignore_conflicts=True)

    assert at_once(*[lambda: outcome(run)] * 16) == ["done"] * 16
    assert stocks() == {"CUP": 0, "MUG": 0}
