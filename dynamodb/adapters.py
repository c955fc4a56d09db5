"""Python's values as SQLite takes them."""

import datetime
import decimal
import uuid
from collections.abc import Callable
from typing import Any

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


def adapt(value: Any) -> Any:
    """A parameter as SQLite takes it."""
    kind = type(value)
    if kind in PLAIN:
        return value
    adapter = ADAPTERS.get(kind)
    if adapter is not None:
        return adapter(value)
    return str(value) if isinstance(value, str) else value
