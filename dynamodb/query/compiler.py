"""Compilers for what does not go through SQLite: inserts, updates that DynamoDB computes
itself, and the locks of `select_for_update()`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.expressions import BaseExpression, DatabaseDefault
from django.db.models.sql import compiler as django_compiler
from django.db.models.sql.constants import MULTI
from django.db.utils import OperationalError

from dynamodb.conflicts import is_optimistic, retry_on_conflict
from dynamodb.query.native import is_computable, read_delete, read_update
from dynamodb.query.session import Action
from dynamodb.query.shapes import Compiled, compiled_before, converters_of
from dynamodb.rows.changes import Native
from dynamodb.rows.native import run_alone, run_buffered, run_seen, trust
from dynamodb.rows.store import Store
from dynamodb.tables.adapters import adapt
from dynamodb.tables.computed import Stored, stored_expressions
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import Item, ModelField

PLAN = re.compile(r"^(?:SCAN|SEARCH) (\S+) VIRTUAL TABLE INDEX \d+:(.*)$")

Run = Callable[[Store, Table, Key, Native], int]

# django-stubs type execute_sql by overloads that no subclass can repeat.
compiler: Any = django_compiler


class SQLCompiler(compiler.SQLCompiler):
    """SELECT through SQLite; with `select_for_update()` the rows read are locked: the
    commit fails if somebody else changes one of them meanwhile."""

    stored: dict[str, Stored] = {}
    aliases = 0  # of the query's tables, when `stored` was made
    known: Compiled | None = None  # where the query's SQL was compiled before

    def compile(self, node: BaseExpression) -> tuple[str, Any]:
        """Where an index holds an expression's value, the name of the column that has it."""
        sql, params = super().compile(node)
        if len(self.query.alias_map) != self.aliases:
            self.aliases = len(self.query.alias_map)
            self.stored = stored_expressions(self.connection, self.query.alias_map)
        if not self.stored:
            return sql, params
        found = self.stored.get(sql)
        if found is None or found.params != tuple(params):
            return sql, params
        return found.column, params[:0]

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        if type(self) is not SQLCompiler or not with_limits or with_col_aliases:
            return super().as_sql(with_limits, with_col_aliases)
        return compiled_before(self, super().as_sql)

    def get_converters(self, expressions: Sequence[Any]) -> Any:
        known, make = self.known, partial(super().get_converters, expressions)
        if known is None or expressions[0] is not known.select[0][0]:
            return make()
        return converters_of(known, self.connection.converters, make)

    def execute_sql(
        self, result_type: str = MULTI, chunked_fetch: bool = False, chunk_size: int = 100
    ) -> Any:
        if not self.query.select_for_update or not self.connection.in_atomic_block:
            return super().execute_sql(result_type, chunked_fetch, chunk_size)
        self.connection.ensure_connection()
        with self.connection.connection.session.locking():
            return super().execute_sql(result_type, False, chunk_size)

    def run_native(self, run: Callable[[], int]) -> int:
        """What DynamoDB computes; how many rows it changed."""
        return carry_out(self.connection, self.as_sql, run)

    def explain_query(self) -> Iterator[str]:
        """What DynamoDB is asked, table by table, and what SQLite does with the answers."""
        for row in self.execute_sql():
            for *_, detail in row:
                yield PLAN.sub(r"\1: \2", detail)


