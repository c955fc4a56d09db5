"""The exact requests of a commit, and what its refusals mean."""

from typing import Any

import pytest
from django.db.utils import DatabaseError, IntegrityError

from dynamodb.client.refusals import ServiceError
from dynamodb.errors import ConflictError, TransactionTooLarge
from dynamodb.rows.buffer import Buffer
from dynamodb.rows.changes import Native
from dynamodb.rows.commit import commit
from dynamodb.tables.columns import Column
from dynamodb.tables.index import Index
from dynamodb.tables.table import Table, Unique

GUARDS = "guards"
MAKER = Table(
    "shop-maker",
    "maker",
    [
        Column("id", "bigint", "integer", null=False),
        Column("name", "varchar", "text", null=False),
        Column("stock", "integer unsigned", "integer", positive=True),
    ],
    Index(None, "id"),
    uniques=[Unique(("name",))],
    auto="id",
)
ITEM = Table("shop-item", "item", MAKER.columns, Index(None, "id"))
KEY = {"id": {"N": "1"}}
OWNER = {"M": KEY}
NOT_THERE = {
    "ConditionExpression": "attribute_not_exists(#k)",
    "ExpressionAttributeNames": {"#k": "id"},
}


class Script:
    """A client that notes its calls and answers with the errors it is given."""

    def __init__(self, *errors: ServiceError):
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.errors = list(errors)

    def call(self, operation: str, params: dict[str, Any], repeatable: bool = True) -> Any:
        self.calls.append((operation, params))
        if self.errors:
            raise self.errors.pop(0)
        return {}


def row(name: str = "Acme", stock: str = "5") -> dict[str, Any]:
    return {**KEY, "name": {"S": name}, "stock": {"N": stock}}


def committed(buffer: Buffer) -> list[tuple[str, dict[str, Any]]]:
    """The calls of a commit, without what is the same in all."""
    script = Script()
    commit(buffer, script, GUARDS)  # type: ignore[arg-type]
    for _, params in script.calls:
        params.pop("ClientRequestToken", None)
        params.pop("ReturnValuesOnConditionCheckFailure", None)
    return script.calls


def test_an_insert() -> None:
    buffer = Buffer(lambda change: change)
    buffer.insert(ITEM, ("1",), row(), made=False)

    params = {"TableName": "shop-item", "Item": row(), **NOT_THERE}
    assert committed(buffer) == [("PutItem", params)]


