"""The guard items of unique values, as writes of a commit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.utils import DatabaseError

from dynamodb.errors import ConflictError
from dynamodb.rows.buffer import Buffer
from dynamodb.rows.changes import Address, Change, Lapsed
from dynamodb.rows.refusals import duplicate, overtaken
from dynamodb.rows.writes import Expression, Guard, Write
from dynamodb.tables.table import Key, Table, Unique
from dynamodb.tables.values import AttributeValue

GUARD_KEY = "id"
GUARD_OWNER = "owner"  # the primary key of the row that holds the value


def guard_writes(buffer: Buffer, guard_table: str) -> Iterable[Write]:
    """Guard items follow their rows: released, taken, handed from row to row, or taken over."""
    released: dict[str, tuple[Table, Key]] = {}
    taken: dict[str, tuple[Change, Unique]] = {}
    vacant: dict[Address, list[Lapsed]] = {}  # by owner: one row can be checked only once
    for change in buffer.changes.values():
        if not change.table.uniques or change.native is not None:
            continue
        before, after = change.table.guards(change.before), change.table.guards(change.after)
        released |= {guard: (change.table, change.key) for guard in before if guard not in after}
        taken |= {guard: (change, unique) for guard, unique in after.items() if guard not in before}
    for guard in released.keys() - taken.keys():
        table, key = released[guard]
        write = guard_delete(guard, table, key, guard_table)
        write.rows = ((table.sql_name, key),)
        yield write
    for guard, (change, unique) in taken.items():
        lapsed = buffer.lapsed.get(guard)
        if guard in released:
            previous: Key | None = released[guard][1]
        else:
            previous = lapsed.owner if lapsed else None
        if lapsed and buffer.get(lapsed.table, lapsed.owner) is None:
            vacant.setdefault((lapsed.table.sql_name, lapsed.owner), []).append(lapsed)
        write = guard_put(guard, change, unique, previous, guard_table)
        giver = () if previous is None else ((change.table.sql_name, previous),)
        write.rows = (change.address, *giver)
        yield write
    for address, guards in vacant.items():
        write = as_found(guards)
        write.rows = (address,)
        yield write


def as_found(guards: list[Lapsed]) -> Write:
    """That a row is still as it was found, as far as its guards go: one that was gone might come
    back meanwhile, and they would say what they say now."""
    table, owner, row = guards[0].table, guards[0].owner, guards[0].row or {}
    columns = {column for lapsed in guards for column in lapsed.unique.depends_on}
    columns = columns if row else {table.key.hash}  # else that there still is none
    expression = Expression()
    parts = [expression.equals(column, row.get(column)) for column in sorted(columns)]
    params = {
        "TableName": table.name,
        "Key": table.key_item(owner),
        "ConditionExpression": " AND ".join(parts),
        **expression.params(),
    }
    return Write(
        "ConditionCheck", params, lambda: ConflictError("A unique value has been taken again.")
    )


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
    def refused() -> DatabaseError:
        if change.yields or change.inner:
            return overtaken(change.table)
        return duplicate(change.table, unique)

    write = claim(Guard(change.table, unique, guard), change.key, previous, guard_table)
    write.refused = refused
    return write


def claim(guard: Guard, key: Key, previous: Key | None, guard_table: str) -> Write:
    """The guard for a row, where there is none, or that of the row `previous`."""
    table = guard.table
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
    item = {GUARD_KEY: {"S": guard.key}, GUARD_OWNER: owner_of(table, key)}
    params = {
        "TableName": guard_table,
        "Item": item,
        **condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",  # to see whose it is
    }
    return Write("Put", params, lambda: duplicate(table, guard.unique), item, guard=guard)
