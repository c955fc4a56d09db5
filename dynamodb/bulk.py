"""Many rows at once, explicitly without a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

from dynamodb.collecting import delete_with_others, total
from dynamodb.parts import in_parts
from dynamodb.reads import table_of
from dynamodb.rows.ids import new_id
from dynamodb.rows.loading import put_rows
from dynamodb.tables.adapters import adapt
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.table import Table
from dynamodb.tables.values import Item

CHUNK = 500


def load(instances: Iterable[Model], using: str = DEFAULT_DB_ALIAS) -> int:
    """Write instances with BatchWriteItem; how many were written.

    Not atomic: what was written before an error stays. Rows with the same key are
    replaced, unique values are claimed without asking. Signals are not sent. Automatic
    primary keys are set on the instances. Meant for new data, in quiet hours.
    """
    connection: Any = connections[using]
    written = 0
    waiting = iter(instances)
    while chunk := list(islice(waiting, CHUNK)):
        for table, rows in rows_by_table(connection, chunk):
            put_rows(connection.store, table, rows)
        written += len(chunk)
    return written


def delete(queryset: QuerySet[Any]) -> tuple[int, dict[str, int]]:
    """Delete rows as `QuerySet.delete` does, with what refers to them and with signals, but in
    transactions of some rows each; what it returns is what that returns.

    A row and what goes with it are deleted together, unless that is over 100 writes: then what
    refers to it goes first, in parts, and the row itself last. Interrupted, it has deleted some:
    call it again.
    """
    return total(in_parts(queryset, lambda part: part.delete(), deeply=delete_with_others))


def update(queryset: QuerySet[Any], **values: Any) -> int:
    """Update rows as `QuerySet.update` does, but in transactions of some rows each; how many.

    Interrupted, it has updated some of them. Calling it again is right where it does no harm to
    update a row twice: `stock=F("stock") - 1` is not such, unless the queryset leaves out what
    has been updated.
    """
    return sum(in_parts(queryset, lambda part: part.update(**values)))


def rows_by_table(
    connection: EngineConnection, chunk: list[Model]
) -> Iterator[tuple[Table, list[Item]]]:
    models = dict.fromkeys(type(instance) for instance in chunk)
    for model in models:
        table = table_of(connection, model)
        yield table, [row(connection, table, each) for each in chunk if type(each) is model]


def row(connection: EngineConnection, table: Table, instance: Model) -> Item:
    if table.auto is not None and instance.pk is None:
        instance.pk = new_id()
    columns: Any = instance._meta.concrete_fields
    values = {
        field.column: adapt(field.get_db_prep_save(field.pre_save(instance, add=True), connection))
        for field in columns
        if not field.generated
    }
    return table.complete(table.encode(values))