def test_an_insert_with_a_unique_value() -> None:
    buffer = Buffer(lambda change: change)
    buffer.insert(MAKER, ("1",), row(), made=True)

    put = {"TableName": "shop-maker", "Item": row(), **NOT_THERE}
    guard = {
        "TableName": GUARDS,
        "Item": {"id": {"S": 'maker#name#["Acme"]'}, "owner": OWNER},
        **NOT_THERE,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    assert committed(buffer) == [
        ("TransactWriteItems", {"TransactItems": [{"Put": put}, {"Put": guard}]})
    ]


def test_an_update_depends_on_what_it_changes_and_read() -> None:
    buffer = Buffer(lambda change: change)
    buffer.change(ITEM, ("1",), row(), frozenset({"name"}), row(stock="4"))

    assert committed(buffer) == [
        (
            "UpdateItem",
            {
                "TableName": "shop-item",
                "Key": KEY,
                "UpdateExpression": "SET #0 = :0",
                "ConditionExpression": "attribute_exists(#1) AND #2 = :1 AND #0 = :2",
                "ExpressionAttributeNames": {"#0": "stock", "#1": "id", "#2": "name"},
                "ExpressionAttributeValues": {
                    ":0": {"N": "4"},
                    ":1": {"S": "Acme"},
                    ":2": {"N": "5"},
                },
            },
        )
    ]


def test_a_deletion_gives_its_unique_value_back() -> None:
    buffer = Buffer(lambda change: change)
    buffer.change(MAKER, ("1",), row(), frozenset(), None)

    (operation, params), *_ = committed(buffer)
    row_deletion, guard_deletion = (each["Delete"] for each in params["TransactItems"])
    assert operation == "TransactWriteItems"
    assert row_deletion["ConditionExpression"] == "attribute_exists(#0) AND #1 = :0"
    assert guard_deletion == {
        "TableName": GUARDS,
        "Key": {"id": {"S": 'maker#name#["Acme"]'}},
        "ConditionExpression": "attribute_not_exists(#o) OR #o = :o",
        "ExpressionAttributeNames": {"#o": "owner"},
        "ExpressionAttributeValues": {":o": OWNER},
    }


def test_a_unique_value_handed_from_row_to_row() -> None:
    buffer = Buffer(lambda change: change)
    second = {**row(), "id": {"N": "2"}}
    buffer.change(MAKER, ("1",), row(), frozenset(), None)
    buffer.insert(MAKER, ("2",), second, made=True)

    (_, params), *_ = committed(buffer)
    (handed,) = [
        w["Put"] for w in params["TransactItems"] if w.get("Put", {}).get("TableName") == GUARDS
    ]
    assert len(params["TransactItems"]) == 3
    assert handed["Item"]["owner"] == {"M": {"id": {"N": "2"}}}
    assert handed["ConditionExpression"] == "#o = :o"
    assert handed["ExpressionAttributeValues"] == {":o": OWNER}


def test_a_native_update() -> None:
    buffer = Buffer(lambda change: change)
    native = Native(adds=(("stock", "-3"),), conditions=(("name", "=", {"S": "Acme"}),))
    buffer.apply(ITEM, ("1",), row(), native, row(stock="2"))

    assert committed(buffer) == [
        (
            "UpdateItem",
            {
                "TableName": "shop-item",
                "Key": KEY,
                "UpdateExpression": "SET #2 = #2 - :1",
                "ConditionExpression": "attribute_exists(#0) AND #1 = :0 AND #2 >= :2",
                "ExpressionAttributeNames": {"#0": "id", "#1": "name", "#2": "stock"},
                "ExpressionAttributeValues": {
                    ":0": {"S": "Acme"},
                    ":1": {"N": "3"},
                    ":2": {"N": "3"},
                },
            },
        )
    ]


def test_a_lock_alone_and_beside_a_write() -> None:
    buffer = Buffer(lambda change: change)
    buffer.lock(ITEM, ("1",), row())
    assert committed(buffer) == []

    buffer.insert(ITEM, ("2",), {**row(), "id": {"N": "2"}}, made=False)
    (_, params), *_ = committed(buffer)
    assert params["TransactItems"][0]["ConditionCheck"] == {
        "TableName": "shop-item",
        "Key": KEY,
        "ConditionExpression": "attribute_exists(#0) AND #1 = :0 AND #2 = :1",
        "ExpressionAttributeNames": {"#0": "id", "#1": "name", "#2": "stock"},
        "ExpressionAttributeValues": {":0": {"S": "Acme"}, ":1": {"N": "5"}},
    }


def test_nothing_changed_nothing_written() -> None:
    buffer = Buffer(lambda change: change)
    buffer.change(ITEM, ("1",), row(), frozenset(), row())
    buffer.insert(ITEM, ("2",), {**row(), "id": {"N": "2"}}, made=False)
    buffer.change(ITEM, ("2",), row(), frozenset(), None)

    assert committed(buffer) == []


def test_savepoints_are_undone_step_by_step() -> None:
    buffer = Buffer(lambda change: change)
    buffer.insert(ITEM, ("1",), row(), made=False)
    position = buffer.position()
    buffer.change(ITEM, ("1",), row(), frozenset({"stock"}), None)
    buffer.insert(MAKER, ("2",), row(), made=True)
    assert (buffer.touches(MAKER), [c.after for c in buffer.of(ITEM)]) == (True, [None])

    buffer.undo_to(position)

    assert (buffer.touches(MAKER), [c.after for c in buffer.of(ITEM)]) == (False, [row()])


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (("ConditionalCheckFailed", "None"), ConflictError),  # the new id is taken
        (("None", "ConditionalCheckFailed"), IntegrityError),
        (("ConditionalCheckFailed", "ConditionalCheckFailed"), ConflictError),
        (("TransactionConflict", "None"), ConflictError),
        (("None", "ValidationError"), DatabaseError),
    ],
)
def test_what_a_cancelled_transaction_means(codes: tuple[str, ...], error: Any) -> None:
    buffer = Buffer(lambda change: change)
    buffer.insert(MAKER, ("1",), row(), made=True)
    reasons = {"CancellationReasons": [{"Code": code} for code in codes]}
    script = Script(ServiceError("TransactionCanceledException", "", reasons))

    with pytest.raises(error):
        commit(buffer, script, GUARDS)  # type: ignore[arg-type]


def test_more_than_100_writes() -> None:
    buffer = Buffer(lambda change: change)
    for n in range(51):
        item = {"id": {"N": str(n)}, "name": {"S": str(n)}}
        buffer.insert(MAKER, (str(n),), item, made=True)
    script = Script()

    with pytest.raises(TransactionTooLarge, match="102 writes"):
        commit(buffer, script, GUARDS)  # type: ignore[arg-type]

    assert script.calls == []
