"""Columns that no field stands for: what indexes and constraints on expressions hold.

They are computed at each write, as generated columns are, and hidden from `SELECT *`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.backends.sqlite3.schema import DatabaseSchemaEditor as SQLiteSchemaEditor
from django.db.models.expressions import BaseExpression, Col, Combinable, OrderBy
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Collate, Now, Random
from django.db.models.indexes import IndexExpression
from django.db.models.sql.query import Query
from django.db.utils import NotSupportedError

from dynamodb.tables.columns import Column
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.shape import ModelShape
from dynamodb.tables.table import Check
from dynamodb.tables.values import codec_of

LONGEST_NAME = 255  # bytes of a key attribute's name
UNFIT = (Collate, Now, Random)  # compares otherwise than DynamoDB, or is another each time
KEYLESS = ("json", "wide decimal")  # codecs of what is in no index as SQLite compares it

Declared = BaseExpression | Combinable  # of an index or a constraint


@dataclass(eq=False, repr=False)
class Computed:
    """A hidden column, named by its expression, and how its value comes about."""

    column: Column
    check: Check


def compile_expression(shape: ModelShape, expression: Declared) -> str | Computed:
    """The name of a column, or what to compute, for one expression of an index.

    Raises FieldError for an unknown field, ValueError for misplaced orders, NotSupportedError
    for what DynamoDB could not index as SQLite would.
    """
    query = Query(model=shape.model, alias_cols=False)
    IndexExpression(expression).resolve_expression(query)  # Django's own complaints
    # A Combinable of Django's stubs cannot be resolved; F is one, and can.
    inner: Any = expression.expression if isinstance(expression, OrderBy) else expression
    resolved = inner.resolve_expression(query)
    if isinstance(resolved, Col):
        return str(resolved.target.column)
    compiler = query.get_compiler(connection=shape.connection)
    sql, params = compiler.compile(resolved)
    columns = frozenset(f.column for f in shape.fields if f'"{f.column}"' in sql)
    sql_type = resolved.output_field.db_type(shape.connection) or "text"
    codec = codec_of(resolved.output_field, sql_type)
    unfit = any(isinstance(each, UNFIT) for each in resolved.flatten())
    untyped = isinstance(resolved, KeyTextTransform)  # now text, now a number
    if unfit or untyped or not columns or codec in KEYLESS:
        raise NotSupportedError(
            f"{shape.opts.label}: DynamoDB cannot index {expression}: it must be computed from "
            "columns of the table alone, without a collation, and be text, a date or a number "
            "of at most 15 digits. Cast what comes from JSON."
        )
    name = name_of(shape, sql, params)
    check = Check(name, sql, tuple(params), columns, shape.connection.alias)
    return Computed(Column(name, sql_type, codec, hidden=True), check)


def expression_columns(
    shape: ModelShape, expressions: Iterable[Declared]
) -> tuple[str, ...] | None:
    """The columns, hidden or not, that hold expressions' values; None where one is
    inherited or not there."""
    found = [compile_expression(shape, each) for each in expressions]
    names = [each.column.name if isinstance(each, Computed) else each for each in found]
    hidden = {each.column.name for each in found if isinstance(each, Computed)}
    local = hidden.union(f.column for f in shape.fields)
    return tuple(names) if local.issuperset(names) else None


class Stored(NamedTuple):
    """What a query says instead of an expression with these parameters."""

    params: tuple[Any, ...]
    column: str


def stored_expressions(
    connection: EngineConnection, aliases: Mapping[str, Any]
) -> dict[str, Stored]:
    """The expressions over a query's tables that hidden columns hold, by their SQL."""
    registry = connection.registry
    registry.load(connection)
    found: dict[str, Stored] = {}
    for alias, source in aliases.items():
        table = registry.tables.get(source.table_name)
        for check in table.computed if table else ():
            sql = check.sql
            for column in check.columns:
                sql = sql.replace(f'"{column}"', f'"{alias}"."{column}"')
            found[sql] = Stored(check.params, f'"{alias}"."{check.name}"')
    return found


def name_of(shape: ModelShape, sql: str, params: Sequence[object]) -> str:
    quote = SQLiteSchemaEditor(shape.connection).quote_value
    name = (sql % tuple(map(quote, params)) if params else sql).replace('"', "")
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return hashlib.sha256(name.encode()).hexdigest()
