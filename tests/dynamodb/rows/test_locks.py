"""`select_for_update()`: a ConditionCheck of each row that was read."""

from typing import Any

import pytest
from django.db import transaction

from dynamodb import bulk
from dynamodb.errors import ConflictError, TransactionTooLarge
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Maker
from tests.dynamodb.sent import requests

pytestmark = pytest.mark.usefixtures("tables")

ALL = [f"{n:03}" for n in range(6)]
LOCKED = Item.objects.select_for_update()


def shelf(count: int) -> None:
    bulk.load(Item(sku=f"{n:03}", shelf="A", stock=n, title="x") for n in range(count))


def checked(writes: list[dict[str, Any]]) -> list[str]:
    """The keys of the rows whose ConditionChecks a transaction carries."""
    return [w["ConditionCheck"]["Key"]["sku"]["S"] for w in writes if "ConditionCheck" in w]


def committed(run: Any) -> list[dict[str, Any]]:
    """The writes of the one TransactWriteItems of a transaction that also adds a doctor."""
    with requests() as seen, transaction.atomic():
        run()
        Doctor.objects.create(name="Ada", ward="A")
    ((_, params),) = [each for each in seen if each[0] == "TransactWriteItems"]
    writes: list[dict[str, Any]] = params["TransactItems"]
    return writes


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: LOCKED.get(pk="003"), ["003"]),
        (lambda: list(LOCKED.filter(pk__in=["001", "004", "none"])), ["001", "004"]),
        (lambda: list(LOCKED.filter(shelf="A", stock__gte=2, stock__lte=4)), ["002", "003", "004"]),
        (lambda: list(LOCKED.filter(shelf="A").order_by("stock")[:2]), ["000", "001"]),
        (lambda: list(LOCKED.filter(shelf="A").order_by("-stock")[:2]), ["005", "004"]),
        (lambda: list(LOCKED.filter(stock__lt=2).values_list("title")), ALL),
    ],
)  # fmt: skip
def test_each_row_read_is_checked(read: Any, expected: list[str]) -> None:
    shelf(6)

    assert sorted(checked(committed(read))) == sorted(expected)


@pytest.mark.parametrize("read", [lambda: LOCKED.filter(shelf="A").count(),
                                  lambda: list(LOCKED.filter(pk="none"))])  # fmt: skip
def test_no_row_no_lock(read: Any) -> None:
    shelf(6)
    with requests() as seen, transaction.atomic():
        read()
        Doctor.objects.create(name="Ada", ward="A")

    assert [operation for operation, _ in seen][-1] == "PutItem"


def test_every_column_is_checked() -> None:
    Item.objects.create(sku="MUG", stock=5, title="old")

    writes = committed(lambda: LOCKED.values_list("title").get(pk="MUG"))

    (check,) = [write["ConditionCheck"] for write in writes if "ConditionCheck" in write]
    names = set(check["ExpressionAttributeNames"].values())
    assert names == {field.column for field in Item._meta.concrete_fields}
    assert check["ConditionExpression"].startswith("attribute_exists(#0) AND ")


def test_a_row_that_is_written_is_checked_by_its_write() -> None:
    """DynamoDB takes one operation for each row of a transaction."""
    Item.objects.create(sku="MUG", stock=5, title="old")

    def run() -> None:
        item = LOCKED.get(pk="MUG")
        item.stock = 4
        item.save()

    writes = committed(run)

    assert [kind for write in writes for kind in write] == ["Update", "Put"]
    assert "title" in writes[0]["Update"]["ExpressionAttributeNames"].values()


def test_locks_alone_send_nothing() -> None:
    shelf(3)
    with requests() as seen, transaction.atomic():
        list(LOCKED.filter(shelf="A"))

    assert [operation for operation, _ in seen] == ["Query"]


def test_99_rows_and_one_write() -> None:
    shelf(99)

    writes = committed(lambda: list(LOCKED.filter(shelf="A")))

    assert (len(writes), len(checked(writes))) == (100, 99)


def test_100_rows_and_one_write() -> None:
    shelf(100)

    with pytest.raises(TransactionTooLarge, match="101 writes"), transaction.atomic():
        list(LOCKED.filter(shelf="A"))
        Doctor.objects.create(name="Ada", ward="A")
    assert Doctor.objects.count() == 0


@pytest.mark.parametrize("sku", ["002", "003", "004"])
def test_any_row_of_a_range(sku: str) -> None:
    """Whichever of the rows somebody else changes, the transaction fails."""
    shelf(6)
    with pytest.raises(ConflictError), transaction.atomic():
        assert len(LOCKED.filter(shelf="A", stock__range=(2, 4))) == 3
        at_once(lambda: Item.objects.filter(pk=sku).update(title="changed"))
        Doctor.objects.create(name="Ada", ward="A")

    assert Doctor.objects.count() == 0


@pytest.mark.parametrize(("lock", "sku"), [(False, "003"), (True, "005")])
def test_rows_that_are_not_locked(lock: bool, sku: str) -> None:
    """Without the lock, or beside the range, the same change is no conflict."""
    shelf(6)
    items = LOCKED if lock else Item.objects.all()
    with transaction.atomic():
        assert len(items.filter(shelf="A", stock__range=(2, 4))) == 3
        at_once(lambda: Item.objects.filter(pk=sku).update(title="changed"))
        Doctor.objects.create(name="Ada", ward="A")

    assert Doctor.objects.count() == 1


def test_a_row_deleted_by_somebody_else() -> None:
    shelf(1)
    with pytest.raises(ConflictError), transaction.atomic():
        LOCKED.get(pk="000")
        at_once(lambda: Item.objects.filter(pk="000").delete())
        Doctor.objects.create(name="Ada", ward="A")


def test_a_joined_row_is_locked_too() -> None:
    acme = Maker.objects.create(name="Acme")
    Item.objects.create(sku="MUG", maker=acme)
    with pytest.raises(ConflictError), transaction.atomic():
        LOCKED.select_related("maker").get(pk="MUG")
        at_once(lambda: Maker.objects.filter(pk=acme.pk).update(country="de"))
        Doctor.objects.create(name="Ada", ward="A")


def test_a_savepoint_that_is_undone_unlocks() -> None:
    shelf(1)
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            LOCKED.get(pk="000")
            raise RuntimeError
        at_once(lambda: Item.objects.filter(pk="000").update(title="changed"))
        Doctor.objects.create(name="Ada", ward="A")

    assert Doctor.objects.count() == 1
