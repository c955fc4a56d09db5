"""Counters in a cache's table, for limits: several at once, exactly, or none of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from dynamodb.client.client import Client
from dynamodb.client.refusals import ServiceError
from dynamodb.errors import ConflictError
from dynamodb.rows.refusals import translate
from dynamodb.tables.table import TTL_ATTRIBUTE
from dynamodb.tables.values import AttributeValue, Item

VALUE = "value"
Taking = dict[str, dict[str, Any]]  # a write of TransactWriteItems, by its kind


class Limit(NamedTuple):
    """At most `most` under `key`, which is forgotten `seconds` after its first.

    `adds` is how many this one is; 0 only asks whether there is room.
    """

    key: str
    most: int
    seconds: float
    adds: int = 1


def take(client: Client, limits: Sequence[Limit], items: Sequence[Taking]) -> list[Limit]:
    """Make all of these limits' writes, or none; the limits that have no room."""
    token = str(uuid.uuid4())
    try:
        client.call("TransactWriteItems", {"TransactItems": items, "ClientRequestToken": token})
    except ServiceError as error:
        codes = [reason.get("Code") for reason in error.reasons]
        if "ConditionalCheckFailed" not in codes:
            raise translate(error) from error
        pairs = zip(limits, codes, strict=True)
        return [limit for limit, code in pairs if code == "ConditionalCheckFailed"]
    return []


def taking(limit: Limit, table: str, key: Item, expiry: AttributeValue) -> Taking:
    """What a counter of this table is in a transaction."""
    write: dict[str, Any] = {
        "TableName": table,
        "Key": key,
        "ConditionExpression": "attribute_not_exists(#v) OR #v <= :room",
        "ExpressionAttributeNames": {"#v": VALUE},
        "ExpressionAttributeValues": {":room": {"N": str(limit.most - (limit.adds or 1))}},
    }
    if not limit.adds:
        return {"ConditionCheck": write}
    write["UpdateExpression"] = (
        "SET #v = if_not_exists(#v, :none) + :adds, #e = if_not_exists(#e, :e)"
    )
    write["ExpressionAttributeNames"]["#e"] = TTL_ATTRIBUTE
    write["ExpressionAttributeValues"] |= {
        ":adds": {"N": str(limit.adds)},
        ":none": {"N": "0"},
        ":e": expiry,
    }
    return {"Update": write}


def full() -> ConflictError:
    return ConflictError("A counter that was to be added to with this transaction is full.")
