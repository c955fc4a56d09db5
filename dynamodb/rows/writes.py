"""What a commit writes of rows: one write for each that has changed.

Every write carries the conditions under which the transaction decided it, so that a
lost update is impossible and a duplicate is refused whoever wins the race.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.utils import DatabaseError

from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Address, Change, changed_columns
from dynamodb.rows.refusals import conflict, duplicate_key, overtaken
from dynamodb.tables.columns import Column
from dynamodb.tables.table import Table, Unique
from dynamodb.tables.values import LARGEST, SMALLEST, AttributeValue, Item, number_text


class Expression:
    """Collects the names and values that a condition or an update speaks of."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: Item = {}

    def name(self, column: str | tuple[str, ...]) -> str:
        """The placeholder of a column, or of a path into one."""
        if isinstance(column, tuple):
            return ".".join(self.name(part) for part in column)
        for placeholder, known in self.names.items():
            if known == column:
                return placeholder
        placeholder = f"#{len(self.names)}"
        self.names[placeholder] = column
        return placeholder

    def value(self, attribute: AttributeValue) -> str:
        placeholder = f":{len(self.values)}"
        self.values[placeholder] = attribute
        return placeholder

    def equals(self, column: str, attribute: AttributeValue | None) -> str:
        if attribute is None:
            return f"attribute_not_exists({self.name(column)})"
        return f"{self.name(column)} = {self.value(attribute)}"

    def params(self) -> dict[str, Any]:
        params: dict[str, Any] = {"ExpressionAttributeNames": self.names}
        if self.values:
            params["ExpressionAttributeValues"] = self.values
        return params


class Guard(NamedTuple):
    """The item that stands for a unique value, by its key."""

    table: Table
    unique: Unique
    key: str


@dataclass(eq=False, repr=False)
class Write:
    """One write of a commit; `refused` makes the error that its failed condition means."""

    kind: str  # Put, Update, Delete, ConditionCheck
    params: dict[str, Any]
    refused: Callable[[], DatabaseError]
    # By column or path, what is there afterwards; None for a deletion.
    intended: Mapping[Any, AttributeValue | None] | None = None
    repeatable: bool = True
    guard: Guard | None = None  # that it takes
    rows: tuple[Address, ...] = ()  # on whose account it is made


# Rows -------------------------------------------------------------------------------


def row_writes(changes: Iterable[Change]) -> Iterable[Write]:
    for change in changes:
        write = row_write(change)
        if write is not None:
            write.rows = (change.address,)
            yield write


def row_write(change: Change) -> Write | None:
    if change.native is not None:
        return native_write(change)
    if change.before is None:
        return None if change.after is None else put(change)
    if change.after is None:
        return delete(change)
    if changed_columns(change):
        return update(change)
    return check(change) if change.locked else None


def put(change: Change) -> Write:
    table, item = change.table, change.after or {}
    key = table.key.hash

    def refused() -> DatabaseError:
        if change.made:
            return ConflictError(f"The new id of {table.sql_name} is taken; run it again.")
        if change.yields or change.inner:
            return overtaken(table)
        return duplicate_key(table)

    stored = {**item, **table.derived(item)}
    params = {
        "TableName": table.name,
        "Item": stored,
        "ConditionExpression": "attribute_not_exists(#k)",
        "ExpressionAttributeNames": {"#k": key},
    }
    return Write("Put", params, refused, stored)


def conditions(change: Change, columns: Iterable[str], expression: Expression) -> str:
    before = change.before or {}
    parts = [f"attribute_exists({expression.name(change.table.key.hash)})"]
    keys = change.table.key.keys
    parts += [expression.equals(c, before.get(c)) for c in sorted(set(columns)) if c not in keys]
    return " AND ".join(parts)


def delete(change: Change) -> Write:
    expression = Expression()
    columns = change.read | change.table.guarded
    if change.locked:
        columns = frozenset(change.table.by_name)
    condition = conditions(change, columns, expression)
    params = {
        "TableName": change.table.name,
        "Key": change.table.key_item(change.key),
        "ConditionExpression": condition,
        **expression.params(),
    }
    return Write("Delete", params, conflict(change))


