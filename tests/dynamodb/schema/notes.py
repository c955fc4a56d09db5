"""Rows with texts that are JSON, and none, and what their table keeps beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models

from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, project

NOTES = ['"7"', "7", '["a", 1]', '"\\"7\\""', '""', "null"]  # each is JSON


@contextmanager
def filled() -> Iterator[Project]:
    """A project with one model, whose rows have texts that are JSON, and none."""
    with project() as made:
        made.create(
            "Mug",
            id=models.BigIntegerField(primary_key=True),
            note=models.TextField(null=True),
            stock=models.IntegerField(null=True),
            shelf=models.CharField(max_length=9, default=""),
        )
        for n, note in enumerate([*NOTES, None]):
            made["Mug"].objects.create(id=n, note=note, stock=n or None, shelf="A" * (n % 2))
        yield made


def scan(table: str) -> list[dict[str, Any]]:
    params = {"TableName": connection.table_prefix + table, "ConsistentRead": True}
    return list(connection.dynamodb.call("Scan", params)["Items"])


def guards() -> list[str]:
    return sorted(
        item["id"]["S"]
        for item in scan(connection.guard_name)
        if item["id"]["S"].startswith("moving_")
    )
