"""Where `optimistic()` looks after all: what was read, what is not run again, what was before."""

import pytest
from django.db import connections, transaction
from django.db.models import F

from dynamodb.conflicts import optimistic, retry_on_conflict, retry_uncommitted
from dynamodb.errors import ConflictError
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Parcel
from tests.dynamodb.plain import empty_sqlite

pytestmark = pytest.mark.usefixtures("server")


@pytest.fixture(autouse=True)
def item(server: str) -> Item:
    return Item.objects.create(sku="A", shelf="s", stock=5)


def somebody_else(model: type[Doctor | Item | Parcel], **to: object) -> None:
    def change() -> None:
        try:
            model.objects.filter(pk="A").update(**to)
        finally:
            connections.close_all()

    at_once(change)


def test_what_a_query_has_read_is_no_unread_row() -> None:
    """GIVEN a row found by an index WHEN another adds to it meanwhile THEN both sums count."""

    def run() -> None:
        with transaction.atomic(), optimistic():
            found = Item.objects.get(shelf="s")
            if found.stock == 5:
                somebody_else(Item, stock=F("stock") + 10)
            found.stock += 1
            found.save(update_fields=["stock"])

    retry_on_conflict(run)
    assert Item.objects.get(pk="A").stock == 16


def test_what_an_index_of_some_columns_has_read() -> None:
    """GIVEN an index with a part of a row WHEN another changes that THEN nothing is lost."""
    Parcel.objects.create(code="A", hub="h", weight=1, note="x")

    def run() -> None:
        with transaction.atomic():
            found = Parcel.objects.filter(hub="h").only("note").get()
            if found.note == "x":
                somebody_else(Parcel, note="xy")
            found.note += "z"
            found.save(update_fields=["note"])

    retry_on_conflict(run)
    assert Parcel.objects.get(pk="A").note == "xyz"


def test_what_an_index_does_not_have_is_nobody_s_decision() -> None:
    """A column that was not delivered may have changed; so may one that is not written."""
    Parcel.objects.create(code="A", hub="h", weight=1, note="x")
    with transaction.atomic():
        found = Parcel.objects.filter(hub="h").only("note").get()
        somebody_else(Parcel, carrier="post")
        Parcel.objects.filter(pk=found.pk).update(carrier="own")
    assert Parcel.objects.get(pk="A").carrier == "own"


def test_a_sum_is_saved_with_what_was_read_beside_it() -> None:
    """As the documentation warns: a native update is checked by its filter alone."""
    Doctor.objects.create(name="A", ward="north")
    with transaction.atomic():
        found = Doctor.objects.get(pk="A")
        somebody_else(Doctor, ward="south")
        found.shifts = F("shifts") + 1
        found.save()
    found.refresh_from_db()
    assert (found.shifts, found.ward) == (1, "north")


def few(tries: list[bool]) -> int:
    """How many rows an update finds that finds none."""
    with transaction.atomic(), optimistic() as unread:
        tries.append(unread)
        return Item.objects.filter(pk="A", stock__gte=9).update(stock=0)


@pytest.mark.parametrize("title", ["x", None])
def test_what_follows_a_commit_is_not_run_again_with_it(title: str | None) -> None:
    """Whether or not there was anything to commit."""
    found: list[int] = []
    tries: list[bool] = []

    def run() -> None:
        with transaction.atomic():
            if title:
                Item.objects.filter(pk="A").update(title=title)
            transaction.on_commit(lambda: found.append(few(tries)))

    retry_on_conflict(run)
    assert (found, tries) == ([0], [False])


def test_after_a_commit_of_the_same_try() -> None:
    """Which would be done twice; or end in PartlyCommitted, and nothing is wrong."""
    tries: list[bool] = []

    def run() -> int:
        Item.objects.filter(pk="A").update(title="x")
        return few(tries)

    assert retry_uncommitted(run) == 0
    assert retry_on_conflict(run) == 0
    assert tries == [False, False]


def test_an_inner_one_that_is_run_again_looks() -> None:
    """GIVEN optimistic() around it WHEN the inner one is run again THEN it reads."""

    def inner() -> int:
        with transaction.atomic():
            return Item.objects.filter(pk="A", stock__gte=9).update(stock=0)

    def run() -> int:
        with optimistic():
            return retry_on_conflict(inner)

    assert retry_on_conflict(run) == 0


def test_a_transaction_of_another_database_is_no_reason_not_to() -> None:
    """GIVEN an open one of SQLite's WHEN one here meets a conflict THEN it is run again."""
    tries: list[bool] = []
    with empty_sqlite() as alias, transaction.atomic(using=alias):

        def run() -> int:
            found = few(tries)
            if len(tries) == 1:
                raise ConflictError
            return found

        assert retry_on_conflict(run) == 0
    assert tries == [False, False]


def test_a_part_of_a_transaction_is_not_run_again_alone() -> None:
    """It would meet the same, until no try is left for the whole."""
    runs: list[str] = []

    def look() -> int:
        runs.append("part")
        with transaction.atomic():
            return Item.objects.get(pk="A").stock

    def run() -> int:
        runs.append("whole")
        with transaction.atomic(), optimistic():
            Item.objects.filter(pk="A", stock__gte=9).update(stock=0)
            return retry_on_conflict(look)

    assert retry_on_conflict(run) == 5
    assert runs == ["whole", "part", "whole", "part"]
