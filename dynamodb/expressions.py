"""Expressions that change one path of a JSONField and leave the rest to others.

    Cart.objects.filter(pk=key).update(lines=JSONSet("lines", "MUG-RED", value={"quantity": 2}))
    Cart.objects.filter(pk=key).update(lines=JSONRemove("lines", "MUG-RED"))

With a primary key these are one UpdateItem on that path alone: two at once, on two
paths, do not meet. The map that holds the path must be there.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.db.models.expressions import RawSQL

from dynamodb.values import AttributeValue, to_attribute


class JSONPath(Func):
    """A function of a JSON column and one path in it; `keys` are names in nested maps."""

    output_field = JSONField()

    def __init__(self, column: Any, *keys: str, **extra: Any):
        if not keys:
            raise ValueError("Name at least one key of the path.")
        self.keys = tuple(map(str, keys))
        source = F(column) if isinstance(column, str) else column
        super().__init__(source, *self.arguments(), **extra)

    def arguments(self) -> list[Any]:
        """The function's SQL arguments behind the column."""
        return [Value(path_of(self.keys))]

    @property
    def attribute(self) -> AttributeValue | None:
        """What the path is set to; None removes it."""
        return None


class JSONRemove(JSONPath):
    """Take one key out of a map."""

    function = "JSON_REMOVE"


class JSONSet(JSONPath):
    """Set one key of a map to a JSON `value`."""

    function = "JSON_SET"

    def __init__(self, column: Any, *keys: str, value: Any, **extra: Any):
        self.value = value
        super().__init__(column, *keys, **extra)

    def arguments(self) -> list[Any]:
        return [*super().arguments(), RawSQL("JSON(%s)", (json.dumps(self.value),))]

    @property
    def attribute(self) -> AttributeValue | None:
        return to_attribute(json.loads(json.dumps(self.value)))


def path_of(keys: tuple[str, ...]) -> str:
    """SQLite's words for a path; it has none for a quote within a key."""
    if any('"' in key for key in keys):
        raise ValueError('A key of a path must not contain ".')
    return "$" + "".join(f'."{key}"' for key in keys)
