"""Running a transaction again when somebody else was faster."""

import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from dynamodb.errors import ConflictError

T = TypeVar("T")
ATTEMPTS = 8
_retrying: ContextVar[bool] = ContextVar("dynamodb_retrying", default=False)
BASE_DELAY = 0.01  # seconds; doubles with each attempt, with full jitter


def retry_on_conflict(run: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """Call `run`, and again while it raises `ConflictError`, at most `attempts` times.

    `run` must hold its whole transaction (`with transaction.atomic(): ...`): what it
    read is read anew each time. So what `run` calls is part of that transaction, and
    within it nothing else is run again: eight times eight would be 64 times.
    """
    if _retrying.get():
        return run()
    token = _retrying.set(True)
    try:
        for attempt in range(attempts - 1):
            try:
                return run()
            except ConflictError:
                time.sleep(random.uniform(0, BASE_DELAY * 2**attempt))
        return run()
    finally:
        _retrying.reset(token)
