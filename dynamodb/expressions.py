"""Expressions that change one path of a JSONField and leave the rest to others.

    Cart.objects.filter(pk=key).update(lines=JSONSet("lines", "MUG-RED", value={"quantity": 2}))
    Cart.objects.filter(pk=key).update(lines=JSONRemove("lines", "MUG-RED"))

With a primary key these are one UpdateItem on that path alone: two at once, on two
paths, do not meet. Where SQLite computes them they are the same, a whole column at a time.
The map that holds the path must be there, else DataError is raised.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.db.models.expressions import Combinable
from django.db.utils import DataError

from dynamodb.tables.values import AttributeValue, JSONValue, to_attribute


class JSONPath(Func):
    """A function of a JSON column and one path in it; `keys` are names in nested maps."""

    output_field = JSONField()

    def __init__(self, column: str | Combinable, *keys: str, **extra: Any):
        if not keys:
            raise ValueError("Name at least one key of the path.")
        self.keys = tuple(map(str, keys))
        source = F(column) if isinstance(column, str) else column
        super().__init__(source, *self.arguments(), **extra)

    def arguments(self) -> list[Any]:
        """The function's SQL arguments behind the column."""
        return [Value(key) for key in self.keys]

    @property
    def attribute(self) -> AttributeValue | None:
        """What the path is set to; None removes it."""
        return None


class JSONRemove(JSONPath):
    """Take one key out of a map."""

    function = "DYNAMODB_JSON_REMOVE"


class JSONSet(JSONPath):
    """Set one key of a map to a JSON `value`."""

    function = "DYNAMODB_JSON_SET"

    def __init__(self, column: str | Combinable, *keys: str, value: JSONValue, **extra: Any):
        self.value = value
        super().__init__(column, *keys, **extra)

    def arguments(self) -> list[Any]:
        return [Value(json.dumps(self.value)), *super().arguments()]

    @property
    def attribute(self) -> AttributeValue | None:
        return to_attribute(json.loads(json.dumps(self.value)))


def with_path(
    map_: AttributeValue | None,
    keys: Sequence[str],
    value: AttributeValue | None,
    whole: Sequence[str] = (),
) -> AttributeValue:
    """The map with one path set or, for None, taken out; a copy along the path.

    `whole`: of which path `keys` are the rest. Raises DataError where no map holds it.
    """
    whole = whole or keys
    if map_ is None or "M" not in map_:
        raise DataError(f"No map holds the path {list(whole)}: set the map around it first.")
    first, *rest = keys
    inner = dict(map_["M"])
    if rest:
        inner[first] = with_path(inner.get(first), rest, value, whole)
    elif value is None:
        inner.pop(first, None)
    else:
        inner[first] = value
    return {"M": inner}