def check(change: Change) -> Write:
    expression = Expression()
    columns = [column.name for column in change.table.columns]
    params = {
        "TableName": change.table.name,
        "Key": change.table.key_item(change.key),
        "ConditionExpression": conditions(change, columns, expression),
        **expression.params(),
    }
    return Write("ConditionCheck", params, conflict(change))


def update(change: Change, stale: Item | None = None) -> Write:
    """`stale`: the attributes beside the columns as they are stored, where that is not as
    the table would have written them."""
    table, after = change.table, change.after or {}
    changed = changed_columns(change)
    expression = Expression()
    new = {name: after.get(name) for name in changed}
    derived = table.derived(after)
    stale = table.derived(change.before or {}) if stale is None else stale
    new |= {n: derived.get(n) for n in {**stale, **derived} if derived.get(n) != stale.get(n)}
    columns = [c.name for c in table.columns] if change.locked else {*changed, *change.read}
    for together in (table.guarded, table.deriving):  # what depends on them was made from all
        if not together.isdisjoint(changed):
            columns = {*columns, *together}
    params = {
        "TableName": table.name,
        "Key": table.key_item(change.key),
        "UpdateExpression": assignments(expression, new.items()),
        "ConditionExpression": conditions(change, columns, expression),
        **expression.params(),
    }
    return Write("Update", params, conflict(change), new)


def assignments(
    expression: Expression,
    sets: Iterable[tuple[str | tuple[str, ...], AttributeValue | None]],
    adds: Iterable[tuple[str, str]] = (),
) -> str:
    """`SET ... REMOVE ...`; a number is added as `n + :d`, so that NULL stays an error."""
    sets = list(sets)
    assigned = [f"{expression.name(c)} = {expression.value(v)}" for c, v in sets if v is not None]
    for column, number in adds:
        name, sign = expression.name(column), "-" if number[0] == "-" else "+"
        value = expression.value({"N": number.lstrip("-")})
        assigned.append(f"{name} = {name} {sign} {value}")
    removed = [expression.name(c) for c, v in sets if v is None]
    text = f"SET {', '.join(assigned)}" if assigned else ""
    return f"{text} REMOVE {', '.join(removed)}".strip() if removed else text


def native_write(change: Change) -> Write:
    """What DynamoDB computes itself, on condition of what was filtered by."""
    assert change.native is not None
    native, table = change.native, change.table
    expression = Expression()
    parts = [f"attribute_exists({expression.name(table.key.hash)})"]
    for column, operator, value in native.conditions:
        if value is None:
            function = "attribute_not_exists" if operator == "=" else "attribute_exists"
            parts.append(f"{function}({expression.name(column)})")
        else:
            parts.append(f"{expression.name(column)} {operator} {expression.value(value)}")
    if native.deletes:
        params = {
            "TableName": table.name,
            "Key": table.key_item(change.key),
            "ConditionExpression": " AND ".join(parts),
            **expression.params(),
        }
        return Write("Delete", params, conflict(change))
    sets = list(native.sets)
    update_expression = assignments(expression, [*sets, *native.paths], native.adds)
    for column, number in native.adds:
        for operator, bound in bounds(table.by_name[column], number):
            parts.append(f"{expression.name(column)} {operator} {expression.value(bound)}")
    params = {
        "TableName": table.name,
        "Key": table.key_item(change.key),
        "UpdateExpression": update_expression,
        "ConditionExpression": " AND ".join(parts),
        **expression.params(),
    }
    return Write(
        "Update", params, conflict(change), dict([*sets, *native.paths]), repeatable=not native.adds
    )


def bounds(column: Column, number: str) -> Iterator[tuple[str, AttributeValue]]:
    """What must hold of a column, so that it can still be read with a number added."""
    if column.codec == "integer" and number[0] != "-":
        yield "<=", {"N": number_text(LARGEST - Decimal(number))}
    elif column.positive and number[0] == "-":
        yield ">=", {"N": number[1:]}
    elif column.codec == "integer":
        yield ">=", {"N": number_text(SMALLEST - Decimal(number))}
