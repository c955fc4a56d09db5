"""Running a transaction again when somebody else was faster; and, where it will be run again,
writing the first time without having looked.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from django.db import connections

from dynamodb.errors import ConflictError, PartlyCommitted
from dynamodb.patience import time_left, tries

P = ParamSpec("P")
T = TypeVar("T")
ATTEMPTS = 12
BASE_DELAY = 0.01  # seconds; doubles with each attempt, with full jitter
LONGEST_DELAY = 1.0
_optimistic: ContextVar[bool] = ContextVar("dynamodb_optimistic", default=False)


def retry_on_conflict(run: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """Call `run`, and again while it raises `ConflictError`, at most `attempts` times.

    `run` must hold its whole transaction (`with transaction.atomic(): ...`): what it
    read is read anew each time. Inside of somebody else's transaction it is part of that, and
    runs once. Inside of another `retry_on_conflict` both share the
    outer one's attempts, and with them the client, which sends a transaction again that
    met another one. At the deadline (`patience`) nothing is tried again.
    """
    if is_part():
        return run()
    with tries(attempts - 1) as budget:
        attempt = 0
        while True:
            try:
                if attempt == 0 and budget.left > 0 and not in_transaction():
                    with first_try():
                        return run()
                with looking_first():
                    return run()
            except ConflictError:
                if not budget.take():
                    raise
            time.sleep(pause(attempt))
            attempt += 1


def in_transaction() -> bool:
    """Whether the commit is somebody else's, who does not run it again."""
    return any(each.in_atomic_block for each in connections.all(initialized_only=True))


def is_part() -> bool:
    """Whether a transaction of this engine's is open, which is all that could be run again."""
    open_ = (each for each in connections.all(initialized_only=True) if each.in_atomic_block)
    return any(hasattr(type(each), "guard_name") for each in open_)


@contextmanager
def optimistic() -> Iterator[bool]:
    """Inside the block and a transaction, updates by primary key count as done unread: the commit
    decides, by their conditions, and raises ConflictError if one of them does not hold.

    Only the first time within a `retry_on_conflict` that has the commit in it, and before anything
    of it is committed: run again, everything is read first, and what has changed shows where the
    update says how many rows it found. A row that the transaction has read is looked at in any
    case. Gives whether it is so.
    """
    watch = _first_try.get()
    token = _optimistic.set(watch is not None and not watch.committed)
    try:
        yield _optimistic.get()
    finally:
        _optimistic.reset(token)


def is_optimistic() -> bool:
    return _optimistic.get()


def pause(attempt: int) -> float:
    """Seconds before the next attempt: doubling, with full jitter."""
    return random.uniform(0, time_left(min(LONGEST_DELAY, BASE_DELAY * 2**attempt)))


class Watch:
    """Whether anything has been committed since it began."""

    committed = False


_watches: ContextVar[tuple[Watch, ...]] = ContextVar("dynamodb_commit_watches", default=())
_first_try: ContextVar[Watch | None] = ContextVar("dynamodb_first_try", default=None)


def note_commit() -> None:
    """Rows have been written: what led to them must not be run again by itself."""
    for watch in _watches.get():
        watch.committed = True


@contextmanager
def watching() -> Iterator[Watch]:
    """Whether the block commits anything to the tables of models."""
    watch = Watch()
    token = _watches.set((*_watches.get(), watch))
    try:
        yield watch
    finally:
        _watches.reset(token)


@contextmanager
def first_try() -> Iterator[None]:
    """What the block does will be done again if it meets a conflict."""
    with watching() as watch:
        token = _first_try.set(watch)
        try:
            yield
        finally:
            _first_try.reset(token)


@contextmanager
def looking_first() -> Iterator[None]:
    """Inside the block nothing is written unread: nobody runs it again, or it is run again."""
    tokens = _first_try.set(None), _optimistic.set(False)
    try:
        yield
    finally:
        _first_try.reset(tokens[0])
        _optimistic.reset(tokens[1])


def run_uncommitted(run: Callable[[], T]) -> T:
    """Call `run` once. A conflict after it has committed something raises PartlyCommitted."""
    with watching() as watch:
        try:
            return run()
        except ConflictError as error:
            if not watch.committed:
                raise
            raise PartlyCommitted(f"Part of it has been committed before: {error}") from error


def retry_uncommitted(run: Callable[[], T]) -> T:
    """`retry_on_conflict` for code that one does not know: not again once an attempt has
    committed something (PartlyCommitted)."""
    return retry_on_conflict(partial(run_uncommitted, run))


def retrying(function: Callable[P, T]) -> Callable[P, T]:
    """A decorator: each call is run again on a conflict, as by `retry_uncommitted`.

    Within somebody else's `atomic()` it runs once, for it is part of that transaction.

    >>> DeviceForm.clean_token = retrying(DeviceForm.clean_token)
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if in_transaction():
            return function(*args, **kwargs)
        return retry_uncommitted(partial(function, *args, **kwargs))

    return run
