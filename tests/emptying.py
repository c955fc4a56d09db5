"""After a test that commits, every table is as it was before the first.

Django's `flush` empties them and makes content types, permissions and groups anew: half a second
for each of thousands of tests. Here what such a row was is remembered, and only what a test has
changed is written.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.core.management import call_command

from dynamodb.client.refusals import ServiceError
from dynamodb.rows.batches import write_batches
from dynamodb.tables.values import Item
from tests.dynamodb.engine import connection

Rows = dict[str, Item]  # by their keys, written down


class Before(NamedTuple):
    """The names of a table's keys, and what was in it."""

    keys: list[str]
    rows: Rows


_before: dict[str, Before] = {}  # by full name of the table


def remember() -> None:
    """What is there when migrations are done and nothing was tried yet."""
    call_command("flush", verbosity=0, interactive=False)
    _before.update((name, Before(keys, rows_of(name, keys))) for name, keys in tables())


def restore() -> None:
    """Undo what differs, in all tables of models and of their unique values."""
    connection.ensure_connection()
    for name, (keys, before) in _before.items():
        now = rows_of(name, keys)
        if now != before:
            changed = [item for key, item in before.items() if now.get(key) != item]
            gone = [key_of(item, keys) for key, item in now.items() if key not in before]
            requests = [{"PutRequest": {"Item": item}} for item in changed]
            requests += [{"DeleteRequest": {"Key": key}} for key in gone]
            write_batches(connection.dynamodb, name, requests)


def tables() -> Iterator[tuple[str, list[str]]]:
    """Full names, with those of their keys."""
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    for name in sorted({*names, connection.control.guard_name}):
        full = connection.control.prefix + name
        if (described := connection.control.describe(full)) is not None:
            yield full, [each["AttributeName"] for each in described["KeySchema"]]


def key_of(item: Item, keys: list[str]) -> Item:
    return {name: item[name] for name in keys}


def rows_of(table: str, keys: list[str]) -> Rows:
    """None of a table that a test has deleted."""
    rows: Rows = {}
    params: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
    while True:
        try:
            answer = connection.control.client.call("Scan", params)
        except ServiceError as error:
            if error.code == "ResourceNotFoundException":
                return rows
            raise
        rows |= {str(key_of(item, keys)): item for item in answer["Items"]}
        if "LastEvaluatedKey" not in answer:
            return rows
        params["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
