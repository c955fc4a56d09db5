"""The same request from many at the same moment, as a login form gets it from a guesser."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

THREADS = 16


def statuses(ask: Callable[[int], Any]) -> Counter[int]:
    """How often each status was the answer to `ask(number)`, for 16 threads."""
    start = Barrier(THREADS)

    def run(number: int) -> int:
        start.wait()
        try:
            return int(ask(number).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(run, range(THREADS)))
