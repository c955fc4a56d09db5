"""CHECK constraints and conditional unique constraints, decided by SQLite on one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import connections
from django.db.models import CheckConstraint, UniqueConstraint
from django.db.models.sql.query import Query

from dynamodb.adapters import adapt
from dynamodb.sqlite import with_question_marks
from dynamodb.tables import NUMERIC, Column, Table, Unique
from dynamodb.values import Item

if TYPE_CHECKING:
    from dynamodb.builder import TableBuilder


@dataclass(frozen=True, eq=False)
class Check:
    """An SQL condition over the columns of one row."""

    name: str
    sql: str
    params: tuple[Any, ...]
    columns: frozenset[str]
    alias: str  # of the database, whose tables all threads share; each has an SQLite of its own

    def holds(self, table: Table, item: Item) -> bool:
        """Whether the row meets it; as in SQL, unknown (NULL) counts for a CHECK."""
        return self.evaluate(table, item) not in (0, None)

    def violated(self, table: Table, item: Item) -> bool:
        return self.evaluate(table, item) == 0

    def evaluate(self, table: Table, item: Item) -> Any:
        values = table.decode(item)
        row = ", ".join(f'{typed(table.by_name[name])} AS "{name}"' for name in values)
        sql = f"SELECT ({with_question_marks(self.sql)}) FROM (SELECT {row})"  # noqa: S608 - no user input in it
        # Straight to SQLite: it happens within a statement, and must not begin another.
        bound = (*map(adapt, self.params), *values.values())
        connection: Any = connections[self.alias]
        connection.ensure_connection()
        return next(connection.connection.db.execute(sql, bound))[0]


def typed(column: Column) -> str:
    """A parameter that is compared as the column is: 9 < 10, also where one of them is text."""
    if column.codec == "wide decimal":
        return f"CAST(? AS text) COLLATE {NUMERIC}"
    return "CAST(? AS numeric)" if column.attribute_type == "N" else "?"


def compile_condition(builder: TableBuilder, name: str, condition: Any) -> Check | None:
    """The condition as SQL over bare column names; None where it reaches other tables."""
    query = Query(model=builder.model, alias_cols=False)
    try:
        where = query.build_where(condition)
        compiler = query.get_compiler(connection=builder.connection)
        sql, params = where.as_sql(compiler, builder.connection)
    except FieldError:
        return None
    columns = {f.column for f in builder.fields if f'"{f.column}"' in sql}
    return Check(name, sql, tuple(params), frozenset(columns), builder.connection.alias)


def generated_column(builder: TableBuilder, model_field: Any) -> Check:
    """A GeneratedField's expression over bare column names."""
    sql, params = model_field.generated_sql(builder.connection)
    columns = {f.column for f in builder.fields if f'"{f.column}"' in sql}
    return Check(
        model_field.column, sql, tuple(params), frozenset(columns), builder.connection.alias
    )


def column_default(builder: TableBuilder, model_field: Any) -> Check:
    """A field's db_default: models of before a migration do not send the new column."""
    sql, params = builder.connection.schema_editor().db_default_sql(model_field)
    return Check(model_field.column, sql, tuple(params), frozenset(), builder.connection.alias)


def table_check(builder: TableBuilder, constraint: Any) -> Check | None:
    if not isinstance(constraint, CheckConstraint):
        return None
    return compile_condition(builder, constraint.name, constraint.condition)


def orders_of(expressions: Iterable[Any]) -> tuple[str, ...]:
    return tuple("DESC" if getattr(each, "descending", False) else "ASC" for each in expressions)


def keeps_unique(constraint: Any) -> bool:
    """Whether it is a UniqueConstraint, of a kind that Django makes on SQLite, too."""
    unique = isinstance(constraint, UniqueConstraint)
    return unique and not (constraint.deferrable or constraint.include)


def expression_unique(builder: TableBuilder, constraint: Any) -> Unique | None:
    """A UniqueConstraint over columns or expressions, with its condition."""
    if not keeps_unique(constraint):
        return None
    if constraint.expressions:
        columns = builder.expression_columns(constraint.expressions)
    else:
        columns = builder.local_columns(constraint.fields)
    if columns is None:
        return None
    condition = None
    if constraint.condition is not None:
        condition = compile_condition(builder, constraint.name, constraint.condition)
        if condition is None:
            return None
    return Unique(columns, constraint.name, condition, orders_of(constraint.expressions))
