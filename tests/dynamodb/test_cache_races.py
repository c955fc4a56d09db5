"""The cache used by many at once, each race also with its guard out; and its faults."""
# ruff: noqa: F811  a fixture's name is imported, and a parameter

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError

from dynamodb.cache import DynamoDBCache
from tests.cart.races import at_once
from tests.dynamodb.caches import Clock, cache, clock, faulty  # noqa: F401  three are fixtures
from tests.dynamodb.faults import Proxy, cut_after, half_done_reads, refused
from tests.dynamodb.guards import PATIENCE, changed, used_only

THREADS = 16


# At once ------------------------------------------------------------------------------


def test_one_of_16_adds_it(cache: DynamoDBCache) -> None:
    results = at_once(*[lambda n=n: cache.add("key", n) for n in range(THREADS)])

    assert sorted(results) == [False] * 15 + [True]
    assert cache.get("key") == results.index(True)


def test_one_of_16_adds_what_has_expired(cache: DynamoDBCache, clock: Clock) -> None:
    cache.set("key", -1, timeout=1)
    clock.now += 2

    results = at_once(*[lambda n=n: cache.add("key", n) for n in range(THREADS)])

    assert sorted(results) == [False] * 15 + [True]


def test_all_of_16_add_it_without_the_condition(cache: DynamoDBCache) -> None:
    def bare(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation != "PutItem":
            return params
        return used_only({k: v for k, v in params.items() if k != "ConditionExpression"})

    with changed(bare):
        assert at_once(*[lambda n=n: cache.add("key", n) for n in range(THREADS)]) == [True] * 16


def test_increments_are_all_there(cache: DynamoDBCache) -> None:
    cache.set("n", 0)

    results = at_once(*[lambda: [cache.incr("n") for _ in range(10)]] * THREADS)

    assert sorted(n for each in results for n in each) == list(range(1, 161))
    assert cache.get("n") == 160


def test_increments_by_get_and_set_are_not(cache: DynamoDBCache) -> None:
    """As the base class has it: 16 read the same number."""
    cache.set("n", 0)
    meeting = Barrier(THREADS)

    def increment() -> None:
        seen = cache.get("n")
        meeting.wait(PATIENCE)
        cache.set("n", seen + 1)

    at_once(*[increment] * THREADS)

    assert cache.get("n") == 1


# Faults -------------------------------------------------------------------------------


def test_a_batch_half_read(faulty: DynamoDBCache, proxy: Proxy) -> None:
    values = {f"key{n}": n for n in range(10)}
    faulty.set_many(values)
    proxy.inject("BatchGetItem", half_done_reads())

    assert faulty.get_many(values) == values
    assert proxy.attempts == 2


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "UpdateItem", "DeleteItem"])
def test_a_refusal_is_a_database_error(faulty: DynamoDBCache, proxy: Proxy, operation: str) -> None:
    runs: dict[str, Callable[[str], Any]] = {
        "GetItem": faulty.get, "PutItem": lambda key: faulty.add(key, 1),
        "UpdateItem": faulty.incr, "DeleteItem": faulty.delete,
    }  # fmt: skip
    proxy.inject(operation, refused("AccessDeniedException"))

    with pytest.raises(DatabaseError, match="AccessDenied"):
        runs[operation]("key")


def test_a_refused_batch_is_a_database_error(faulty: DynamoDBCache, proxy: Proxy) -> None:
    proxy.inject("BatchGetItem", refused("AccessDeniedException"))

    with pytest.raises(DatabaseError, match="AccessDenied"):
        faulty.get_many(["a", "b"])


def test_an_increment_whose_answer_is_lost(faulty: DynamoDBCache, proxy: Proxy) -> None:
    """It must not be counted twice: better an error."""
    faulty.set("n", 1)
    proxy.inject("UpdateItem", cut_after())

    with pytest.raises(DatabaseError):
        faulty.incr("n")

    assert (proxy.attempts, faulty.get("n")) == (1, 2)


def test_an_add_whose_answer_is_lost(faulty: DynamoDBCache, proxy: Proxy) -> None:
    """Who added it must hear so: else nobody holds the lock."""
    proxy.inject("PutItem", cut_after())

    assert faulty.add("lock", 1) is True
    assert faulty.add("lock", 1) is False
