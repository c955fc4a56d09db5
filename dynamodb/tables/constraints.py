"""CHECK constraints and conditional unique constraints, decided by SQLite on one row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from django.core.exceptions import FieldError
from django.db.models import BaseConstraint, CheckConstraint, GeneratedField, Q, UniqueConstraint
from django.db.models.expressions import BaseExpression
from django.db.models.sql.query import Query

from dynamodb.tables.computed import Declared, expression_columns
from dynamodb.tables.shape import ModelShape
from dynamodb.tables.table import Check, Unique
from dynamodb.tables.values import ModelField


def compile_condition(shape: ModelShape, name: str, condition: Q | BaseExpression) -> Check | None:
    """The condition as SQL over bare column names; None where it reaches other tables."""
    query = Query(model=shape.model, alias_cols=False)
    try:
        where = query.build_where(condition)  # type: ignore[arg-type]  # stubs: no BaseExpression
        compiler = query.get_compiler(connection=shape.connection)
        sql, params = where.as_sql(compiler, shape.connection)
    except FieldError:
        return None
    columns = {f.column for f in shape.fields if f'"{f.column}"' in sql}
    return Check(name, sql, tuple(params), frozenset(columns), shape.connection.alias)


def generated_column(shape: ModelShape, model_field: GeneratedField) -> Check:
    """A GeneratedField's expression over bare column names."""
    sql, params = model_field.generated_sql(shape.connection)
    columns = {f.column for f in shape.fields if f'"{f.column}"' in sql}
    return Check(
        str(model_field.column), sql, tuple(params), frozenset(columns), shape.connection.alias
    )


def column_default(shape: ModelShape, model_field: ModelField) -> Check:
    """A field's db_default: models of before a migration do not send the new column."""
    sql, params = shape.connection.schema_editor().db_default_sql(model_field)
    return Check(str(model_field.column), sql, tuple(params), frozenset(), shape.connection.alias)


def table_check(shape: ModelShape, constraint: BaseConstraint) -> Check | None:
    if not isinstance(constraint, CheckConstraint):
        return None
    return compile_condition(shape, constraint.name, constraint.condition)


def orders_of(expressions: Iterable[Declared]) -> tuple[str, ...]:
    return tuple("DESC" if getattr(each, "descending", False) else "ASC" for each in expressions)


def keeps_unique(constraint: BaseConstraint) -> TypeGuard[UniqueConstraint]:
    """Whether it is a UniqueConstraint that is checked at once, as Django makes none other here.

    What it would `include` in an index is nothing to a guard.
    """
    return isinstance(constraint, UniqueConstraint) and not constraint.deferrable


def expression_unique(shape: ModelShape, constraint: BaseConstraint) -> Unique | None:
    """A UniqueConstraint over columns or expressions, with its condition."""
    if not keeps_unique(constraint):
        return None
    if constraint.expressions:
        columns = expression_columns(shape, constraint.expressions)
    else:
        columns = shape.local_columns(constraint.fields)
    if columns is None:
        return None
    condition = None
    if constraint.condition is not None:
        condition = compile_condition(shape, constraint.name, constraint.condition)
        if condition is None:
            return None
    orders, nulls = orders_of(constraint.expressions), constraint.nulls_distinct is False
    return Unique(columns, constraint.name, condition, orders, nulls)
