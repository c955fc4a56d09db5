"""Statements outside a transaction that are too large for one: in parts, each a transaction.

Django's `delete()`, `update()` and `bulk_update()` are tried whole first. Where DynamoDB cannot
commit that at once, nothing has been written, and `dynamodb.bulk` does the same in parts, if it may
be interrupted and called again: an update that reads what it changes may not. Inside `atomic()`
nothing is divided, and with `OPTIONS["divide"]` False nothing at all.

A conflict runs the whole, or the part, again. `delete()` and `bulk_update()` need that here: Django
has a transaction around their SQL, so the engine does not see single statements in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import TransactionTooLarge

R = TypeVar("R")
UNSAFE = (
    "It was not done in parts, since it reads what it changes, or other rows: interrupted and "
    "called again, it would change some rows twice."
)


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


def deleting(delete: Callable[[Collector], R]) -> Callable[[Collector], R]:
    @wraps(delete)
    def run(self: Collector) -> Any:
        try:
            return retry_on_conflict(partial(delete, self))
        except TransactionTooLarge:
            if not may_divide(self.using):
                raise
        from dynamodb.collecting import delete_collected  # few processes ever divide

        return delete_collected(self)

    return run


def updating(update: Callable[..., int]) -> Callable[..., int]:
    @wraps(update)  # which takes `alters_data` along, for templates
    def run(self: QuerySet[Any], **values: Any) -> int:
        try:
            return update(self, **values)
        except TransactionTooLarge as error:
            if not may_divide(self.db):
                raise
            if is_unsafe(self, values, values.values()):
                raise TransactionTooLarge(f"{error} {UNSAFE}") from error
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
            return retry_on_conflict(partial(bulk_update, self, objs, fields, batch_size))
        except TransactionTooLarge as error:
            if not may_divide(self.db):
                raise
            if is_unsafe(self, fields, [getattr(obj, name) for obj in objs for name in fields]):
                raise TransactionTooLarge(f"{error} {UNSAFE}") from error
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


def is_unsafe(queryset: QuerySet[Any], columns: Iterable[str], values: Iterable[Any]) -> bool:
    """Whether an update of these columns would be another one when it is begun again."""
    from dynamodb.repeating import reads, reads_itself

    return reads_itself(queryset) or reads(queryset, values, columns)
