"""A change of many rows in transactions of some rows each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import TransactionTooLarge
from dynamodb.repeating import reads_itself

AT_ONCE = 64  # rows of a transaction, to begin with
T = TypeVar("T")


def in_parts(
    queryset: QuerySet[Any],
    change: Callable[[QuerySet[Any]], T],
    keys: Iterable[Any] | None = None,
    deeply: Callable[[QuerySet[Any]], T] | None = None,
) -> Iterator[T]:
    """What comes of the change to some rows after the other, by primary key or in the order of
    these `keys`, each time those that are still in the queryset. Of half as many where a
    transaction would be too large; of one that is by itself, what `deeply` makes of it.

    Raises TransactionTooLarge where that is not given, and for a queryset that would be another one
    after the first part.
    """
    if keys is None:
        keys = queryset.order_by("pk").values_list("pk", flat=True)
    waiting, whole, size = list(keys), queryset.order_by(), AT_ONCE
    if len(waiting) > size and reads_itself(queryset):
        raise TransactionTooLarge(
            "These rows are told by others of their table, and are too many for one transaction. "
            "List their primary keys first, and use filter(pk__in=...)."
        )
    while waiting:
        part = whole.filter(pk__in=waiting[:size])

        def run(part: QuerySet[Any] = part) -> T:
            with transaction.atomic(using=queryset.db):
                return change(part)

        try:
            yield retry_on_conflict(run)
        except TransactionTooLarge:
            if size > 1 and not reads_itself(queryset):
                size = size // 2
                continue
            if deeply is None:
                raise
            yield deeply(part)
        del waiting[:size]
