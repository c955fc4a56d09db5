"""The guard items of unique values, as writes of a commit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.utils import DatabaseError

from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Change
from dynamodb.rows.refusals import duplicate, overtaken
from dynamodb.rows.writes import Write
from dynamodb.tables.table import Key, Table, Unique
from dynamodb.tables.values import AttributeValue

GUARD_KEY = "id"
GUARD_OWNER = "owner"  # the primary key of the row that holds the value


def guard_writes(changes: Iterable[Change], guard_table: str) -> Iterable[Write]:
    """Guard items follow their rows: released, taken, or handed from row to row."""
    released: dict[str, tuple[Table, Key]] = {}
    taken: dict[str, tuple[Change, Unique]] = {}
    for change in changes:
        if not change.table.uniques or change.native is not None:
            continue
        before, after = change.table.guards(change.before), change.table.guards(change.after)
        released |= {guard: (change.table, change.key) for guard in before if guard not in after}
        taken |= {guard: (change, unique) for guard, unique in after.items() if guard not in before}
    for guard in released.keys() - taken.keys():
        yield guard_delete(guard, *released[guard], guard_table)
    for guard, (change, unique) in taken.items():
        previous = released.get(guard)
        yield guard_put(guard, change, unique, previous[1] if previous else None, guard_table)


def owner_of(table: Table, key: Key) -> AttributeValue:
    return {"M": table.key_item(key)}


def guard_delete(guard: str, table: Table, key: Key, guard_table: str) -> Write:
    params = {
        "TableName": guard_table,
        "Key": {GUARD_KEY: {"S": guard}},
        "ConditionExpression": "attribute_not_exists(#o) OR #o = :o",
        "ExpressionAttributeNames": {"#o": GUARD_OWNER},
        "ExpressionAttributeValues": {":o": owner_of(table, key)},
    }
    return Write("Delete", params, lambda: ConflictError(f"{guard} has another owner."))


def guard_put(
    guard: str, change: Change, unique: Unique, previous: Key | None, guard_table: str
) -> Write:
    table = change.table

    def refused() -> DatabaseError:
        return overtaken(table) if change.yields else duplicate(table, unique)

    condition: dict[str, Any] = {
        "ConditionExpression": "attribute_not_exists(#k)",
        "ExpressionAttributeNames": {"#k": GUARD_KEY},
    }
    if previous is not None:
        condition = {
            "ConditionExpression": "#o = :o",
            "ExpressionAttributeNames": {"#o": GUARD_OWNER},
            "ExpressionAttributeValues": {":o": owner_of(table, previous)},
        }
    item = {GUARD_KEY: {"S": guard}, GUARD_OWNER: owner_of(table, change.key)}
    params = {"TableName": guard_table, "Item": item, **condition}
    return Write("Put", params, refused, item)
