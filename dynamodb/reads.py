"""Reads that the ORM has no words for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain, islice
from operator import gt, lt
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import JSONField, Model
from django.db.utils import DatabaseError

from dynamodb.tables.adapters import adapt
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import (
    LONGEST_KEY,
    LONGEST_SORT_KEY,
    AttributeValue,
    Item,
    ModelField,
    from_attribute,
    sort_value,
)

M = TypeVar("M", bound=Model)
logger = logging.getLogger(__name__)
_ahead: ContextVar[dict[tuple[str, type[Model], Any], Any]] = ContextVar("rows_read_ahead")


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


def get_one(model: type[M], pk: Any, using: str = DEFAULT_DB_ALIAS) -> M | None:
    """What `model.objects.filter(pk=pk).first()` gives, by the same GetItem, without SQL."""
    connection: Any = connections[using]
    store = connection.store
    if not store.in_transaction:
        known: M | None = _ahead.get({}).pop((using, model, pk), None)
        if known is not None:
            return known
        store.forget()
    key, table = key_of(connection, model, pk), table_of(connection, model)
    item = store.get(table, key) if fits(key) else None
    return None if item is None else instance(connection, model, table, item)


@contextmanager
def read_ahead(
    keys: Mapping[type[Model], Iterable[Any]], using: str = DEFAULT_DB_ALIAS
) -> Iterator[None]:
    """Inside the block the first `get_one` of each of these rows, outside of transactions, finds it
    read already: all of them in one BatchGetItem at its beginning, for who goes through many.

    It is as old then as the block. Who changes something by it does so on condition of what it
    was, or reads it again. Where they cannot be read, each is read when its turn comes.
    """
    rows: dict[tuple[str, type[Model], Any], Any] = {}
    try:
        for model, found in get_many(keys, using).items():
            rows |= {(using, model, pk): row for pk, row in found.items()}
    except DatabaseError:
        logger.warning("Rows could not be read ahead", exc_info=True)
    token = _ahead.set(rows)
    try:
        yield
    finally:
        _ahead.reset(token)


def get_page(
    model: type[Model],
    value: object,
    *,
    limit: int,
    after: object = None,
    descending: bool = False,
    fields: Sequence[str] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> list[dict[str, Any]]:
    """The first rows with this partition key, by their sort key, in one Query; each as a dictionary
    of the values that an instance would have, without the way by SQL, instance and JSON text.

    >>> get_page(Listing, "all", limit=20, descending=True, fields=["position", "card"])
    [{"position": 7, "card": {...}}, ...]

    `after`: a value of the sort key, to go on behind it. `fields`: all, unless named. The model has
    a primary key of two columns. Reads as other reads do: consistently, unless a block says
    `eventually_consistent()`, and inside `atomic()` with what the transaction has written.
    """
    connection: Any = connections[using]
    store = connection.store
    if not store.in_transaction:
        store.forget()
    table = table_of(connection, model)
    partition, sort = key_pair(model)
    bound = None if after is None else attribute_of(connection, table, sort, after)
    ranges = () if bound is None else (("<" if descending else ">", bound),)
    pages = store.query(
        table, table.key, (attribute_of(connection, table, partition, value),), ranges,
        descending=descending, limit=limit,
    )  # fmt: skip
    items: Iterator[Item] = chain.from_iterable(pages)
    if bound is not None and store.buffer.touches(table):  # its own rows come from anywhere
        compare, column, edge = (lt if descending else gt), str(sort.column), sort_value(bound)
        items = (item for item in items if compare(sort_value(item[column]), edge))
    decoders = decoders_of(connection, model, table)
    wanted = [(name, *decoders[name]) for name in fields or decoders]
    return [
        {name: decode(item.get(column)) for name, column, decode in wanted}
        for item in islice(items, limit)
    ]


Decoder = Callable[[AttributeValue | None], Any]
Decoders = dict[str, tuple[str, Decoder]]
_decoders: dict[tuple[str, type[Model]], tuple[Table, Decoders]] = {}


def decoders_of(connection: EngineConnection, model: type[Model], table: Table) -> Decoders:
    """By a field's name in instances: its column, and how its values are made of attributes."""
    known = _decoders.get((connection.alias, model))
    if known is None or known[0] is not table:  # made anew after a migration
        made = {
            str(field.attname): (str(field.column), decoder(connection, table, field))
            for field in model._meta.concrete_fields
        }
        known = _decoders[connection.alias, model] = (table, made)
    return known[1]


def decoder(connection: EngineConnection, table: Table, field: ModelField) -> Decoder:
    """As SQLite, the backend and the field make a value one after the other; JSON at once."""
    column, decode = field.get_col(table.sql_name), table.by_name[str(field.column)].decode
    converters = [
        *connection.ops.get_db_converters(column),
        *column.get_db_converters(connection),
    ]

    def from_json(attribute: AttributeValue | None) -> Any:
        return None if attribute is None else from_attribute(attribute)

    def converted(attribute: AttributeValue | None) -> Any:
        value = None if attribute is None else decode(attribute)
        for convert in converters:
            value = convert(value, column, connection)
        return value

    plain_json = type(field) is JSONField and field.decoder is None
    return from_json if plain_json else converted


def attribute_of(
    connection: EngineConnection, table: Table, field: ModelField, value: object
) -> AttributeValue:
    column = table.by_name[str(field.column)]
    return column.encode(adapt(field.get_db_prep_value(value, connection)))


def fits(key: Key) -> bool:
    """Whether there can be a row with this primary key."""
    limits = zip(key, (LONGEST_KEY, LONGEST_SORT_KEY), strict=False)
    return all(len(value.encode()) <= longest for value, longest in limits)


def table_of(connection: EngineConnection, model: type[Model]) -> Table:
    table: Table = connection.registry.tables[model._meta.db_table]
    return table


def key_pair(model: type[Model]) -> tuple[Any, Any]:
    """The fields of a primary key of two columns. Raises ValueError for another."""
    fields = model._meta.pk_fields
    if len(fields) != 2:
        raise ValueError(
            f"get_page reads a partition by its sort key: {model.__name__} has no "
            "CompositePrimaryKey of two fields. Use a queryset with order_by and a slice."
        )
    return fields[0], fields[1]


def key_of(connection: EngineConnection, model: type[Model], pk: Any) -> Key:
    table = table_of(connection, model)
    fields: list[Any] = model._meta.pk_fields
    values = pk if len(fields) > 1 else (pk,)
    if not isinstance(values, tuple | list) or len(values) != len(fields):
        names = ", ".join(field.name for field in fields)
        raise ValueError(f"A primary key of {model.__name__} is a tuple ({names}), not {pk!r}.")
    attributes = [
        attribute_of(connection, table, field, value)
        for field, value in zip(fields, values, strict=True)
    ]
    return tuple(next(iter(attribute.values())) for attribute in attributes)


def instance(connection: EngineConnection, model: type[M], table: Table, item: Item) -> M:
    """A model instance of an item, as the ORM would have made it."""
    decoders = decoders_of(connection, model, table)
    values = [decode(item.get(column)) for column, decode in decoders.values()]
    return model.from_db(connection.alias, list(decoders), values)
