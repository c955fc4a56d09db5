"""What items weigh, by DynamoDB's rules.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

OVERHEAD = 100  # bytes that AWS adds to each item of a table or an index, in storage

Value = Mapping[str, Any]
Item = Mapping[str, Value]


def item_size(item: Item) -> int:
    """Bytes of an item in DynamoDB's own JSON."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Value) -> int:
    """Bytes of `{"S": "text"}`, `{"N": "1.5"}`, `{"NULL": true}` and so on."""
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return number_size(content)
    if kind == "L":
        return 3 + sum(1 + value_size(each) for each in content)
    if kind == "M":
        return 3 + len(content) + item_size(content)
    if kind in {"BOOL", "NULL"}:
        return 1
    raise ValueError(f"the shop stores no {kind}")


def number_size(text: str) -> int:
    """A byte for two significant digits, and one; a sign costs another."""
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def stored_size(item: Item, keys: Sequence[str], indexes: Sequence[Mapping[str, Any]]) -> int:
    """Bytes in its table, of these key attributes, and in those of the indexes (of
    DescribeTable) that hold it: whole, or as much of it as they project."""
    total = item_size(item) + OVERHEAD
    for index in indexes:
        own = [key["AttributeName"] for key in index["KeySchema"]]
        if all(name in item for name in own):
            total += item_size(projected(item, [*keys, *own], index["Projection"])) + OVERHEAD
    return total


def projected(item: Item, keys: Sequence[str], projection: Mapping[str, Any]) -> Item:
    if projection["ProjectionType"] == "ALL":
        return item
    names = {*keys, *projection.get("NonKeyAttributes", ())}
    return {name: value for name, value in item.items() if name in names}
