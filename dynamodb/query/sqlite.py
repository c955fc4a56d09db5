"""DB-API on APSW, as far as Django uses it.

SQLite parses, joins, sorts and aggregates in memory; it holds no data. Transactions
never reach it: the store buffers them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from sqlite3 import dbapi2
from typing import Any

import apsw
from django.db.utils import DatabaseError

from dynamodb.conflicts import retry_on_conflict
from dynamodb.query.session import Action, Session
from dynamodb.query.statements import DEFINITION, WRITES, verb
from dynamodb.query.virtual import Module
from dynamodb.tables.adapters import adapt, with_question_marks
from dynamodb.tables.table import NUMERIC
from dynamodb.tables.values import SQLiteValue, compare_numbers

Bound = tuple[SQLiteValue, ...] | dict[str, SQLiteValue]


def translated(error: apsw.Error) -> Exception:
    """APSW's error as the sqlite3 module's, which Django knows."""
    if isinstance(error, apsw.ConstraintError):
        return dbapi2.IntegrityError(str(error))
    if isinstance(error, apsw.BindingsError | apsw.CursorClosedError):
        return dbapi2.ProgrammingError(str(error))
    return dbapi2.OperationalError(str(error))


# What the sqlite3 module is told by Django to do, by a column's declared type.
CONVERTERS: dict[str | None, Callable[[Any], Any]] = {
    "bool": bool,
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
}


def refusing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A Python function for SQL: what it raises is the statement's error, as in sqlite3."""

    def run(*args: SQLiteValue) -> Any:
        try:
            return function(*args)
        except DatabaseError:
            raise
        except Exception as error:
            raise dbapi2.OperationalError("user-defined function raised exception") from error

    return run


def converted(row: tuple[Any, ...], converters: list[tuple[int, Callable[[Any], Any]]]) -> Any:
    values = list(row)
    for n, convert in converters:
        if values[n] is not None:
            values[n] = convert(values[n])
    return tuple(values)


class PlainCursor:
    """A cursor that takes `?` parameters."""

    arraysize = 100

    def __init__(self, connection: Connection):
        self.connection = connection
        self.cursor = connection.db.cursor()
        self.rowcount = -1
        self.cursor.exec_trace = self.note_columns
        self.columns: Sequence[tuple[Any, ...]] = ()
        self.lastrowid: int | None = None

    def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> PlainCursor:
        if isinstance(params, Action):
            self.columns = ()
            self.rowcount = params.run()
            return self
        bound: Bound
        if isinstance(params, Mapping):
            bound = {name: adapt(value) for name, value in params.items()}
        else:
            bound = tuple(map(adapt, params))
        session = self.connection.session
        self.connection.show_tables()
        session.start_statement(sql)
        if DEFINITION.match(sql):
            raise dbapi2.NotSupportedError(
                "Tables and indexes are made by migrations of models; this SQL would make one "
                "that holds its rows in memory only."
            )
        if verb(sql) in WRITES:
            self.write(sql, bound)
        else:
            self.run(sql, bound)
        return self

    def write(self, sql: str, bound: Bound) -> None:
        """A statement that writes: all of it or nothing, run again on a conflict."""
        session = self.connection.session
        with session.writing():
            if session.store.in_transaction:
                self.run_whole(sql, bound)
            else:
                retry_on_conflict(lambda: self.run_and_commit(sql, bound))

    def run_and_commit(self, sql: str, bound: Bound) -> None:
        store = self.connection.session.store
        store.start_statement()
        self.run_whole(sql, bound)
        store.commit()

    def run_whole(self, sql: str, bound: Bound) -> None:
        store = self.connection.session.store
        position = store.buffer.position()
        before = self.connection.db.total_changes()
        try:
            self.run(sql, bound)
        except BaseException:
            store.buffer.undo_to(position)
            raise
        self.rowcount = self.connection.db.total_changes() - before
        self.lastrowid = store.last_id

    def run(self, sql: str, bound: Bound) -> None:
        self.rowcount, self.lastrowid, self.columns = -1, None, ()
        try:
            self.cursor.execute(sql, bound)
            self.columns = self.cursor.description  # get_description has kept its first answer
        except apsw.ExecutionCompleteError:
            pass  # no row came, or nothing that has columns
        except apsw.Error as error:
            raise translated(error) from error
        except (OverflowError, UnicodeEncodeError) as error:
            raise dbapi2.DataError(f"SQLite cannot take a parameter: {error}.") from error

    def note_columns(self, cursor: apsw.Cursor, sql: str, bound: apsw.Bindings | None) -> bool:
        """Called before the first step: afterwards SQLite no longer tells, if no row came. If one
        does, `run` asks again: a statement of before a migration has been prepared anew by then."""
        self.columns = cursor.get_description()
        return True

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        return [(*c, None, None, None, None, None)[:7] for c in self.columns] or None

    def executemany(self, sql: str, many: Iterable[Any]) -> PlainCursor:
        for params in many:
            self.execute(sql, params)
        return self

    def fetchone(self) -> Any:
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return self.fetch(islice(self.cursor, size or self.arraysize))

    def fetchall(self) -> list[Any]:
        return self.fetch(self.cursor)

    def fetch(self, rows: Iterator[Any]) -> list[Any]:
        """Rows as the sqlite3 module gives them to Django: dates and booleans by the
        columns' declared types."""
        try:
            found = list(rows)
        except apsw.Error as error:
            raise translated(error) from error
        converters = [
            (n, CONVERTERS[c[1]]) for n, c in enumerate(self.columns) if c[1] in CONVERTERS
        ]
        return [converted(row, converters) for row in found] if converters else found

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchone, None)

    def close(self) -> None:
        self.cursor.close()


