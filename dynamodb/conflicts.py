"""Running a transaction again when somebody else was faster."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from dynamodb.errors import ConflictError

T = TypeVar("T")
ATTEMPTS = 8
BASE_DELAY = 0.01  # seconds; doubles with each attempt, with full jitter


def retry_on_conflict(run: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """Call `run`, and again while it raises `ConflictError`, at most `attempts` times.

    `run` must hold its whole transaction (`with transaction.atomic(): ...`): what it
    read is read anew each time.
    """
    for attempt in range(attempts - 1):
        try:
            return run()
        except ConflictError:
            time.sleep(random.uniform(0, BASE_DELAY * 2**attempt))
    return run()
