"""CHECK constraints and conditional unique constraints, decided by SQLite on one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db.models import CheckConstraint, F, UniqueConstraint
from django.db.models.sql.query import Query

from dynamodb.adapters import adapt
from dynamodb.values import Item

if TYPE_CHECKING:
    from dynamodb.builder import TableBuilder
    from dynamodb.tables import Table, Unique


@dataclass(frozen=True, eq=False)
class Check:
    """An SQL condition over the columns of one row."""

    name: str
    sql: str
    params: tuple[Any, ...]
    columns: frozenset[str]
    connection: Any

    def holds(self, table: Table, item: Item) -> bool:
        """Whether the row meets it; as in SQL, unknown (NULL) counts for a CHECK."""
        return self.evaluate(table, item) not in (0, None)

    def violated(self, table: Table, item: Item) -> bool:
        return self.evaluate(table, item) == 0

    def evaluate(self, table: Table, item: Item) -> Any:
        values = table.decode(item)
        row = ", ".join(f'? AS "{name}"' for name in values)
        sql = f"SELECT ({self.sql.replace('%s', '?')}) FROM (SELECT {row})"  # noqa: S608 - no user input in it
        # Straight to SQLite: it happens within a statement, and must not begin another.
        bound = (*map(adapt, self.params), *values.values())
        return next(self.connection.connection.db.execute(sql, bound))[0]


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
    return Check(name, sql, tuple(params), frozenset(columns), builder.connection)


def generated_column(builder: TableBuilder, model_field: Any) -> Check:
    """A GeneratedField's expression over bare column names."""
    sql, params = model_field.generated_sql(builder.connection)
    columns = {f.column for f in builder.fields if f'"{f.column}"' in sql}
    return Check(model_field.column, sql, tuple(params), frozenset(columns), builder.connection)


def column_default(builder: TableBuilder, model_field: Any) -> Check:
    """A field's db_default: models of before a migration do not send the new column."""
    sql, params = builder.connection.schema_editor().db_default_sql(model_field)
    return Check(model_field.column, sql, tuple(params), frozenset(), builder.connection)


def table_check(builder: TableBuilder, constraint: Any) -> Check | None:
    if not isinstance(constraint, CheckConstraint):
        return None
    return compile_condition(builder, constraint.name, constraint.condition)


def expression_unique(builder: TableBuilder, constraint: Any) -> Unique | None:
    """A UniqueConstraint over columns, with its condition; expressions are not kept."""
    from dynamodb.tables import Unique

    if not isinstance(constraint, UniqueConstraint):
        return None
    if constraint.deferrable or constraint.include:  # type: ignore[attr-defined]
        return None  # Django does not make it where it is not supported; nor on SQLite
    names = list(constraint.fields)
    if not names and all(isinstance(e, F) for e in constraint.expressions):
        names = [getattr(e, "name", "") for e in constraint.expressions]
    columns = builder.local_columns(names) if names else None
    if columns is None:
        return None
    condition = None
    if constraint.condition is not None:
        condition = compile_condition(builder, constraint.name, constraint.condition)
        if condition is None:
            return None
    return Unique(columns, constraint.name, condition)