class Cursor(PlainCursor):
    """A cursor that takes Django's `%s` and `%(name)s` parameters."""

    def execute(
        self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> Cursor:
        if params is None:
            super().execute(query)
        elif isinstance(params, Mapping):
            names = {name: f":{name}" for name in params}
            super().execute(query % names, params)
        else:
            super().execute(with_question_marks(query), params)
        return self


class Connection:
    """An SQLite in memory whose tables are virtual."""

    isolation_level = None

    def __init__(self, session: Session):
        self.db = apsw.Connection(":memory:")
        self.session = session
        self.db.create_collation(NUMERIC, compare_numbers)
        self.shown: dict[str, Module] = {}
        self.version = -1  # of the registry, when its tables were shown

    def show_tables(self) -> None:
        """Have SQLite know the tables as the registry has them now."""
        registry = self.session.registry
        if self.version == registry.version:
            return
        version, tables = registry.version, registry.tables
        names = set(tables)
        for name in names:
            known = self.shown.get(name)
            if known is None or known.is_of_before(tables):
                module: Any = Module(self.session, name)
                self.db.create_module(
                    name, module, use_bestindex_object=True,
                    use_no_change=True, iVersion=1, eponymous_only=True,
                )  # fmt: skip
                self.shown[name] = module
        for name in self.shown.keys() - names:
            self.db.create_module(name, None)
            del self.shown[name]
        # Statements kept by APSW were planned for the tables of before: prepare them anew.
        self.db.execute(f"PRAGMA main.schema_version = {version}")
        self.version = version

    def cursor(self, factory: type[PlainCursor] = Cursor) -> PlainCursor:
        return factory(self)

    def execute(self, sql: str, params: Sequence[Any] = ()) -> PlainCursor:
        return PlainCursor(self).execute(sql, params)

    def create_function(
        self, name: str, count: int, function: Callable[..., Any], deterministic: bool = False
    ) -> None:
        self.db.create_scalar_function(name, refusing(function), count, deterministic=deterministic)

    def create_aggregate(self, name: str, count: int, kind: type[Any]) -> None:
        def factory() -> Any:
            return (
                kind(),
                lambda it, *args: it.step(*args),
                lambda it: it.finalize() if it else None,
            )

        self.db.create_aggregate_function(name, factory, count)

    def getlimit(self, category: int) -> int:
        return self.db.limit(category)

    def commit(self) -> None:
        self.session.store.commit()

    def rollback(self) -> None:
        self.session.store.rollback()

    def close(self) -> None:
        self.session.store.rollback()
