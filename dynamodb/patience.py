"""How long a piece of work may take, and how often it may try again: said once, where it begins,
and heeded by whatever waits on its behalf. So retries inside of retries never multiply.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(eq=False, repr=False)
class Tries:
    """How many more times the work may be tried after a conflict."""

    left: int

    def take(self) -> bool:
        """Whether there is another try; it is spent."""
        if self.left <= 0 or time_left(1.0) == 0:
            return False
        self.left -= 1
        return True


_deadline: ContextVar[float | None] = ContextVar("dynamodb_deadline", default=None)
_tries: ContextVar[Tries | None] = ContextVar("dynamodb_tries", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Inside the block nothing waits longer than `seconds` from now; an earlier deadline stays."""
    before, moment = _deadline.get(), time.monotonic() + seconds
    token = _deadline.set(moment if before is None else min(before, moment))
    try:
        yield
    finally:
        _deadline.reset(token)


def time_left(most: float) -> float:
    """Seconds until the deadline, 0 once it has passed; never more than `most`."""
    moment = _deadline.get()
    return most if moment is None else max(0.0, min(most, moment - time.monotonic()))


@contextmanager
def tries(number: int) -> Iterator[Tries]:
    """The tries after conflicts that the block has: those of a block around it, if there is one."""
    budget = _tries.get() or Tries(number)
    token = _tries.set(budget)
    try:
        yield budget
    finally:
        _tries.reset(token)


def tries_left() -> Tries | None:
    """Those of the block that this runs in; None outside of all."""
    return _tries.get()
