"""Loading many rows, explicitly without a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from dynamodb.reads import table_of
from dynamodb.rows.ids import new_id
from dynamodb.rows.loading import put_rows
from dynamodb.tables.adapters import adapt
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


def rows_by_table(connection: Any, chunk: list[Model]) -> Iterator[tuple[Table, list[Item]]]:
    models = dict.fromkeys(type(instance) for instance in chunk)
    for model in models:
        table = table_of(connection, model)
        yield table, [row(connection, table, each) for each in chunk if type(each) is model]


def row(connection: Any, table: Table, instance: Model) -> Item:
    if table.auto is not None and instance.pk is None:
        instance.pk = new_id()
    columns: Any = instance._meta.concrete_fields
    values = {
        field.column: adapt(field.get_db_prep_save(field.pre_save(instance, add=True), connection))
        for field in columns
        if not field.generated
    }
    return table.complete(table.encode(values))