class SQLInsertCompiler(compiler.SQLInsertCompiler, SQLCompiler):
    """INSERT straight into the store; SQLite is asked only for the value of expressions."""

    def execute_sql(self, returning_fields: Sequence[ModelField] | None = None) -> list[Any]:  # type: ignore[override]  # as in Django
        self.connection.ensure_connection()
        store: Store = self.connection.connection.session.store
        rows = list(self.rows())
        items: list[Item] = []

        def act() -> int:
            items.extend(self.run(store, rows))
            return len(items)

        carry_out(self.connection, partial(self.describe, rows, returning_fields or ()), act)
        return self.returned(items, returning_fields) if returning_fields else []

    def describe(
        self, rows: list[dict[str, Any]], returning: Sequence[ModelField]
    ) -> tuple[str, list[Any]]:
        """The statement as SQL, for logs."""
        quote = self.connection.ops.quote_name
        columns = ", ".join(quote(name) for name in (rows[0] if rows else ()))
        line = f"({', '.join(['%s'] * len(rows[0]) if rows else [])})"
        table = quote(self.query.get_meta().db_table)
        values = ", ".join([line] * len(rows))
        insert = self.connection.ops.insert_statement(on_conflict=self.query.on_conflict)
        sql = f"{insert} {table} ({columns}) VALUES {values}"
        if returning:
            names = ", ".join(f"{table}.{quote(field.column)}" for field in returning)
            sql += f" RETURNING {names}"
        return sql, [value for row in rows for value in row.values()]

    def run(self, store: Store, rows: list[dict[str, Any]]) -> list[Item]:
        if store.in_transaction:
            return self.insert(store, rows)
        return retry_on_conflict(lambda: self.insert_now(store, rows))

    def insert_now(self, store: Store, rows: list[dict[str, Any]]) -> list[Item]:
        store.start_statement()
        items = self.insert(store, rows)
        store.commit()
        return items

    def insert(self, store: Store, rows: list[dict[str, Any]]) -> list[Item]:
        position = store.buffer.position()
        try:
            items = [self.insert_row(store, values) for values in rows]
            return [item for item in items if item is not None]
        except BaseException:
            store.buffer.undo_to(position)
            raise

    def insert_row(self, store: Store, values: dict[str, Any]) -> Item | None:
        """The row as it is stored then; None where it was ignored."""
        query, table = self.query, self.table
        known = None
        if query.on_conflict is not None:
            columns = {field.column for field in query.unique_fields or ()}
            known = store.holder(table, values, columns)
        if known is None:
            return store.insert(table, values, yields=query.on_conflict is not None)
        if query.on_conflict is OnConflict.IGNORE:
            return None
        new = {field.column: values[field.column] for field in query.update_fields}
        store.change(table, known, frozenset(), new)
        return store.get(table, table.key_of(known))

    @property
    def table(self) -> Table:
        return table_of(self.connection, self.query.get_meta().db_table)

    def rows(self) -> Iterator[dict[str, Any]]:
        fields = [field for field in self.query.fields if not self.left_out(field)]
        for obj in self.query.objs:
            yield {field.column: self.value(field, obj) for field in fields}

    def left_out(self, field: ModelField) -> bool:
        """Whether all rows have the database's default of this field: the store knows it."""
        return field.has_db_default() and all(
            isinstance(getattr(obj, field.attname), DatabaseDefault) for obj in self.query.objs
        )

    def value(self, field: ModelField, obj: Model) -> Any:
        """One column's value, computed by SQLite where it is an expression."""
        prepared = self.prepare_value(field, self.pre_save_val(field, obj))
        get_placeholder = getattr(field, "get_placeholder", None)
        if get_placeholder is None and not hasattr(prepared, "as_sql"):
            return adapt(prepared)
        sql, params = self.field_as_sql(field, get_placeholder, prepared)
        cursor = self.connection.connection.cursor()
        return cursor.execute(f"SELECT {sql}", params).fetchone()[0]

    def returned(self, items: list[Item], returning_fields: Sequence[ModelField]) -> list[Any]:
        """The stored values of some fields, as Django would have read them."""
        columns = self.table.by_name
        rows = [
            tuple(
                columns[f.column].decode(item[f.column]) if f.column in item else None
                for f in returning_fields
            )
            for item in items
        ]
        opts = self.query.get_meta()
        cols = [field.get_col(opts.db_table) for field in returning_fields]
        converters = self.get_converters(cols)
        return list(self.apply_converters(rows, converters)) if converters else rows


class SQLUpdateCompiler(compiler.SQLUpdateCompiler, SQLCompiler):
    """UPDATE through SQLite, or as one native update where a primary key is given."""

    def execute_sql(self, result_type: str) -> Any:  # type: ignore[override]  # as in Django
        self.connection.ensure_connection()
        store: Store = self.connection.connection.session.store
        table = self.connection.registry.tables.get(self.query.get_meta().db_table)
        if table is None:
            return super().execute_sql(result_type)
        found, run = self.way(store, table)
        if found is None:
            return super().execute_sql(result_type)
        return self.run_native(partial(run, store, table, *found))

    def way(self, store: Store, table: Table) -> tuple[tuple[Key, Native] | None, Run]:
        """Which row is changed how, and by what; None where that is left to SQLite."""
        found = read_update(self, table)
        if found is None:
            return None, run_alone
        key, update = found
        computable = is_computable(table, update)
        if not store.in_transaction:
            return (found if computable else None), run_alone
        if computable and is_optimistic() and not store.knows(table, key):
            return found, trust
        if update.adds or update.paths:
            unchanged = store.buffer.get(table, key) is None
            return (found if computable and unchanged else None), run_buffered
        return found, run_seen


class SQLDeleteCompiler(compiler.SQLDeleteCompiler, SQLCompiler):
    """DELETE through SQLite, or unread inside `optimistic()`."""

    def execute_sql(self, result_type: str) -> Any:  # type: ignore[override]  # as in Django
        self.connection.ensure_connection()
        store: Store = self.connection.connection.session.store
        table = self.connection.registry.tables.get(self.query.get_meta().db_table)
        if table is None or not (store.in_transaction and is_optimistic()):
            return super().execute_sql(result_type)
        found = read_delete(self, table)
        if found is None or store.knows(table, found[0]):
            return super().execute_sql(result_type)
        return self.run_native(partial(trust, store, table, *found))


class SQLAggregateCompiler(compiler.SQLAggregateCompiler, SQLCompiler):
    pass


def table_of(connection: EngineConnection, name: str) -> Table:
    """The table by its SQL name; models made after the connection are looked up anew."""
    registry = connection.registry
    if name not in registry.tables:
        registry.refresh(connection)
    table: Table | None = registry.tables.get(name)
    if table is None:
        raise OperationalError(f"no such table: {name}")
    return table


def carry_out(
    connection: BaseDatabaseWrapper,
    describe: Callable[[], tuple[str, Iterable[Any]]],
    run: Callable[[], int],
) -> int:
    """What is done without SQLite, and its count. Where somebody listens (a log, a wrapper), by way
    of a cursor, with the SQL that says the same; else nobody pays for writing it."""
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            sql, params = describe()
            cursor.execute(sql, Action(params, run))
            return int(cursor.rowcount)
    connection.validate_thread_sharing()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        return run()
