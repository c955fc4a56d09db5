"""Statements outside a transaction that are too large for one: in parts, each a transaction.

Django's `delete()`, `update()` and `bulk_update()` are tried whole first. Where DynamoDB cannot
commit that at once, nothing has been written, and `dynamodb.bulk` does the same in parts, if it may
be interrupted and called again: an update that reads what it changes may not. Inside `atomic()`
nothing is divided, and with `OPTIONS["divide"]` False nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, wraps
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector
from django.db.models.expressions import Col, RawSQL, Subquery
from django.db.models.sql import Query
from django.db.models.sql.where import ExtraWhere, WhereNode

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import TransactionTooLarge

R = TypeVar("R")


def divide_statements() -> None:
    """Django has no place for this in a database engine: three of its methods are wrapped."""
    for owner, name, wrapper in (
        (Collector, "delete", deleting),
        (QuerySet, "update", updating),
        (QuerySet, "bulk_update", updating_each),
    ):
        original = getattr(owner, name)
        if not hasattr(original, "__wrapped__"):
            setattr(owner, name, wrapper(original))


def may_divide(using: str) -> bool:
    """Whether each statement is a transaction of its own, and may be several."""
    connection = connections[using]
    options = connection.settings_dict["OPTIONS"]
    return not connection.in_atomic_block and bool(options.get("divide", True))


def deleting(delete: Callable[[Any], R]) -> Callable[[Any], R]:
    @wraps(delete)
    def run(self: Any) -> Any:
        try:
            return delete(self)
        except TransactionTooLarge:
            if not may_divide(self.using) or any(map(reads_itself, self.fast_deletes)):
                raise
        from dynamodb.collecting import delete_collected  # few processes ever divide

        return delete_collected(self)

    return run


def updating(update: Callable[..., int]) -> Callable[..., int]:
    @wraps(update)  # which takes `alters_data` along, for templates
    def run(self: QuerySet[Any], **values: Any) -> int:
        try:
            return update(self, **values)
        except TransactionTooLarge:
            names = {self.model._meta.get_field(name).name for name in values}
            if not may_divide(self.db) or reads_itself(self) or reads(self, values.values(), names):
                raise
        from dynamodb import bulk

        return bulk.update(self, **values)

    return run


def updating_each(bulk_update: Callable[..., int]) -> Callable[..., int]:
    @wraps(bulk_update)
    def run(
        self: QuerySet[Any],
        objs: Iterable[Model],
        fields: Sequence[str],
        batch_size: int | None = None,
    ) -> int:
        objs, fields = tuple(objs), tuple(fields)
        try:
            return bulk_update(self, objs, fields, batch_size)
        except TransactionTooLarge:
            values = [getattr(obj, name) for obj in objs for name in fields]
            names = {self.model._meta.get_field(name).name for name in fields}
            if not may_divide(self.db) or reads_itself(self) or reads(self, values, names):
                raise
        from dynamodb.parts import AT_ONCE

        some = [objs[n : n + AT_ONCE] for n in range(0, len(objs), AT_ONCE)]
        return sum(halving(lambda part: bulk_update(self, part, fields), part) for part in some)

    return run


def halving(change: Callable[[tuple[Model, ...]], int], objs: tuple[Model, ...]) -> int:
    """The change to all, or to one half after the other: a row may be several writes."""
    try:
        return retry_on_conflict(partial(change, objs))
    except TransactionTooLarge:
        if len(objs) == 1:
            raise
        middle = len(objs) // 2
        return halving(change, objs[:middle]) + halving(change, objs[middle:])


def reads(queryset: QuerySet[Any], values: Iterable[Any], names: set[str]) -> bool:
    """Whether one of the values is made of these columns, or of other rows: what is updated once
    more then is another value."""
    expressions = [
        value.resolve_expression(queryset.query, allow_joins=False, for_save=True)
        for value in values
        if hasattr(value, "resolve_expression")
    ]
    return any(
        isinstance(part, Subquery | Query | RawSQL | ExtraWhere)
        or (isinstance(part, Col) and part.target.name in names)
        for each in expressions
        for part in parts_of(each)
    )


def reads_itself(queryset: QuerySet[Any]) -> bool:
    """Whether it is told by other rows of the same table, which are its rows: after the first part
    it would be another queryset."""
    query: Any = queryset.query
    model = query.get_meta().concrete_model
    own = {each._meta.db_table for each in (model, *model._meta.all_parents)}
    joined = [join for alias, join in tables_in(query) if alias != query.base_table]
    others = {join.table_name for join in joined if not is_parent_link(join.join_field)}
    for part in parts_of(query.where):
        if isinstance(part, RawSQL | ExtraWhere):
            return True  # nobody knows what it reads
        if isinstance(part, Query):
            others.update(tables_of(part))
    return not own.isdisjoint(others)


def tables_in(query: Any) -> list[tuple[str, Any]]:
    """Its tables by alias, without those that Django has trimmed from it."""
    return [each for each in query.alias_map.items() if query.alias_refcount[each[0]]]


def tables_of(query: Any) -> Iterator[str]:
    """What a subquery reads."""
    yield from (join.table_name for _, join in tables_in(query))
    for each in (query.where, *query.annotations.values(), *query.combined_queries):
        for part in parts_of(each):
            if isinstance(part, Query):
                yield from tables_of(part)


def parts_of(node: Any) -> Iterator[Any]:
    """An expression and all that it is made of; Django's `flatten` stops at conditions."""
    yield node
    if isinstance(node, WhereNode):
        inner = node.children
    elif isinstance(node, Query) or not hasattr(node, "get_source_expressions"):
        inner = []
    else:
        inner = node.get_source_expressions()
    for each in inner:
        if each is not None:
            yield from parts_of(each)


def is_parent_link(field: Any) -> bool:
    """Whether what is joined by it is of the same row, by inheritance."""
    return bool(getattr(field.remote_field, "parent_link", False))
