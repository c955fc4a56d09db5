"""Python's values, and Django's parameters, as SQLite takes them."""

import datetime
import decimal
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

PLAIN = {int, float, str, bytes, type(None)}
ADAPTERS: dict[type, Callable[[Any], Any]] = {
    bool: int,
    decimal.Decimal: str,
    datetime.date: datetime.date.isoformat,
    datetime.datetime: lambda value: value.isoformat(" "),
    memoryview: bytes,
    bytearray: bytes,
    uuid.UUID: lambda value: value.hex,
}


def adapt(value: object) -> Any:
    """A parameter as SQLite takes it."""
    kind = type(value)
    if kind in PLAIN:
        return value
    adapter = ADAPTERS.get(kind)
    if adapter is not None:
        return adapter(value)
    return str(value) if isinstance(value, str) else value


@lru_cache(maxsize=1000)
def with_question_marks(query: str) -> str:
    """Django's `%s` as SQLite's parameters."""
    return FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
