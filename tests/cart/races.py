"""Doing things at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def at_once(*runs: Callable[[], Any]) -> list[Any]:
    """The results of all, started at the same moment."""
    start = Barrier(len(runs))

    def run(function: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(run, runs))
