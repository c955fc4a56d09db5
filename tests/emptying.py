"""After a test that commits, every table is as it was before the first.

Django's `flush` empties them and makes content types, permissions and groups anew: half a second
for each of thousands of tests. Here what such a row was is remembered, and only what a test has
changed is written.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management import call_command

from dynamodb.client import ServiceError
from dynamodb.values import Item
from tests.dynamodb.engine import connection

Rows = dict[str, Item]  # by their keys, written down
_before: dict[str, Rows] = {}  # by full name of the table


def remember() -> None:
    """What is there when migrations are done and nothing was tried yet."""
    call_command("flush", verbosity=0, interactive=False)
    _before.update((name, rows_of(name)) for name in table_names())


def restore() -> None:
    """Undo what differs, in all tables of models and of their unique values."""
    connection.ensure_connection()
    for name, before in _before.items():
        now = rows_of(name)
        if now != before:
            changed = [before[key] for key in before if now.get(key) != before[key]]
            gone = [key_of(name, now[key]) for key in now if key not in before]
            requests = [{"PutRequest": {"Item": item}} for item in changed]
            requests += [{"DeleteRequest": {"Key": key}} for key in gone]
            connection.control.write_batches(name, requests)


def table_names() -> Iterator[str]:
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    for name in sorted({*names, connection.control.guard_name}):
        full = connection.control.prefix + name
        if (described := connection.control.describe(full)) is not None:
            _keys[full] = [each["AttributeName"] for each in described["KeySchema"]]
            yield full


_keys: dict[str, list[str]] = {}  # of each table, the names of its keys


def key_of(table: str, item: Item) -> Item:
    return {name: item[name] for name in _keys[table]}


def rows_of(table: str) -> Rows:
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
        rows |= {str(key_of(table, item)): item for item in answer["Items"]}
        if "LastEvaluatedKey" not in answer:
            return rows
        params["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
