"""Indexes that hold only some columns or only some rows: used where that is enough."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from dynamodb import bulk
from tests.dynamodb.app.models import Parcel
from tests.dynamodb.engine import connection
from tests.dynamodb.sent import read_by, requests

pytestmark = pytest.mark.usefixtures("tables")

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PROJECTED = [("Query", "hub_weight")]
SPARSE = [("Query", "open_hub")]
SCAN = [("Scan", None)]
A = Parcel.objects.filter(hub="A")


@pytest.fixture(autouse=True)
def parcels(tables: None) -> None:
    """Six at hub A, the even ones open, the lightest last."""
    bulk.load(
        Parcel(code=str(n), hub="A", weight=9 - n, note=f"n{n}", status=("open", "done")[n % 2])
        for n in range(6)
    )


def codes(queryset: Any) -> list[str]:
    return [code for (code, *_) in queryset.values_list("code")]


def in_index(name: str) -> set[str]:
    """The codes of the rows that DynamoDB has in an index."""
    params = {"TableName": f"{connection.table_prefix}engine_parcel", "IndexName": name}
    return {item["code"]["S"] for item in connection.dynamodb.call("Scan", params)["Items"]}


# Some columns -------------------------------------------------------------------------


def test_the_definition_names_the_columns() -> None:
    found = connection.control.describe(f"{connection.table_prefix}engine_parcel")
    projections = {i["IndexName"]: i["Projection"] for i in found["GlobalSecondaryIndexes"]}

    assert projections["hub_weight"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]}
    assert projections["open_hub"]["ProjectionType"] == "ALL"


def test_projected_columns_are_enough() -> None:
    queryset = A.order_by("weight").values_list("code", "note", "weight")[:2]

    assert read_by(lambda: list(queryset)) == ([("5", "n5", 4), ("4", "n4", 5)], PROJECTED)


@pytest.mark.parametrize(
    "queryset",
    [A, A.values("lines"), A.filter(carrier=None).values("code"), A.order_by("sent").values("code"),
     A.defer("note")],
)  # fmt: skip
def test_a_column_that_is_not_projected(queryset: Any) -> None:
    found, calls = read_by(lambda: list(queryset))

    assert (len(found), calls) == (6, SCAN)


def test_only_what_is_wanted_and_the_rest_when_it_is_asked_for() -> None:
    lightest, calls = read_by(lambda: A.only("note").order_by("weight").first())
    assert (lightest.code, calls) == ("5", PROJECTED)

    assert read_by(lambda: lightest.status) == ("done", [("GetItem", None)])


def test_a_partial_row_is_not_taken_for_the_whole() -> None:
    with transaction.atomic():
        assert codes(A.order_by("weight"))[0] == "5"
        parcel = Parcel.objects.get(pk="5")
        parcel.note = "new"
        parcel.save()

    assert Parcel.objects.values_list("status", "note").get(pk="5") == ("done", "new")


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("write", ["update", "delete", "lock"])
def test_never_for_rows_to_be_changed(write: str, inside: bool) -> None:
    def run() -> None:
        heavy = A.filter(weight__gte=8)
        if write == "update":
            assert heavy.update(note=F("note")) == 2
        elif write == "delete":
            assert heavy.delete()[0] == 2
        else:
            assert len(heavy.select_for_update().values_list("code")) == 2

    with requests() as seen:
        if inside or write == "lock":
            with transaction.atomic():
                run()
        else:
            run()

    assert {params.get("IndexName") for _, params in seen} == {None}


# Some rows ----------------------------------------------------------------------------


@pytest.mark.parametrize(("order", "expected"), [("weight", ["4", "2", "0"]),
                                                 ("-weight", ["0", "2", "4"])])  # fmt: skip
def test_the_condition_met_in_both_orders(order: str, expected: list[str]) -> None:
    queryset = A.filter(status="open").order_by(order)

    assert read_by(lambda: codes(queryset)) == (expected, SPARSE)
    assert codes(queryset[1:2]) == expected[1:2]


@pytest.mark.parametrize(("order", "expected"), [("weight", ["5", "3", "1"]),
                                                 ("-weight", ["1", "3", "5"])])  # fmt: skip
def test_another_value_falls_back_in_both_orders(order: str, expected: list[str]) -> None:
    queryset = A.filter(status="done").order_by(order).only("code")

    assert read_by(lambda: codes(queryset)) == (expected, SCAN)
    assert codes(queryset[1:2]) == expected[1:2]


def test_a_page_of_the_sparse_index_is_read_in_order_and_no_further() -> None:
    bulk.load(Parcel(code=f"x{n:02}", hub="A", weight=20 + n) for n in range(40))
    queryset = A.filter(status="open").order_by("-weight")[:5]

    with requests() as seen:
        assert codes(queryset) == ["x39", "x38", "x37", "x36", "x35"]

    ((operation, params),) = seen
    assert (operation, params["IndexName"], params["Limit"]) == ("Query", "open_hub", 5)


def test_a_range_of_the_sparse_index() -> None:
    queryset = A.filter(status="open", weight__gt=5, weight__lt=9)

    found, calls = read_by(lambda: [p.code for p in queryset])

    assert (found, calls) == (["2"], SPARSE)


def test_several_values_are_not_the_condition() -> None:
    queryset = A.filter(status__in=["open", "done"])

    found, calls = read_by(lambda: sorted(p.code for p in queryset))

    assert (found, calls) == (list("012345"), SCAN)


def save(status: str) -> None:
    parcel = Parcel.objects.get(pk="0")
    parcel.status = status
    parcel.save()


def load(status: str) -> None:
    parcel = Parcel.objects.get(pk="0")
    parcel.status = status
    bulk.load([parcel])


def bulk_update(status: str) -> None:
    parcel = Parcel.objects.get(pk="0")
    parcel.status = status
    Parcel.objects.bulk_update([parcel], ["status"])


def upsert(status: str) -> None:
    Parcel.objects.bulk_create(
        [Parcel(code="0", hub="A", weight=9, status=status)],
        update_conflicts=True, unique_fields=["code"], update_fields=["status"],
    )  # fmt: skip


def buffered(status: str) -> None:
    with transaction.atomic():
        Parcel.objects.filter(pk="0").update(weight=F("weight") + 0)
        Parcel.objects.filter(pk="0").update(status=status)


WAYS: dict[str, Any] = {
    "save": save,
    "update by key": lambda status: Parcel.objects.filter(pk="0").update(status=status),
    "update by index": lambda status: A.filter(weight=9).update(status=status),
    "bulk load": load,
    "bulk update": bulk_update,
    "bulk create": upsert,
    "in a transaction": buffered,
}


@pytest.mark.parametrize("way", WAYS)
def test_rows_move_out_and_in(way: str) -> None:
    assert in_index("open_hub") == {"0", "2", "4"}

    WAYS[way]("done")
    assert in_index("open_hub") == {"2", "4"}
    assert codes(A.filter(status="open").order_by("weight")) == ["4", "2"]

    WAYS[way]("open")
    assert in_index("open_hub") == {"0", "2", "4"}
    assert codes(A.filter(status="open").order_by("weight")) == ["4", "2", "0"]


def test_the_partition_key_of_a_sparse_index_moves() -> None:
    Parcel.objects.filter(pk="0").update(hub="B")

    assert codes(A.filter(status="open")) == ["4", "2"]
    assert codes(Parcel.objects.filter(hub="B", status="open")) == ["0"]


def test_a_native_update_of_another_column_stays_native() -> None:
    _, calls = read_by(lambda: Parcel.objects.filter(pk="0").update(weight=F("weight") - 8))

    assert calls == [("UpdateItem", None)]
    assert codes(A.filter(status="open").order_by("weight")) == ["0", "4", "2"]


def test_pending_rows_come_and_go() -> None:
    with transaction.atomic():
        Parcel.objects.filter(pk="0").update(status="done")
        Parcel.objects.filter(pk="1").update(status="open")
        Parcel.objects.create(code="6", hub="A", weight=6)
        assert codes(A.filter(status="open").order_by("weight")) == ["4", "6", "2", "1"]
        assert codes(A.filter(status="open").order_by("-weight")) == ["1", "2", "6", "4"]
        transaction.set_rollback(True)


# A sort key that may be NULL ----------------------------------------------------------


@pytest.fixture
def sent() -> Any:
    """Three of carrier X, one of which has not been sent."""
    for n, moment in (("0", NOON), ("1", None), ("2", NOON + timedelta(1))):
        Parcel.objects.filter(pk=n).update(carrier="X", sent=moment)
    return Parcel.objects.filter(carrier="X")


def test_rows_with_null_are_not_in_the_index(sent: Any) -> None:
    assert in_index("sent_by") == {"0", "2"}

    Parcel.objects.filter(pk="0").update(sent=None)
    Parcel.objects.filter(pk="1").update(sent=NOON)
    assert in_index("sent_by") == {"1", "2"}


def test_a_query_that_compares_the_sort_key(sent: Any) -> None:
    later = sent.filter(sent__gte=NOON)
    by_index = [("Query", "sent_by")]

    assert read_by(lambda: codes(later.order_by("-sent"))) == (["2", "0"], by_index)
    assert read_by(lambda: codes(sent.filter(sent=NOON))) == (["0"], by_index)


@pytest.mark.parametrize("where", [{}, {"sent": None}])
def test_a_query_that_wants_rows_with_null_too(sent: Any, where: dict[str, Any]) -> None:
    found, calls = read_by(lambda: sorted(codes(sent.filter(**where))))

    assert (found, calls) == (["1"] if where else ["0", "1", "2"], SCAN)


def test_what_is_not_null_is_found_by_the_index(sent: Any) -> None:
    present = sent.filter(sent__isnull=False)
    by_index = [("Query", "sent_by")]

    assert read_by(lambda: codes(present.order_by("-sent"))) == (["2", "0"], by_index)
    assert read_by(lambda: sorted(codes(present))) == (["0", "2"], by_index)
