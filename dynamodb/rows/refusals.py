"""DynamoDB's refusals in the words of Django and of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.utils import DatabaseError, DataError, IntegrityError, OperationalError

from dynamodb.client.refusals import ServiceError
from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Change
from dynamodb.tables.table import Key, Table, Unique
from dynamodb.tables.values import Item


def translate(error: ServiceError) -> DatabaseError:
    """DynamoDB's refusals in Django's words."""
    codes = {reason.get("Code") for reason in error.reasons}
    if error.is_conflict:
        return ConflictError(str(error))
    if (
        "ItemSizeLimitExceeded" in codes
        or "size" in error.message
        and error.code == "ValidationException"
    ):
        return DataError(f"Too large for DynamoDB (400 KB a row, 4 MB a transaction): {error}")
    if error.code == "ValidationException" or "ValidationError" in codes:
        return DataError(str(error))
    return OperationalError(str(error))


def conflict(change: Change) -> Callable[[Item | None], DatabaseError]:
    return lambda _: ConflictError(
        f"A row of {change.table.sql_name} was changed by somebody else since it was read here."
    )


class Holder(NamedTuple):
    """Whose a unique value is, as its guard says."""

    table: Table
    unique: Unique
    guard: str
    owner: Key


class Duplicate(IntegrityError):
    """Another row has the primary key or the unique value."""

    holder: Holder | None = None


class Overtaken(ConflictError):
    """A row has just come that this one would have given way to."""

    holder: Holder | None = None


def overtaken(table: Table) -> Overtaken:
    return Overtaken(
        f"Somebody else has just inserted a row of {table.sql_name} that this one would have "
        "given way to; run it again."
    )


def duplicate(table: Table, unique: Unique) -> Duplicate:
    return not_unique(table, unique.columns)


def duplicate_key(table: Table) -> Duplicate:
    return not_unique(table, table.key.keys)


def not_unique(table: Table, columns: Iterable[str]) -> Duplicate:
    """In SQLite's words, by which Django's forms and many a program tell it."""
    names = ", ".join(f"{table.sql_name}.{name}" for name in columns)
    return Duplicate(f"UNIQUE constraint failed: {names}")
