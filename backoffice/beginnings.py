"""Rows by the beginning of a column: an index by its first letters, then by all of it.

A model has such an index by `Index(Substr(column, 1, START), F(column), name=…, include=[])`.
"""

from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.functions import Substr

from backoffice.words import normalise

#: Letters that name a partition of such an index: a single partition for all rows would be the
#: sale day's bottleneck.
START = 3
MOST_FOUND = 200  # keys: two BatchGetItems
LAST = "\U0010ffff"  # sorts behind whatever can follow
LONGEST = 100  # characters of a name that are kept to find it by


def surname_first(name: str) -> str:
    """`Ada Byron` as `byron ada`: as a column keeps it to be found by."""
    *others, last = normalise(name).split() or [""]
    return " ".join([last, *others])[:LONGEST]


def keys_by(model: type[Model], column: str, beginning: str) -> set[Any]:
    """Keys of rows whose column begins so; of fewer than START letters, only whole words.

    A Query, two for a short word, of at most MOST_FOUND keys; none for no beginning.
    """
    if not beginning:
        return set()
    partitions = {beginning[:START], f"{beginning} "[:START]}
    ranges = {f"{column}__gte": beginning, f"{column}__lt": beginning + LAST}
    started = model._default_manager.annotate(start=Substr(column, 1, START))
    return keys_of(started.filter(start__in=partitions, **ranges).order_by(column))


def keys_of(rows: QuerySet[Any]) -> set[Any]:
    """The first MOST_FOUND primary keys."""
    return set(rows.values_list("pk", flat=True)[:MOST_FOUND])
