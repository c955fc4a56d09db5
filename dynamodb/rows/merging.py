"""Sorted pages from several places as one sequence of sorted pages."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from dynamodb.tables.values import Item

Pages = Iterator[list[Item]]


def merged(parts: list[Pages], key: Callable[[Item], Any], *, reverse: bool) -> Pages:
    """All rows in order; of equal ones those of earlier parts first.

    A page has what can be said without reading on: no part is asked for more than its rows
    that were taken, and a join, which looks ahead on a page, sees as many as there are.
    """
    waiting = [deque[Item]() for _ in parts]
    open_ = set(range(len(parts)))
    first: dict[int, Any] = {}  # the key of the first row that waits, by part
    best = max if reverse else min
    while True:
        for n in sorted(open_):
            while n in open_ and not waiting[n]:
                page = next(parts[n], None)
                if page is None:
                    open_.discard(n)
                else:
                    waiting[n].extend(page)
            if waiting[n] and n not in first:
                first[n] = key(waiting[n][0])
        ready: list[Item] = []
        while first:
            n = best(sorted(first), key=first.__getitem__)
            ready.append(waiting[n].popleft())
            if waiting[n]:
                first[n] = key(waiting[n][0])
                continue
            del first[n]
            if n in open_:
                break
        if not ready:
            return
        yield ready
