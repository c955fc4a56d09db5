"""Deleting in parts what Django's collector has found: always what refers to a row before the row.

So at no time does a row speak of one that is gone, and who is interrupted and called again finds by
what is left all that has to go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import methodcaller
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector

from dynamodb.parts import in_parts

Deletion = tuple[int, dict[str, int]]  # as `QuerySet.delete` tells of it
Row = tuple[type[Model], Any]  # a model and a primary key


def delete_with_others(rows: QuerySet[Any]) -> Deletion:
    """Delete rows with more that refers to them than a transaction holds."""
    collector = Collector(using=rows.db, origin=rows)
    collector.collect(rows)
    return delete_collected(collector)


def delete_collected(collector: Any) -> Deletion:
    """Delete what a collector has found."""
    deletion = methodcaller("delete")
    done = [total(in_parts(rows, deletion)) for rows in collector.fast_deletes]
    for (field, value), groups in collector.field_updates.items():
        for group in groups:
            rows = as_queryset(group, field.model, collector.using)
            sum(in_parts(rows, methodcaller("update", **{field.name: value})))
    for model, group in groupby(leaves_first(collector), key=lambda row: row[0]):
        keys = [key for _, key in group]
        rows = model._base_manager.using(collector.using).filter(pk__in=keys)
        done.append(total(in_parts(rows, deletion, keys)))
    for model, instances in collector.data.items():
        for instance in instances:
            setattr(instance, model._meta.pk.attname, None)
    return total(done)


def total(deletions: Iterable[Deletion]) -> Deletion:
    counts: Counter[str] = Counter()
    for _, by_model in deletions:
        counts.update(by_model)
    return sum(counts.values()), dict(counts)


def as_queryset(rows: Any, model: type[Model], using: str) -> QuerySet[Any]:
    """A collector has instances where somebody wants to see them, else a queryset."""
    if isinstance(rows, QuerySet):
        return rows
    return model._base_manager.using(using).filter(pk__in=[row.pk for row in rows])


def leaves_first(collector: Any) -> Iterator[Row]:
    """The collected rows, what refers to others before those. Models without foreign keys to each
    other (generic relations) come as they were found, the last one first."""
    found = {
        (model, instance.pk): instance
        for model in reversed(collector.data)
        for instance in collector.data[model]
    }
    referring = references(collector)
    seen: set[Row] = set()
    for row in found:
        waiting = [(row, False)]
        while waiting:
            each, is_done = waiting.pop()
            if is_done:
                yield each
            elif each not in seen:
                seen.add(each)
                waiting.append((each, True))
                waiting += [(other, False) for other in referring.get(each, ())]


def references(collector: Any) -> dict[Row, list[Row]]:
    """By collected row, those that refer to it. They are read once more: a collector does not ask
    for foreign keys that it does not follow."""
    found: dict[Row, list[Row]] = {}
    for model, instances in collector.data.items():
        targets = {f: model_of(f) for f in model._meta.concrete_fields}
        fields = {f: target for f, target in targets.items() if target in collector.data}
        rows = as_queryset(list(instances), model, collector.using)
        for key, *values in rows.values_list("pk", *(f"{f.name}__pk" for f in fields)):
            for target, value in zip(fields.values(), values, strict=True):
                found.setdefault((target, value), []).append((model, key))
    return found


def model_of(field: Any) -> Any:
    """What a foreign key refers to; None of another field."""
    return field.remote_field.model._meta.concrete_model if field.remote_field else None
