"""A cache in a DynamoDB table: shared by all processes, emptied by time-to-live.

    CACHES = {"default": {"BACKEND": "dynamodb.cache.DynamoDBCache", "LOCATION": "cache"}}

LOCATION is the table's name behind the prefix of the database; `migrate` makes the
table. `add` and `incr` are atomic, so that throttles and locks can rely on them.

Values are JSON: who can write the table must not run code here. OPTIONS["pickle"] = True
keeps objects instead, for applications that cache such.
"""

from __future__ import annotations

import base64
import json
import math
import pickle
import time
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from dynamodb.client.refusals import ServiceError
from dynamodb.client.retries import ATTEMPTS, delay
from dynamodb.counters import VALUE, Limit, full, take, taking
from dynamodb.patience import time_left
from dynamodb.rows.refusals import translate
from dynamodb.rows.writes import Write
from dynamodb.schema.control import Control, expiring_table
from dynamodb.tables.table import TTL_ATTRIBUTE, table_name

KEY, ADDED_BY = "id", "added_by"
MOST_KEYS = 100  # of one BatchGetItem
Item = dict[str, Any]
TTL = float | None  # seconds to live; None: without end


class DynamoDBCache(BaseCache):
    """One item a key: whole numbers as numbers, anything else as JSON, at most 400 KB.

    A tuple comes back as a list; what JSON does not know is a TypeError when it is set.
    """

    def __init__(self, location: str, params: dict[str, Any]):
        super().__init__(params)
        self.location = location or "cache"
        options = params.get("OPTIONS", {})
        self.alias = options.get("database", DEFAULT_DB_ALIAS)
        self.pickles = bool(options.get("pickle"))

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

    def expiry(self, timeout: TTL) -> Item:
        """The attribute that ends the entry; none for an entry without end."""
        moment = self.get_backend_timeout(timeout)
        # Whole seconds: others DynamoDB does not take for a time, and never deletes.
        return {} if moment is None else {TTL_ATTRIBUTE: {"N": str(math.ceil(moment))}}

    # Reading -----------------------------------------------------------------------

    def get(self, key: str, default: object = None, version: int | None = None) -> Any:
        answer = self.call("GetItem", Key=self.item_key(key, version), ConsistentRead=True)
        return self.load(answer.get("Item"), default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        names = {self.item_key(key, version)[KEY]["S"]: key for key in keys}
        found: dict[str, Any] = {}
        waiting = [{KEY: {"S": name}} for name in names]
        while waiting:
            items, undone = self.read_batch(waiting[:MOST_KEYS])
            for item in items:
                value = self.load(item, MISSING)
                if value is not MISSING:
                    found[names[item[KEY]["S"]]] = value
            waiting = waiting[MOST_KEYS:] + undone
        return found

    def read_batch(self, keys: list[Item]) -> tuple[list[Item], list[Item]]:
        """The items of at most 100 keys, and the keys that DynamoDB has left for later.

        Asked again, with pauses, until it has read some. Raises OperationalError.
        """
        for attempt in range(1, ATTEMPTS + 1):
            request = {self.table: {"Keys": keys, "ConsistentRead": True}}
            answer = self.call("BatchGetItem", RequestItems=request)
            undone = answer.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys", [])
            if len(undone) < len(keys):
                return answer["Responses"].get(self.table, []), undone
            time.sleep(time_left(delay(attempt)))
        raise OperationalError("DynamoDB leaves keys unread, time and again: try later.")

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self.get(key, MISSING, version) is not MISSING

    # Writing -----------------------------------------------------------------------

    def set(
        self, key: str, value: object, timeout: TTL = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        item = {**self.item_key(key, version), VALUE: self.dump(value), **self.expiry(timeout)}
        self.call("PutItem", Item=item)

    def add(
        self, key: str, value: object, timeout: TTL = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Set it unless it is there: True for exactly one of those who try at once."""
        item = {**self.item_key(key, version), VALUE: self.dump(value), **self.expiry(timeout)}
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
            if self.load(error.item, MISSING) is MISSING:
                raise ValueError(f"Key {key!r} not found") from error
            raise TypeError(f"Key {key!r} holds no whole number") from error
        return int(answer["Attributes"][VALUE]["N"])

    def take(self, limits: Sequence[Limit]) -> list[Limit]:
        """Add to each counter, unless one of them is full: then to none. The full ones.

        One call, whatever number; exact however many ask at once.
        """
        return take(self.control.client, limits, [self.taking(limit) for limit in limits])

    def take_with_commit(self, limits: Sequence[Limit]) -> None:
        """Add to each counter with the transaction of this block, for no call more.

        The commit raises ConflictError, and writes nothing, if a counter is full or others count
        there at the same time; `take` tells which. Raises TransactionManagementError outside of
        `atomic()`.
        """
        store = connections[self.alias].store  # type: ignore[attr-defined]
        for limit in limits:
            for kind, params in self.taking(limit).items():
                store.accompany(Write(kind, params, full, repeatable=False))

    def taking(self, limit: Limit) -> dict[str, dict[str, Any]]:
        """What one counter is in the transaction."""
        expiry = self.expiry(limit.seconds)[TTL_ATTRIBUTE]
        return taking(limit, self.table, self.item_key(limit.key, None), expiry)

    def touch(self, key: str, timeout: TTL = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
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

    # Values ------------------------------------------------------------------------

    def dump(self, value: object) -> dict[str, str]:
        if type(value) is int and abs(value) < 10**38:
            return {"N": str(value)}
        if self.pickles:
            return {"B": base64.b64encode(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)).decode()}
        return {"S": json.dumps(value, allow_nan=False)}

    def load(self, item: Item | None, default: object) -> Any:
        """The value, unless it has expired (DynamoDB deletes late) or is kept the other way."""
        if item is None or float(item.get(TTL_ATTRIBUTE, {"N": "inf"})["N"]) <= time.time():
            return default
        ((kind, value),) = item[VALUE].items()
        if kind == "N":
            return int(value)
        if kind == "S":
            return json.loads(value)
        # Whoever chose pickles trusts all who write the table.
        return pickle.loads(base64.b64decode(value)) if self.pickles else default  # noqa: S301

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
