"""Reads that the ORM has no words for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from dynamodb.tables.adapters import adapt
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import LONGEST_KEY, LONGEST_SORT_KEY, Item


def get_many(
    keys: Mapping[type[Model], Iterable[Any]], using: str = DEFAULT_DB_ALIAS
) -> dict[type[Model], dict[Any, Any]]:
    """Rows of several models by primary key, in one BatchGetItem, read consistently.

    >>> found = get_many({Variant: skus, Stock: skus})
    >>> found[Variant]["MUG-RED"].price

    A key without a row is left out. Over 100 keys take a call for each hundred.
    """
    connection: Any = connections[using]
    store = connection.store
    if not store.in_transaction:
        store.forget()
    wanted: dict[type[Model], dict[Key, Any]] = {
        model: {key: pk for pk in pks if fits(key := key_of(connection, model, pk))}
        for model, pks in keys.items()
    }
    tables = {model: table_of(connection, model) for model in wanted}
    store.fetch({t.sql_name: (t, list(wanted[m])) for m, t in tables.items()})
    return {
        model: {
            pk: instance(connection, model, tables[model], item)
            for key, pk in wanted[model].items()
            if (item := store.get(tables[model], key)) is not None
        }
        for model in wanted
    }


def fits(key: Key) -> bool:
    """Whether there can be a row with this primary key."""
    limits = zip(key, (LONGEST_KEY, LONGEST_SORT_KEY), strict=False)
    return all(len(value.encode()) <= longest for value, longest in limits)


def table_of(connection: Any, model: type[Model]) -> Table:
    table: Table = connection.registry.tables[model._meta.db_table]
    return table


def key_of(connection: Any, model: type[Model], pk: Any) -> Key:
    table = table_of(connection, model)
    fields: list[Any] = model._meta.pk_fields
    values = pk if len(fields) > 1 else (pk,)
    attributes = [
        table.by_name[field.column].encode(adapt(field.get_db_prep_value(value, connection)))
        for field, value in zip(fields, values, strict=True)
    ]
    return tuple(next(iter(attribute.values())) for attribute in attributes)


def instance(connection: Any, model: type[Model], table: Table, item: Item) -> Model:
    """A model instance of an item, as the ORM would have made it."""
    values = []
    fields: Any = model._meta.concrete_fields
    for field in fields:
        value = (
            table.by_name[field.column].decode(item[field.column]) if field.column in item else None
        )
        column = field.get_col(table.sql_name)
        for convert in (
            *connection.ops.get_db_converters(column),
            *column.get_db_converters(connection),
        ):
            value = convert(value, column, connection)
        values.append(value)
    return model.from_db(connection.alias, [f.attname for f in model._meta.concrete_fields], values)
