"""The functions in SQL that `expressions` speaks of: paths of JSON."""

from __future__ import annotations

from collections.abc import Sequence

from dynamodb.expressions import JSONRemove, JSONSet, with_path
from dynamodb.query.sqlite import Connection
from dynamodb.tables.values import AttributeValue, decode_json, encode_json


def register_paths(connection: Connection) -> None:
    """Tell SQLite the two functions: its own take no quote in a key, and do nothing where
    DynamoDB says that there is no such map."""
    connection.create_function(str(JSONSet.function), -1, json_set)
    connection.create_function(str(JSONRemove.function), -1, json_remove)


def json_set(text: str | None, value: str, *keys: str) -> str:
    return changed(text, keys, encode_json(value))


def json_remove(text: str | None, *keys: str) -> str:
    return changed(text, keys, None)


def changed(text: str | None, keys: Sequence[str], value: AttributeValue | None) -> str:
    return str(decode_json(with_path(None if text is None else encode_json(text), keys, value)))
