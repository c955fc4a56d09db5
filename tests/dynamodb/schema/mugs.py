"""A project with mugs, whose table the tests of migrations alter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.migrations import operations as ops
from django.db.models import CheckConstraint, UniqueConstraint

from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project

MOMENT = dt.datetime(2024, 2, 29, 12, 30, 15, tzinfo=dt.UTC)


def stored(table: str = "moving_mug") -> list[dict[str, Any]]:
    """The rows' attributes, in the order of their primary keys."""
    params = {"TableName": connection.table_prefix + table, "ConsistentRead": True}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted(items, key=lambda item: str(item.get("id")))


def guards() -> list[str]:
    params = {"TableName": connection.table_prefix + connection.guard_name}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted(item["id"]["S"] for item in items if item["id"]["S"].startswith("moving_"))


def everything() -> Any:
    """What DynamoDB has of the project."""
    description = connection.control.describe(f"{connection.table_prefix}moving_mug") or {}
    return stored(), guards(), description.get("GlobalSecondaryIndexes")


def refused(moving: Project, error: type[Exception], *operations: Any, match: str) -> None:
    before = everything()
    with pytest.raises(error, match=match):
        moving.run(*operations)
    assert everything() == before


def unique(name: str, condition: Any = None, **options: Any) -> ops.AddConstraint:
    options.setdefault("fields", ["name"])
    return ops.AddConstraint("Mug", UniqueConstraint(name=name, condition=condition, **options))


def check(condition: Any) -> ops.AddConstraint:
    return ops.AddConstraint("Mug", CheckConstraint(condition=condition, name="checked"))
