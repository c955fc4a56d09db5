"""Statements that are not divided, since after their first part they would say something else: see
`dynamodb.dividing`."""

from typing import Any

import pytest
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from dynamodb import bulk
from dynamodb.errors import TransactionTooLarge
from tests.dynamodb.app.models import Doctor, Entry, Item, Maker
from tests.dynamodb.rows.test_parts import doctors

pytestmark = pytest.mark.usefixtures("tables")


@pytest.mark.parametrize(
    "value",
    [
        Case(When(shifts=0, then=Value(1)), default=Value(0)),
        Case(When(Q(ward="W1") & ~Q(shifts=0), then=Value(1)), default=Value(2)),
        RawSQL("shifts + 1", []),
    ],
    ids=["a condition", "one of several", "nobody knows"],
)
def test_values_that_read_what_they_change(value: Any) -> None:
    doctors()
    with pytest.raises(TransactionTooLarge, match=r"150 writes.*not done in parts"):
        Doctor.objects.update(shifts=value)
    assert Doctor.objects.filter(shifts=0).count() == 150


def busy() -> QuerySet[Doctor]:
    """Those of wards in which somebody has nine shifts."""
    same = Doctor.objects.filter(ward=OuterRef("ward"), shifts=9)
    found: QuerySet[Doctor] = Doctor.objects.filter(Exists(same))
    return found


def test_rows_told_by_others_of_their_table() -> None:
    """GIVEN rows that are meant because of one of them, WHEN they are too many for a transaction,
    THEN none is changed: without that one, nobody would find the others."""
    doctors()
    Doctor.objects.update(ward="W")
    Doctor.objects.filter(pk="D000").update(shifts=9)
    some = list(Doctor.objects.all())
    for doctor in some:
        doctor.shifts = 1
    for many in (
        lambda: busy().delete(),
        lambda: busy().update(shifts=1),
        lambda: Doctor.objects.annotate(at=Exists(busy())).filter(at=True).update(shifts=1),
        lambda: busy().bulk_update(some, ["shifts"]),
        lambda: Doctor.objects.extra(where=["shifts < 99"]).update(shifts=1),
    ):
        with pytest.raises(TransactionTooLarge, match=r"150 writes|told by others"):
            many()
    assert busy().count() == 150


def test_rows_told_by_a_join_to_their_table() -> None:
    bulk.load(
        Entry(id=n, group=0, name="a", amount=0, flag=True, parent_id=max(n - 1, 0))
        for n in range(150)
    )
    with pytest.raises(TransactionTooLarge, match=r"150 writes.*not done in parts"):
        Entry.objects.filter(parent__flag=True).update(flag=False)
    assert Entry.objects.filter(flag=True).count() == 150


def test_rows_told_by_another_table() -> None:
    """These stay what they are."""
    maker = Maker.objects.create(name="M")
    bulk.load(Item(sku=f"I{n:03}", maker=maker) for n in range(120))
    for stock, found in enumerate(
        [
            Item.objects.filter(maker__name="M"),
            Item.objects.filter(maker__in=Maker.objects.filter(name="M")),
            Item.objects.exclude(tags__name="N"),
        ],
        1,
    ):
        assert found.update(stock=stock, title=F("sku")) == 120
        assert Item.objects.filter(stock=stock).count() == 120


def test_bulk_update_of_fields_that_come_one_by_one() -> None:
    doctors()
    found = list(Doctor.objects.all())
    for doctor in found:
        doctor.shifts = 7
    assert Doctor.objects.bulk_update(found, (name for name in ["shifts"])) == 150
    assert Doctor.objects.filter(shifts=7).count() == 150
