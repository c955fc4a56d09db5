"""What DynamoDB makes of a native update, computed here: whether its conditions hold of a row, and
what is left of the row.
"""

from __future__ import annotations

from decimal import Decimal

from dynamodb.expressions import with_path
from dynamodb.rows.changes import Native
from dynamodb.tables.values import AttributeValue, Item, number_text, sort_value

Condition = tuple[str, str, AttributeValue | None]


def matches(item: Item, conditions: tuple[Condition, ...]) -> bool:
    return all(holds(item.get(column), operator, value) for column, operator, value in conditions)


def holds(actual: AttributeValue | None, operator: str, value: AttributeValue | None) -> bool:
    if value is None:
        return (actual is None) == (operator == "=")
    if actual is None or actual.keys() != value.keys():
        return False
    a, b = sort_value(actual), sort_value(value)
    return bool({"=": a == b, ">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b}[operator])


def result_of(before: Item, native: Native) -> Item | None:
    """The row as DynamoDB will leave it."""
    if native.deletes:
        return None
    after = dict(before)
    for column, value in native.sets:
        if value is None:
            after.pop(column, None)
        else:
            after[column] = value
    for column, number in native.adds:
        after[column] = {"N": number_text(Decimal(before[column]["N"]) + Decimal(number))}
    for (column, *keys), value in native.paths:
        after[column] = with_path(after.get(column), keys, value)
    return after
