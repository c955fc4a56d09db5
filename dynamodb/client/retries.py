"""How often a call is made, and how long is waited in between."""

import random
import time

from dynamodb.client.refusals import ServiceError
from dynamodb.patience import tries_left

ATTEMPTS = 8
CONFLICTS = 3  # attempts at a transaction that meets others, where its caller tries again too
BASE_DELAY = 0.025  # seconds; doubles with each attempt, with full jitter
LONGEST_DELAY = 2.0
PATIENCE = 15.0  # seconds after which nothing is tried again, unless a deadline comes first


def last(attempt: int, deadline: float) -> bool:
    """Whether an attempt that failed was the last one."""
    return attempt >= ATTEMPTS or time.monotonic() >= deadline


def another_try(error: ServiceError, attempt: int) -> bool:
    """Whether a refusal that may pass is worth another attempt at the same call.

    Where a transaction met others and its caller tries again too, both spend the same tries, and
    most are left to the caller: it reads anew what has changed.
    """
    budget = tries_left() if error.is_conflict else None
    return budget is None or (attempt < CONFLICTS and budget.take())


def delay(attempt: int) -> float:
    """Seconds to wait after an attempt: doubling, with full jitter."""
    return random.uniform(0, min(LONGEST_DELAY, BASE_DELAY * 2**attempt))
