"""Indexes that only DynamoDB has."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import BaseExpression, Combinable

MOST = 4  # attributes of a partition key, and of a sort key


class GlobalIndex(models.Index):
    """A global secondary index whose partition key has several attributes.

    >>> GlobalIndex(fields=["shop", "status", "-due", "number"], partition=2, name="due_orders")

    The first `partition` fields are the partition key: a query by the index compares all of them
    by equality. Those that follow are the sort key, from left to right. `models.Index` has one
    field in its partition key, and needs none of this. Raises ValueError for more than four of
    either, and for expressions, of which an index has two.
    """

    def __init__(
        self, *expressions: BaseExpression | Combinable | str, partition: int = 1, **options: Any
    ):
        super().__init__(*expressions, **options)
        sort = len(self.fields) - partition
        if not (1 <= partition <= MOST and 0 <= sort <= MOST):
            raise ValueError(
                f"A GlobalIndex has one to {MOST} fields in its partition key and at most {MOST} "
                f"in its sort key: {self.name} has {partition} and {sort}."
            )
        self.partition = partition

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, expressions, options = super().deconstruct()
        return path, expressions, {**options, "partition": self.partition}
