"""Whether a change of many rows can be made in parts, and begun again where it was interrupted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Col, RawSQL, Subquery
from django.db.models.sql import Query
from django.db.models.sql.where import ExtraWhere, WhereNode

from dynamodb.tables.values import ModelField


def reads(queryset: QuerySet[Any], values: Iterable[Any], names: Iterable[str]) -> bool:
    """Whether one of the values is made of these fields, or of other rows: what is updated once
    more then is another value. A generated field may be made of any."""
    changed = {queryset.model._meta.get_field(name) for name in names}
    expressions = [
        value.resolve_expression(queryset.query, allow_joins=False, for_save=True)
        for value in values
        if hasattr(value, "resolve_expression")
    ]
    return any(
        isinstance(part, Subquery | Query | RawSQL | ExtraWhere)
        or (isinstance(part, Col) and (part.target in changed or part.target.generated))
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


def tables_in(query: Query) -> list[tuple[str, Any]]:
    """Its tables by alias, without those that Django has trimmed from it."""
    return [each for each in query.alias_map.items() if query.alias_refcount[each[0]]]


def tables_of(query: Query) -> Iterator[str]:
    """What a subquery reads."""
    yield from (join.table_name for _, join in tables_in(query))
    for each in (query.where, *query.annotations.values(), *query.combined_queries):
        for part in parts_of(each):
            if isinstance(part, Query):
                yield from tables_of(part)


def parts_of(node: object) -> Iterator[Any]:
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


def is_parent_link(field: ModelField) -> bool:
    """Whether what is joined by it is of the same row, by inheritance."""
    return bool(getattr(field.remote_field, "parent_link", False))
