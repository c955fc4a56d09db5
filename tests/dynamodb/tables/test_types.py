"""Every type, there and back, and as DynamoDB keeps it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, transaction

from dynamodb import bulk
from tests.dynamodb.app.models import Item, Maker, Ticket
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")

MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


def stored(model: Any, key: dict[str, Any]) -> dict[str, Any]:
    """The item as DynamoDB has it."""
    name = connection.table_prefix + model._meta.db_table
    params = {"TableName": name, "Key": key, "ConsistentRead": True}
    return connection.dynamodb.call("GetItem", params).get("Item", {})


@pytest.mark.parametrize(
    "text",
    ["0", "0.0000000001", "1234567890123456789012345678.0123456789", "-0.1",
     "9999999999999999999999999999.9999999999", "123456789.123456789"],
)  # fmt: skip
def test_decimals_are_exact(text: str) -> None:
    Item.objects.create(sku="MUG", price=Decimal(text))

    assert Item.objects.get(pk="MUG").price == Decimal(text)
    assert Item.objects.filter(price=Decimal(text)).count() == 1
    assert Decimal(stored(Item, {"sku": {"S": "MUG"}})["price"]["N"]) == Decimal(text)


def test_wide_decimals_are_in_order() -> None:
    wide = [Decimal(text) for text in ("-1234567890123456789012345678.9", "2",
                                       "1234567890123456789012345678.1")]  # fmt: skip
    for n, price in enumerate(wide):
        Item.objects.create(sku=str(n), price=price)

    assert [item.sku for item in Item.objects.order_by("price")] == ["0", "1", "2"]
    assert sorted(i.sku for i in Item.objects.filter(price__lt=Decimal(3))) == ["0", "1"]


@pytest.mark.parametrize(
    "value",
    [{}, [], 0, -0.5, "", True, {"a": [1, 2.5, None, {"b": "ä\x00"}], "": {}}, 10**30, 2**70 + 1],
)
def test_json_is_native(value: Any) -> None:
    Item.objects.create(sku="MUG", data=value)

    assert Item.objects.get(pk="MUG").data == value


def test_json_as_dynamodb_keeps_it() -> None:
    Item.objects.create(sku="MUG", data={"a": [1, "x", None, True]})

    assert stored(Item, {"sku": {"S": "MUG"}})["data"] == {
        "M": {"a": {"L": [{"N": "1"}, {"S": "x"}, {"NULL": True}, {"BOOL": True}]}}
    }
    assert Item.objects.filter(data__a__1="x").count() == 1


def test_binary_and_text() -> None:
    Item.objects.create(sku="ä\x00€", blob=bytes(range(256)), title="\x00")

    item = Item.objects.get(pk="ä\x00€")
    assert (bytes(item.blob), item.title) == (bytes(range(256)), "\x00")


def test_a_row_over_400_kb() -> None:
    with pytest.raises(DataError):
        Item.objects.create(sku="MUG", blob=bytes(410_000))
    assert Item.objects.count() == 0


# Rows that expire ---------------------------------------------------------------------


def ticket() -> dict[str, Any]:
    return stored(Ticket, {"code": {"S": "A"}})


def test_the_moment_of_expiry_is_kept_twice() -> None:
    Ticket.objects.create(code="A", expires=MOMENT)

    assert ticket() == {
        "code": {"S": "A"},
        "note": {"S": ""},
        "expires": {"S": "2030-01-01 00:00:00"},
        "_expires": {"N": str(int(MOMENT.timestamp()))},
    }


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("expires", [None, datetime(2031, 1, 1, tzinfo=UTC)])
def test_another_moment_of_expiry(inside: bool, expires: datetime | None) -> None:
    """A row that no longer expires must not be deleted by the old attribute."""
    Ticket.objects.create(code="A", expires=MOMENT)
    row = Ticket.objects.get(pk="A")
    row.expires = expires
    if inside:
        with transaction.atomic():
            row.save()
    else:
        row.save()

    kept = {"_expires": {"N": str(int(expires.timestamp()))}} if expires else {}
    assert {k: v for k, v in ticket().items() if k == "_expires"} == kept


def test_time_to_live_is_on() -> None:
    name = connection.table_prefix + "engine_ticket"
    answer = connection.dynamodb.call("DescribeTimeToLive", {"TableName": name})

    assert answer["TimeToLiveDescription"]["AttributeName"] == "_expires"
    assert answer["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


# In bulk ------------------------------------------------------------------------------


def test_bulk_load() -> None:
    assert bulk.load(Maker(name=f"maker {n}") for n in range(60)) == 60

    assert Maker.objects.get(name="maker 59").pk > Maker.objects.get(name="maker 0").pk
    assert Maker.objects.count() == 60


def test_bulk_load_replaces_rows_with_the_same_key() -> None:
    bulk.load([Item(sku="MUG", title="first"), Item(sku="MUG", title="second")])

    assert Item.objects.get(pk="MUG").title == "second"


def test_bulk_create_sets_keys_in_order() -> None:
    with transaction.atomic():
        makers = Maker.objects.bulk_create(Maker(name=str(n)) for n in range(3))

    assert sorted(m.pk for m in makers) == [m.pk for m in makers]
    assert [Maker.objects.get(pk=m.pk).name for m in makers] == ["0", "1", "2"]
