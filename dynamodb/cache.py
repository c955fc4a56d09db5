"""A cache in a DynamoDB table: shared by all processes, emptied by time-to-live.

    CACHES = {"default": {"BACKEND": "dynamodb.cache.DynamoDBCache", "LOCATION": "cache"}}

LOCATION is the table's name behind the prefix of the database; `migrate` makes the
table. `add` and `incr` are atomic, so that throttles and locks can rely on them.
"""

from __future__ import annotations

import base64
import pickle
import time
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import DEFAULT_DB_ALIAS, connections

from dynamodb.client import ServiceError
from dynamodb.commit import translate
from dynamodb.control import Control, expiring_table
from dynamodb.tables import TTL_ATTRIBUTE, table_name

KEY, VALUE, ADDED_BY = "id", "value", "added_by"
MOST_KEYS = 100  # of one BatchGetItem
Item = dict[str, Any]


class DynamoDBCache(BaseCache):
    """One item a key: whole numbers as numbers, anything else pickled, at most 400 KB."""

    def __init__(self, location: str, params: dict[str, Any]):
        super().__init__(params)
        self.location = location or "cache"
        self.alias = params.get("OPTIONS", {}).get("database", DEFAULT_DB_ALIAS)

    @property
    def control(self) -> Control:
        control: Control = connections[self.alias].control  # type: ignore[attr-defined]
        return control

    @property
    def table(self) -> str:
        return table_name(self.control.prefix, self.location)

    def create_table(self) -> None:
        """Make the table, if it is not there."""
        self.control.create_plain(expiring_table(self.table, KEY))

    def call(self, operation: str, *, repeatable: bool = True, **params: Any) -> dict[str, Any]:
        client = self.control.client
        if operation != "BatchGetItem":
            params["TableName"] = self.table
        try:
            return client.call(operation, params, repeatable=repeatable)
        except ServiceError as error:
            if error.code == "ConditionalCheckFailedException":
                raise
            raise translate(error) from error

    def item_key(self, key: str, version: int | None) -> Item:
        return {KEY: {"S": self.make_and_validate_key(key, version=version)}}

    def expiry(self, timeout: Any) -> Item:
        """The attribute that ends the entry; none for an entry without end."""
        moment = self.get_backend_timeout(timeout)
        return {} if moment is None else {TTL_ATTRIBUTE: {"N": f"{moment:.3f}"}}

    # Reading -----------------------------------------------------------------------

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        answer = self.call("GetItem", Key=self.item_key(key, version), ConsistentRead=True)
        return load(answer.get("Item"), default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        names = {self.item_key(key, version)[KEY]["S"]: key for key in keys}
        found: dict[str, Any] = {}
        waiting = [{KEY: {"S": name}} for name in names]
        while waiting:
            request = {self.table: {"Keys": waiting[:MOST_KEYS], "ConsistentRead": True}}
            answer = self.call("BatchGetItem", RequestItems=request)
            for item in answer["Responses"].get(self.table, ()):
                value = load(item, MISSING)
                if value is not MISSING:
                    found[names[item[KEY]["S"]]] = value
            undone = answer.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys", [])
            waiting = waiting[MOST_KEYS:] + undone
        return found

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self.get(key, MISSING, version) is not MISSING

    # Writing -----------------------------------------------------------------------

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        item = {**self.item_key(key, version), VALUE: dump(value), **self.expiry(timeout)}
        self.call("PutItem", Item=item)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Set it unless it is there: True for exactly one of those who try at once."""
        item = {**self.item_key(key, version), VALUE: dump(value), **self.expiry(timeout)}
        item[ADDED_BY] = {"S": str(uuid.uuid4())}  # tells ours from another of the same value
        return self.conditional(
            "PutItem",
            Item=item,
            ConditionExpression="attribute_not_exists(#k) OR #e <= :now",
            ExpressionAttributeNames={"#k": KEY, "#e": TTL_ATTRIBUTE},
            ExpressionAttributeValues={":now": now()},
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a whole number, atomically.

        ValueError: the key is not there. TypeError: it holds something else. UnknownOutcome,
        an OperationalError: the answer was lost, and it is not sent again.
        """
        try:
            answer = self.call(
                "UpdateItem",
                repeatable=False,
                Key=self.item_key(key, version),
                UpdateExpression="SET #v = #v + :d",
                ConditionExpression=f"attribute_type(#v, :n) AND {ALIVE}",
                ExpressionAttributeNames={"#v": VALUE, "#e": TTL_ATTRIBUTE},
                ExpressionAttributeValues={
                    ":d": {"N": str(delta)},
                    ":n": {"S": "N"},
                    ":now": now(),
                },
                ReturnValues="UPDATED_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ServiceError as error:
            if load(error.item, MISSING) is MISSING:
                raise ValueError(f"Key {key!r} not found") from error
            raise TypeError(f"Key {key!r} holds no whole number") from error
        return int(answer["Attributes"][VALUE]["N"])

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        expiry = self.expiry(timeout)
        values = {":now": now(), **({":e": expiry[TTL_ATTRIBUTE]} if expiry else {})}
        return self.conditional(
            "UpdateItem",
            Key=self.item_key(key, version),
            UpdateExpression="SET #e = :e" if expiry else "REMOVE #e",
            ConditionExpression=f"attribute_exists(#k) AND {ALIVE}",
            ExpressionAttributeNames={"#k": KEY, "#e": TTL_ATTRIBUTE},
            ExpressionAttributeValues=values,
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        return self.conditional(
            "DeleteItem",
            Key=self.item_key(key, version),
            ConditionExpression=f"attribute_exists(#k) AND {ALIVE}",
            ExpressionAttributeNames={"#k": KEY, "#e": TTL_ATTRIBUTE},
            ExpressionAttributeValues={":now": now()},
        )

    def clear(self) -> None:
        self.control.empty(self.location)

    def conditional(self, operation: str, **params: Any) -> bool:
        """Whether the condition held and the write was made."""
        try:
            self.call(operation, **params, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        except ServiceError as error:
            ours, stored = params.get("Item"), error.item or {}
            # Sent twice, since the first answer was lost: the first may have made it.
            return error.uncertain and ours is not None and stored.get(ADDED_BY) == ours[ADDED_BY]
        return True


MISSING = object()
ALIVE = "(attribute_not_exists(#e) OR #e > :now)"


def now() -> dict[str, str]:
    return {"N": f"{time.time():.3f}"}


def dump(value: Any) -> dict[str, str]:
    if type(value) is int and abs(value) < 10**38:
        return {"N": str(value)}
    return {"B": base64.b64encode(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)).decode()}


def load(item: Item | None, default: Any) -> Any:
    """The value, unless it has expired: DynamoDB deletes late."""
    if item is None or float(item.get(TTL_ATTRIBUTE, {"N": "inf"})["N"]) <= time.time():
        return default
    ((kind, value),) = item[VALUE].items()
    # Only this application writes the table.
    return int(value) if kind == "N" else pickle.loads(base64.b64decode(value))  # noqa: S301
