"""DynamoDB's refusals in the words of Django and of SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.utils import DatabaseError, DataError, IntegrityError, OperationalError

from dynamodb.client.refusals import ServiceError
from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Change
from dynamodb.tables.table import Table, Unique


class IndexMissing(OperationalError):
    """The model has an index that the table lacks: a migration has not run yet, or has run already
    where code of before still does."""

    def __init__(self, table: str, index: str):
        super().__init__(f"{table} has no index {index}: run the migrations.")


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


def conflict(change: Change) -> Callable[[], DatabaseError]:
    return lambda: ConflictError(
        f"A row of {change.table.sql_name} was changed by somebody else since it was read here: "
        "this transaction has to be run again (dynamodb.conflicts.retry_on_conflict)."
    )


def overtaken(table: Table) -> ConflictError:
    return ConflictError(
        f"Somebody else has just taken what a row of {table.sql_name} was to have, which the "
        "statement could not see; run it again."
    )


def duplicate(table: Table, unique: Unique) -> IntegrityError:
    return not_unique(table, unique.columns)


def duplicate_key(table: Table) -> IntegrityError:
    return not_unique(table, table.key.keys)


def not_unique(table: Table, columns: Iterable[str]) -> IntegrityError:
    """In SQLite's words, by which Django's forms and many a program tell it."""
    names = ", ".join(f"{table.sql_name}.{name}" for name in columns)
    return IntegrityError(f"UNIQUE constraint failed: {names}")
