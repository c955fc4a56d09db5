"""Deleting a row with all that hangs on it, in parts that one transaction of DynamoDB holds.

Children go first and the row itself last. A deletion that ends half-way (a process killed, a
request's time over) leaves a row with fewer children; asked again, it goes on from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import router, transaction
from django.db.models import CASCADE, DO_NOTHING, PROTECT, RESTRICT, Model, ProtectedError, QuerySet
from django.db.models.deletion import Collector, get_candidate_relations_to_delete

from dynamodb.conflicts import retry_on_conflict

PART = 25  # rows of a transaction: 100 writes with three unique values each, 4 MB at 160 KB each
PAGE = 500  # keys asked for at once
MOST = 2_000  # rows of a request: 80 transactions, some seconds


class Unfinished(Exception):
    """More hangs on the row than one request deletes. What was done stays done."""


@dataclass
class Budget:
    """The rows that a request may still change. Raises Unfinished when they are used up."""

    left: int = field(default_factory=lambda: MOST)
    spent: int = 0

    def spend(self, rows: int) -> None:
        self.left -= rows
        self.spent += rows

    def check(self) -> None:
        if self.left <= 0:
            raise Unfinished


def clear_dependents(row: Model, budget: Budget) -> None:
    """Do to all rows that refer to this one what their `on_delete` says, part by part.

    Raises ProtectedError before anything is changed, Unfinished after the budget's rows.
    """
    relations = list(relations_of(row))
    for relation in relations:
        if relation.on_delete is PROTECT and dependents(relation, row).exists():
            raise ProtectedError(f"{relation.related_model.__name__} needs it", set())
    for relation in relations:
        if relation.on_delete not in (DO_NOTHING, PROTECT, RESTRICT):
            clear_relation(relation, row, budget)


def clear_relation(relation: Any, row: Model, budget: Budget) -> None:
    done: set[Any] = set()  # the index may show them for a moment yet
    while keys := new_keys(relation, row, done):
        for part in batches(keys):
            budget.check()
            if relation.on_delete is CASCADE and any(relations_of(relation.related_model)):
                for child in relation.related_model._base_manager.in_bulk(part).values():
                    clear_dependents(child, budget)
            budget.spend(retry_on_conflict(partial(detach, relation, row, part)))
        done |= set(keys)


def new_keys(relation: Any, row: Model, done: set[Any]) -> list[Any]:
    keys = dependents(relation, row).values_list("pk", flat=True)[: len(done) + PAGE]
    return [key for key in keys if key not in done]


def detach(relation: Any, row: Model, keys: list[Any]) -> int:
    """Delete these children, or empty their reference, in one transaction; how many there were.

    The rows as they are, and not as the index has them: others may have been here.
    """
    model = relation.related_model
    with transaction.atomic(using=router.db_for_write(model), savepoint=False):
        value = getattr(row, relation.field.target_field.attname)
        found = model._base_manager.in_bulk(keys).values()
        own = [each for each in found if getattr(each, relation.field.attname) == value]
        if own:
            collector = Collector(router.db_for_write(model), origin=row)
            relation.on_delete(collector, relation.field, own, collector.using)
            collector.delete()
    return len(own)


def relations_of(row: Model | type[Model]) -> Iterator[Any]:
    """The foreign keys that refer to the model, those of many-to-many tables among them."""
    relation: Any
    for relation in get_candidate_relations_to_delete(row._meta):
        if not relation.field.remote_field.parent_link:  # the same row, in two tables
            yield relation


def dependents(relation: Any, row: Model) -> QuerySet[Any]:
    manager = relation.related_model._base_manager
    found: QuerySet[Any] = manager.filter(**{relation.field.name: row})
    return found


def count_dependents(row: Model, most: int, on_delete: Any = CASCADE) -> dict[str, int]:
    """How many rows of which kind would be deleted with it, each counted to `most`; with
    SET_NULL those that would stay without it."""
    counted = {
        str(relation.related_model._meta.verbose_name_plural): (
            dependents(relation, row).order_by()[:most].count()
        )
        for relation in relations_of(row)
        if relation.on_delete is on_delete
    }
    return {name: number for name, number in counted.items() if number}


def batches(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), PART):
        yield keys[start : start + PART]
