"""What could be stored and never be read again is refused, and leaves what is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import F

from tests.dynamodb.app.models import Doctor, Item, Parcel
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")

MOST, LEAST = 2**63 - 1, -(2**63)
HALF = "b\ud800"  # of a pair: no UTF-8


def ada(shifts: int = 0) -> Any:
    return Doctor.objects.create(name="Ada", ward="b", shifts=shifts)


def alone(change: Callable[[], Any]) -> None:
    change()


def inside(change: Callable[[], Any]) -> None:
    with transaction.atomic():
        change()


WHERE = pytest.mark.parametrize("where", [alone, inside])
BY_KEY = Doctor.objects.filter(pk="Ada")  # one UpdateItem
BY_INDEX = Doctor.objects.filter(ward="b")  # through SQLite
BOTH = pytest.mark.parametrize("found", [BY_KEY, BY_INDEX], ids=["native", "SQLite"])


@WHERE
@pytest.mark.parametrize("number", [MOST + 1, LEAST - 1, 10**30])
def test_integers_beyond_64_bits(where: Any, number: int) -> None:
    with pytest.raises(DataError, match="out of range"):
        where(lambda: ada(number))
    with pytest.raises(DataError, match="out of range"):
        where(lambda: Doctor.objects.bulk_create([Doctor(name="Ada", ward="b", shifts=number)]))
    assert Doctor.objects.count() == 0


@WHERE
@BOTH
@pytest.mark.parametrize(
    ("before", "added"), [(MOST - 1, 2), (LEAST + 1, -2), (0, 2**63), (1, 2**65)]
)
def test_sums_beyond_64_bits(where: Any, found: Any, before: int, added: int) -> None:
    ada(before)
    with pytest.raises(DataError):
        where(lambda: found.all().update(shifts=F("shifts") + added))
    assert Doctor.objects.get().shifts == before


@WHERE
@BOTH
@pytest.mark.parametrize(
    ("before", "added", "after"), [(MOST - 1, 1, MOST), (LEAST + 1, -1, LEAST)]
)
def test_the_last_numbers_are_kept(
    where: Any, found: Any, before: int, added: int, after: int
) -> None:
    ada(before)
    where(lambda: found.all().update(shifts=F("shifts") + added))
    assert Doctor.objects.get().shifts == after


def test_a_condition_that_is_not_met_changes_nothing_and_says_nothing() -> None:
    ada(MOST)
    assert Doctor.objects.filter(pk="Ada", ward="c").update(shifts=F("shifts") + 1) == 0


def test_a_positive_column_still_says_what_it_said() -> None:
    Item.objects.create(sku="MUG", stock=1)
    with pytest.raises(IntegrityError, match="stock >= 0"):
        Item.objects.filter(pk="MUG").update(stock=F("stock") - 2)


def test_a_row_that_other_code_has_spoilt_can_be_read_and_mended() -> None:
    ada()
    connection.dynamodb.call(
        "UpdateItem",
        {
            "TableName": f"{connection.table_prefix}engine_doctor",
            "Key": {"name": {"S": "Ada"}},
            "UpdateExpression": "SET shifts = :n",
            "ExpressionAttributeValues": {":n": {"N": str(2**70)}},
        },
    )
    assert Doctor.objects.get().ward == "b"
    assert Doctor.objects.values_list("shifts", flat=True).get() == str(2**70)
    assert BY_INDEX.all().update(shifts=4) == 1
    assert Doctor.objects.get().shifts == 4


@WHERE
def test_half_of_a_pair_is_no_text(where: Any) -> None:
    for values in ({"name": HALF}, {"name": "Ada", "ward": HALF}):
        with pytest.raises(DataError, match="surrogates not allowed"):
            where(lambda values=values: Doctor.objects.create(**values))
    for lines in ({"note": HALF}, {HALF: 1}, [[HALF]]):
        with pytest.raises(DataError):
            where(lambda lines=lines: Parcel.objects.create(code="p", lines=lines))
    with pytest.raises(DataError):
        Doctor.objects.filter(ward=HALF).count()
    assert (Doctor.objects.count(), Parcel.objects.count()) == (0, 0)


@pytest.mark.parametrize("number", [1e300, 10**40 + 1, float("nan")])
def test_numbers_that_dynamodb_does_not_hold(number: float) -> None:
    with pytest.raises((DataError, IntegrityError)):
        Parcel.objects.create(code="p", lines={"n": number})
    assert Parcel.objects.count() == 0
