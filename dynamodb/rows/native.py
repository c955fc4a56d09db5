"""Updates that DynamoDB computes: one conditional UpdateItem, nothing read before."""

from __future__ import annotations

from decimal import Decimal

from django.db.utils import DatabaseError, DataError, IntegrityError

from dynamodb.client.refusals import ServiceError
from dynamodb.conflicts import note_commit
from dynamodb.rows.changes import Change, Native
from dynamodb.rows.commit import applied, committing
from dynamodb.rows.computing import matches, result_of
from dynamodb.rows.refusals import translate
from dynamodb.rows.store import Store
from dynamodb.rows.writes import native_write
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import LARGEST, SMALLEST, Item, number_text


def run_alone(store: Store, table: Table, key: Key, native: Native) -> int:
    """One UpdateItem now; how many rows it changed, 0 or 1."""
    write = native_write(Change(table, key, None, None, native=native))
    params = {**write.params, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    try:
        with committing():
            store.client.call("UpdateItem", params, repeatable=write.repeatable)
    except ServiceError as error:
        if error.code != "ConditionalCheckFailedException":
            raise translate(error) from error
        if error.uncertain and applied(write, error.item):
            note_commit()
            return 1
        if error.item and matches(error.item, native.conditions):
            raise out_of_bounds(table, native, error.item) from error
        return 0
    return 1


def run_buffered(store: Store, table: Table, key: Key, native: Native) -> int:
    """The same inside a transaction: the row is read once, to answer truly; the commit
    depends on the conditions, not on what was read, so that a hot row does not conflict."""
    before = store.get(table, key)
    if before is None or not matches(before, native.conditions):
        return 0
    after = result_of(before, native) or {}
    for column, _ in native.adds:
        positive, number = table.by_name[column].positive, after[column]["N"]
        if positive and number[0] == "-" or is_too_large(table, column, number):
            raise out_of_bounds(table, native, before)
    store.buffer.apply(table, key, before, native, after)
    return 1


def run_seen(store: Store, table: Table, key: Key, native: Native) -> int:
    """Plain values for a row that the transaction sees, as SQLite would have set them."""
    before = store.get(table, key)
    if before is None or not matches(before, native.conditions):
        return 0
    used = frozenset(column for column, _, _ in native.conditions)
    changed = [column for column, _ in native.sets]
    store.rewrite(table, before, used, result_of(before, native) or {}, changed)
    return 1


def trust(store: Store, table: Table, key: Key, native: Native) -> int:
    """The same inside `optimistic()`: nobody looks, the commit decides."""
    store.buffer.trust(table, key, native)
    return 1


def out_of_bounds(table: Table, native: Native, before: Item) -> DatabaseError:
    """Why a row that meets the conditions cannot have the numbers added."""
    for column, number in native.adds:
        sum_ = number_text(Decimal(before[column]["N"]) + Decimal(number))
        if is_too_large(table, column, sum_):
            return DataError(
                f"{table.sql_name}.{column} would be {sum_}: integers are from -2**63 to 2**63 - 1."
            )
    columns = ", ".join(f"{table.sql_name}.{column} >= 0" for column, _ in native.adds)
    return IntegrityError(f"CHECK constraint failed: {columns}")


def is_too_large(table: Table, column: str, number: str) -> bool:
    integer = table.by_name[column].codec == "integer"
    return integer and not SMALLEST <= Decimal(number) <= LARGEST
