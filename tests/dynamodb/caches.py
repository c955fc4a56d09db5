"""A cache to try, and a clock to move; the tests that want them import these fixtures."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from dynamodb.cache import DynamoDBCache
from tests.dynamodb.engine import connection
from tests.dynamodb.faults import Proxy


@pytest.fixture
def cache(server: str) -> Iterator[DynamoDBCache]:
    """An empty cache on each server."""
    yield from empty_cache()


@pytest.fixture
def faulty(proxy: Proxy) -> Iterator[DynamoDBCache]:
    """A cache behind a proxy that injects faults."""
    yield from empty_cache()


def empty_cache() -> Iterator[DynamoDBCache]:
    made = DynamoDBCache("engine_cache", {"KEY_PREFIX": "k"})
    made.create_table()
    yield made
    made.clear()


def stored(cache: DynamoDBCache) -> list[dict[str, Any]]:
    """The items of a cache's table, those that are over, too."""
    return list(connection.dynamodb.call("Scan", {"TableName": cache.table})["Items"])


class Clock:
    """What time it is, in epoch seconds; the test moves it."""

    now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of this process, servers apart."""
    moved = Clock()
    monkeypatch.setattr(time, "time", moved.time)
    return moved
