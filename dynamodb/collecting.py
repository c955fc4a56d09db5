"""Deleting in parts what Django's collector has found: always what refers to a row before the row.

So at no time does a row speak of one that is gone, and who is interrupted and called again finds by
what is left all that has to go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import methodcaller
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector

from dynamodb.parts import in_parts
from dynamodb.tables.values import ModelField

Deletion = tuple[int, dict[str, int]]  # as `QuerySet.delete` tells of it
Row = tuple[type[Model], Any]  # a model and a primary key


def delete_with_others(rows: QuerySet[Any]) -> Deletion:
    """Delete rows with more that refers to them than a transaction holds."""
    collector = Collector(using=rows.db, origin=rows)
    collector.collect(rows)
    return delete_collected(collector)


def delete_collected(collector: Collector) -> Deletion:
    """Delete what a collector has found."""
    deletion = methodcaller("delete")
    done = [total(in_parts(rows, deletion)) for rows in collector.fast_deletes]
    updates: Any = collector.field_updates  # the stubs know those of before Django 4.2
    for (field, value), groups in updates.items():
        for some in groups:
            rows = as_queryset(some, field.model, collector.using)
            sum(in_parts(rows, methodcaller("update", **{field.name: value})))
    for model, group in groupby(leaves_first(collector), key=lambda row: row[0]):
        keys = [key for _, key in group]
        rows = model._base_manager.using(collector.using).filter(pk__in=keys)
        parents = model._meta.concrete_model._meta.parents
        keeping = bool(parents) and not any(parent in collector.data for parent in parents)
        done.append(total(in_parts(rows, partial(delete_rows, keep_parents=keeping), keys)))
    for model, instances in collector.data.items():
        for instance in instances:
            setattr(instance, model._meta.pk.attname, None)
    return total(done)


def delete_rows(rows: QuerySet[Any], *, keep_parents: bool) -> Deletion:
    """As `QuerySet.delete`, which always deletes the rows of parent models too."""
    collector = Collector(using=rows.db, origin=rows)
    collector.collect(rows, keep_parents=keep_parents)
    return collector.delete()


def total(deletions: Iterable[Deletion]) -> Deletion:
    counts: Counter[str] = Counter()
    for _, by_model in deletions:
        counts.update(by_model)
    return sum(counts.values()), dict(counts)


def as_queryset(
    rows: QuerySet[Any] | Iterable[Model], model: type[Model], using: str
) -> QuerySet[Any]:
    """A collector has instances where somebody wants to see them, else a queryset."""
    if isinstance(rows, QuerySet):
        return rows
    return model._base_manager.using(using).filter(pk__in=[row.pk for row in rows])


def leaves_first(collector: Collector) -> Iterator[Row]:
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


def references(collector: Collector) -> dict[Row, list[Row]]:
    """By collected row, those that refer to it. They are read once more: a collector does not ask
    for foreign keys that it does not follow."""
    found: dict[Row, list[Row]] = {}
    collected = {model._meta.concrete_model: model for model in collector.data}
    for model, instances in collector.data.items():
        targets = {f: collected.get(model_of(f)) for f in model._meta.concrete_fields}
        fields = {f: target for f, target in targets.items() if target is not None}
        rows = as_queryset(list(instances), model, collector.using)
        for key, *values in rows.values_list("pk", *(f"{f.name}__pk" for f in fields)):
            for target, value in zip(fields.values(), values, strict=True):
                found.setdefault((target, value), []).append((model, key))
    for model, instances in collector.data.items():
        for field in model._meta.private_fields:
            add_generic(found, collector, field, instances)
    add_inherited(found, collector.data, collected)
    return found


def add_generic(
    found: dict[Row, list[Row]], collector: Collector, field: object, instances: Iterable[Model]
) -> None:
    """What refers to rows by a generic relation."""
    relation: Any = field
    if not hasattr(relation, "bulk_related_objects"):
        return
    by_text = {str(each.pk): (type(each), each.pk) for each in instances}
    rows = relation.bulk_related_objects(list(instances), collector.using)
    for key, value in rows.values_list("pk", relation.object_id_field_name):
        found.setdefault(by_text[str(value)], []).append((rows.model, key))


def add_inherited(
    found: dict[Row, list[Row]], data: dict[Any, Any], collected: dict[Any, Any]
) -> None:
    """What refers to a parent model's row goes before the child's, with which that is deleted."""
    for model, instances in data.items():
        for parent, link in model._meta.concrete_model._meta.parents.items():
            for each in instances if link is not None and parent in collected else ():
                row = (model, each.pk)
                others = found.get((collected[parent], getattr(each, link.attname)), ())
                found.setdefault(row, []).extend(other for other in others if other != row)


def model_of(field: ModelField) -> Any:
    """What a foreign key refers to; None of another field."""
    return field.remote_field.model._meta.concrete_model if field.remote_field else None
