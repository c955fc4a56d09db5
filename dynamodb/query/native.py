"""Which updates DynamoDB can compute itself, and how they read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models.expressions import BaseExpression, Col, CombinedExpression, Value
from django.db.models.fields.related_lookups import RelatedExact
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IntegerFieldExact,
    IntegerGreaterThan,
    IntegerGreaterThanOrEqual,
    IntegerLessThan,
    IntegerLessThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Lookup,
)
from django.db.models.sql.compiler import SQLCompiler, SQLUpdateCompiler
from django.db.models.sql.where import AND, WhereNode
from django.db.utils import DataError

from dynamodb.expressions import JSONPath
from dynamodb.rows.changes import Native
from dynamodb.rows.computing import Condition
from dynamodb.tables.adapters import adapt
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import (
    LONGEST_KEY,
    LONGEST_SORT_KEY,
    AttributeValue,
    fits_key,
    number_text,
)

LOOKUPS: dict[type, str] = {
    Exact: "=",
    RelatedExact: "=",
    IntegerFieldExact: "=",
    GreaterThan: ">",
    IntegerGreaterThan: ">",
    GreaterThanOrEqual: ">=",
    IntegerGreaterThanOrEqual: ">=",
    LessThan: "<",
    IntegerLessThan: "<",
    LessThanOrEqual: "<=",
    IntegerLessThanOrEqual: "<=",
}
NUMBERS = ("integer", "decimal", "wide decimal", "real")


def read_update(compiler: SQLUpdateCompiler, table: Table) -> tuple[Key, Native] | None:
    """The row and the update, where `compiler.query` changes one row in a way that needs no SQL."""
    changes = read_values(compiler, table)
    found = None if changes is None else read_filter(compiler, table)
    if found is None or changes is None:
        return None
    key, conditions = found
    return key, changes._replace(conditions=conditions)


def is_computable(table: Table, native: Native) -> bool:
    """Whether DynamoDB can compute it: nothing is made of the columns or has to be checked that
    only the whole row tells."""
    changed = {name for name, _ in (*native.sets, *native.adds)} | {
        path[0] for path, _ in native.paths
    }
    return not table.checks and changed.isdisjoint(table.guarded | table.deriving)


def read_delete(compiler: SQLCompiler, table: Table) -> tuple[Key, Native] | None:
    """The same of a deletion: the row has no unique values, whose guards went with it."""
    found = None if table.uniques else read_filter(compiler, table)
    if found is None:
        return None
    key, conditions = found
    return key, Native(conditions=conditions, deletes=True)


def read_filter(compiler: SQLCompiler, table: Table) -> tuple[Key, tuple[Condition, ...]] | None:
    """The one row that can be meant, by its primary key, and what must hold of it besides."""
    if compiler.query.count_active_tables() > 1:
        return None  # a column may be another row's, by a join of the table with itself
    conditions = read_where(compiler, table, compiler.query.where)
    if conditions is None:
        return None
    equal: dict[str, AttributeValue] = {}
    rest: list[Condition] = []
    for column, operator, value in conditions:
        is_key = column in table.key.keys and operator == "=" and column not in equal
        if is_key and value is not None:
            equal[column] = value
        else:  # also a second value of a key, which no row has
            rest.append((column, operator, value))
    keys = [equal.get(name) for name in table.key.keys]
    longest = (LONGEST_KEY, LONGEST_SORT_KEY)
    found = [
        value for value, most in zip(keys, longest, strict=False) if value and fits_key(value, most)
    ]
    if len(found) < len(keys):
        return None
    return tuple(next(iter(value.values())) for value in found), tuple(rest)


def read_where(compiler: SQLCompiler, table: Table, where: WhereNode) -> list[Condition] | None:
    """Comparisons of the table's own columns with values, all of which must hold."""
    if where.connector != AND or where.negated:
        return None
    found: list[Condition] = []
    for child in where.children:
        if isinstance(child, WhereNode):
            inner = read_where(compiler, table, child)
        else:
            inner = read_lookup(compiler, table, child)
        if inner is None:
            return None
        found += inner
    return found


def read_lookup(compiler: SQLCompiler, table: Table, lookup: object) -> list[Condition] | None:
    if not isinstance(lookup, Lookup):
        return None
    column = own_column(table, lookup.lhs)
    if column is None:
        return None
    if type(lookup) is IsNull:
        return [(column, "=" if lookup.rhs else "<>", None)]
    operator = LOOKUPS.get(type(lookup))
    if operator is None or hasattr(lookup.rhs, "resolve_expression"):
        return None
    compared = table.by_name[column]
    if compared.codec == "json" or compared.collation:
        return None
    try:
        sql, params = lookup.process_rhs(compiler, compiler.connection)
        if sql != "%s" or params[0] is None:
            return None
        return [(column, operator, compared.encode(adapt(params[0])))]
    except (EmptyResultSet, FullResultSet, DataError):
        return None  # a value that no column holds: SQL knows what comes of it


def own_column(table: Table, expression: object) -> str | None:
    if isinstance(expression, Col) and expression.target.model._meta.db_table == table.sql_name:
        name = str(expression.target.column)
        return name if name in table.by_name else None
    return None


def read_values(compiler: SQLUpdateCompiler, table: Table) -> Native | None:
    """What is set, and what is added to; None where SQL is needed to compute it, and for keys."""
    query: Any = compiler.query  # whose values the stubs do not know
    if query.related_updates or not query.values:
        return None
    paths: list[tuple[tuple[str, ...], AttributeValue | None]] = []
    sets: list[tuple[str, AttributeValue | None]] = []
    adds: list[tuple[str, str]] = []
    for field, _, value in query.values:
        name = field.column
        if name not in table.by_name or name in table.key.keys:
            return None
        column = table.by_name[name]
        if isinstance(value, JSONPath):
            if own_column(table, resolved(compiler, value).source_expressions[0]) != name:
                return None
            paths.append(((name, *value.keys), value.attribute))
            continue
        if hasattr(value, "resolve_expression"):
            number = read_addition(compiler, table, name, value)
            if number is None or column.null or column.codec not in NUMBERS:
                return None
            adds.append((name, number))
            continue
        if hasattr(value, "prepare_database_save") or hasattr(field, "get_placeholder"):
            return None
        prepared = adapt(field.get_db_prep_save(value, connection=compiler.connection))
        encoded = None if prepared is None else column.encode(prepared)
        negative = column.positive and encoded is not None and encoded["N"][0] == "-"
        if encoded is None and not column.null or negative:
            return None  # SQL has the right error for it
        sets.append((name, encoded))
    return Native(tuple(sets), tuple(adds), paths=tuple(paths))


def resolved(compiler: SQLCompiler, value: BaseExpression) -> Any:
    return value.resolve_expression(compiler.query, allow_joins=False, for_save=True)


def read_addition(
    compiler: SQLCompiler, table: Table, name: str, value: BaseExpression
) -> str | None:
    """The signed number of `F(name) + number` or `F(name) - number`."""
    sum_ = resolved(compiler, value)
    if type(sum_) is not CombinedExpression or sum_.connector not in ("+", "-"):
        return None
    number: Any = sum_.rhs.value if type(sum_.rhs) is Value else None
    if own_column(table, sum_.lhs) != name or type(number) not in (int, Decimal):
        return None
    return number_text(number if sum_.connector == "+" else -number)
