"""Running a transaction again when somebody else was faster."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from dynamodb.errors import ConflictError
from dynamodb.patience import time_left, tries

T = TypeVar("T")
ATTEMPTS = 12
BASE_DELAY = 0.01  # seconds; doubles with each attempt, with full jitter
LONGEST_DELAY = 1.0


def retry_on_conflict(run: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """Call `run`, and again while it raises `ConflictError`, at most `attempts` times.

    `run` must hold its whole transaction (`with transaction.atomic(): ...`): what it
    read is read anew each time. Inside of another `retry_on_conflict` both share the
    outer one's attempts, and with them the client, which sends a transaction again that
    met another one. At the deadline (`patience`) nothing is tried again.
    """
    with tries(attempts - 1) as budget:
        attempt = 0
        while True:
            try:
                return run()
            except ConflictError:
                if not budget.take():
                    raise
            time.sleep(pause(attempt))
            attempt += 1


def pause(attempt: int) -> float:
    """Seconds before the next attempt: doubling, with full jitter."""
    return random.uniform(0, time_left(min(LONGEST_DELAY, BASE_DELAY * 2**attempt)))
