"""DynamoDB's tables themselves: create, describe, empty, delete."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from dynamodb.client.client import Client
from dynamodb.client.refusals import ServiceError
from dynamodb.rows.batches import write_batches
from dynamodb.rows.guards import GUARD_KEY
from dynamodb.tables.columns import Index
from dynamodb.tables.table import TTL_ATTRIBUTE, Table, plain_table, table_name
from dynamodb.tables.values import Item

WAIT = 300.0  # seconds for a table or an index to become active


class Control:
    """The control plane, for tables that share a prefix."""

    def __init__(self, client: Client, prefix: str, guard_name: str):
        self.client, self.prefix, self.guard_name = client, prefix, guard_name

    def table_names(self) -> list[str]:
        """Names without the prefix."""
        names: list[str] = []
        params: dict[str, Any] = {}
        while True:
            answer = self.client.call("ListTables", params)
            names += answer["TableNames"]
            if "LastEvaluatedTableName" not in answer:
                break
            params = {"ExclusiveStartTableName": answer["LastEvaluatedTableName"]}
        return [name.removeprefix(self.prefix) for name in names if name.startswith(self.prefix)]

    def describe(self, name: str) -> dict[str, Any] | None:
        """DynamoDB's description of a table (full name); None if there is none."""
        try:
            description: dict[str, Any] = self.client.call("DescribeTable", {"TableName": name})[
                "Table"
            ]
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        return description

    def create(self, table: Table) -> None:
        """Make the table, or complete one that an interrupted run left behind."""
        self.create_guards()
        if self.describe(table.name) is None:
            self.client.call("CreateTable", creation(table))
        self.wait(table.name)
        for index in table.indexes:
            self.add_index(table, index)
        self.set_ttl(table)

    def create_guards(self) -> None:
        self.create_plain(plain_table(self.prefix + self.guard_name, GUARD_KEY))

    def create_plain(self, table: Table) -> None:
        """Make a table that no model stands for."""
        if self.describe(table.name) is None:
            self.client.call("CreateTable", creation(table))
            self.wait(table.name)
        self.set_ttl(table)

    def add_index(self, table: Table, index: Index) -> None:
        """Add an index to a table in use, and wait until it is filled."""
        description = self.describe(table.name) or {}
        known = {each["IndexName"] for each in description.get("GlobalSecondaryIndexes", ())}
        if index.name in known:
            return
        params = {
            "TableName": table.name,
            "AttributeDefinitions": attributes(table, [table.key, index]),
            "GlobalSecondaryIndexUpdates": [{"Create": index_definition(index)}],
        }
        self.client.call("UpdateTable", params)
        self.wait(table.name)

    def remove_index(self, table: Table, name: str) -> None:
        description = self.describe(table.name) or {}
        known = {each["IndexName"] for each in description.get("GlobalSecondaryIndexes", ())}
        if name in known:
            params = {
                "TableName": table.name,
                "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}],
            }
            self.client.call("UpdateTable", params)
            self.wait(table.name)

    def set_ttl(self, table: Table) -> None:
        if table.ttl is None:
            return
        known = self.client.call("DescribeTimeToLive", {"TableName": table.name})
        status = known["TimeToLiveDescription"].get("TimeToLiveStatus")
        if status not in ("ENABLED", "ENABLING"):
            specification = {"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
            self.client.call(
                "UpdateTimeToLive",
                {"TableName": table.name, "TimeToLiveSpecification": specification},
            )

    def wait(self, name: str) -> None:
        """Until the table and all its indexes are active."""
        self.wait_until(name, lambda description: description is not None and active(description))

    def wait_until(self, name: str, reached: Callable[[dict[str, Any] | None], bool]) -> None:
        deadline = time.monotonic() + WAIT
        pause = 0.01
        while not reached(self.describe(name)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} was not ready within {WAIT:.0f} s; run it again.")
            time.sleep(pause)
            pause = min(pause * 2, 5)

    def has_key(self, table: Table) -> bool:
        """Whether the table is there, with this primary key of these types."""
        description = self.describe(table.name)
        if description is None or description["KeySchema"] != key_schema(table.key):
            return False
        wanted = attributes(table, [table.key])
        return all(each in description["AttributeDefinitions"] for each in wanted)

    def delete(self, name: str) -> None:
        """Delete a table by its full name, if it is there."""
        if self.describe(name) is None:
            return
        self.client.call("DeleteTable", {"TableName": name})
        self.wait_until(name, lambda description: description is None)

    def empty(self, name: str) -> None:
        """Delete every row of a table (name without the prefix)."""
        full = table_name(self.prefix, name)
        description = self.describe(full)
        if description is None:
            return
        keys = [each["AttributeName"] for each in description["KeySchema"]]
        requests = [{"DeleteRequest": {"Key": key}} for key in self.keys(full, keys)]
        write_batches(self.client, full, requests)

    def keys(self, full: str, names: list[str]) -> Iterator[Item]:
        placeholders = {f"#{n}": name for n, name in enumerate(names)}
        params: dict[str, Any] = {
            "TableName": full,
            "ConsistentRead": True,
            "ProjectionExpression": ", ".join(placeholders),
            "ExpressionAttributeNames": placeholders,
        }
        while True:
            answer = self.client.call("Scan", params)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            params["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def expiring_table(name: str, key: str) -> Table:
    """A table of items under one text key, with time-to-live."""
    table = plain_table(name, key)
    table.ttl = TTL_ATTRIBUTE
    return table


def active(description: dict[str, Any]) -> bool:
    indexes = description.get("GlobalSecondaryIndexes", ())
    return description["TableStatus"] == "ACTIVE" and all(
        index.get("IndexStatus", "ACTIVE") == "ACTIVE" for index in indexes
    )


def creation(table: Table) -> dict[str, Any]:
    """CreateTable's parameters."""
    params = {
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": key_schema(table.key),
        "AttributeDefinitions": attributes(table, [table.key, *table.indexes]),
    }
    if table.indexes:
        params["GlobalSecondaryIndexes"] = [index_definition(index) for index in table.indexes]
    return params


def key_schema(index: Index) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(index.attributes, kinds, strict=False)
    ]


def attributes(table: Table, indexes: list[Index]) -> list[dict[str, str]]:
    columns = {
        attribute: column
        for index in indexes
        for attribute, column in zip(index.attributes, index.keys, strict=True)
    }
    return [
        {"AttributeName": attribute, "AttributeType": table.by_name[column].attribute_type}
        for attribute, column in columns.items()
    ]


def index_definition(index: Index) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": "ALL"}
    if index.include is not None:
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.include)}
    return {"IndexName": index.name, "KeySchema": key_schema(index), "Projection": projection}
