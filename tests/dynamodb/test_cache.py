"""Django's cache in a table: what throttles, locks and sessions rely on."""
# ruff: noqa: F811  a fixture's name is imported, and a parameter

from typing import Any

import pytest
from django.core.cache.backends.base import InvalidCacheKey
from django.db import DataError

from dynamodb import cache as module
from dynamodb.cache import DynamoDBCache
from dynamodb.calls import record
from tests.dynamodb.caches import Clock, cache, clock, stored  # noqa: F401  two are fixtures
from tests.dynamodb.engine import connection

VALUES: list[Any] = [
    0, -7, 10**37, 10**40, True, False, None, 1.5, "", "text", b"\x00\xff", [1, (2,)], {"a": {1}},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_there_and_back(cache: DynamoDBCache, value: Any) -> None:
    cache.set("key", value)

    found = cache.get("key", "default")
    assert (found, type(found)) == (value, type(value))
    assert cache.has_key("key") and "key" in cache


def test_whole_numbers_are_numbers(cache: DynamoDBCache) -> None:
    cache.set("n", 5, timeout=None)

    assert stored(cache) == [{"id": {"S": "k:1:n"}, "value": {"N": "5"}}]


def test_what_is_not_there(cache: DynamoDBCache) -> None:
    assert cache.get("none") is None
    assert cache.get("none", 7) == 7
    assert not cache.has_key("none")
    assert not cache.delete("none")
    assert not cache.touch("none")
    for change in (cache.incr, cache.decr):
        with pytest.raises(ValueError, match="'none' not found"):
            change("none")
    assert stored(cache) == []


def test_set_add_delete(cache: DynamoDBCache) -> None:
    assert cache.add("key", 1) is True
    assert cache.add("key", 2) is False
    assert cache.get("key") == 1

    cache.set("key", 3)
    assert cache.get("key") == 3
    assert cache.delete("key") is True
    assert cache.add("key", None) is True
    assert cache.add("key", 4) is False  # None is a value
    assert cache.get_or_set("other", lambda: 5) == 5


def test_versions(cache: DynamoDBCache) -> None:
    cache.set("key", 1)
    cache.set("key", 2, version=2)

    assert (cache.get("key"), cache.get("key", version=2)) == (1, 2)
    assert cache.incr_version("key", delta=4) == 5
    assert (cache.get("key"), cache.get("key", version=5)) == (None, 1)
    assert cache.delete("key", version=2)
    assert cache.get("key", version=2) is None


def test_incr_and_decr(cache: DynamoDBCache) -> None:
    cache.set("n", 5)

    assert [cache.incr("n"), cache.incr("n", 10), cache.decr("n", 20)] == [6, 16, -4]


@pytest.mark.parametrize("value", ["5", 1.5, True, None])
def test_incr_of_what_is_no_number(cache: DynamoDBCache, value: Any) -> None:
    cache.set("key", value)

    with pytest.raises(TypeError, match="'key' holds no whole number"):
        cache.incr("key")
    assert cache.get("key") == value


def test_many(cache: DynamoDBCache) -> None:
    values = {f"key{n}": n for n in range(5)}
    assert cache.set_many(values) == []

    assert cache.get_many([*values, "none"]) == values
    cache.delete_many(["key0", "key1", "none"])
    assert sorted(cache.get_many(values)) == ["key2", "key3", "key4"]
    cache.clear()
    assert cache.get_many(values) == {}


def test_250_keys_in_three_calls(cache: DynamoDBCache) -> None:
    """More than MAX_ENTRIES of other backends: nothing is culled."""
    names = [f"key{n:03}" for n in range(350)]
    puts = [
        {"PutRequest": {"Item": {**cache.item_key(name, None), "value": {"N": str(n)}}}}
        for n, name in enumerate(names)
    ]
    cache.control.write_batches(cache.table, puts)
    cache.set("one-more", 1)
    assert len(stored(cache)) == 351

    with record() as calls:
        found = cache.get_many(names[:250])

    assert found == {name: n for n, name in enumerate(names[:250])}
    assert [call.operation for call in calls] == ["BatchGetItem"] * 3


def test_expiry(cache: DynamoDBCache, clock: Clock) -> None:
    cache.set("short", 1, timeout=10)
    cache.set("default", 2)
    cache.set("endless", 3, timeout=None)
    cache.set("over", 4, timeout=0)
    names = ["short", "default", "endless", "over"]

    assert cache.get_many(names) == {"short": 1, "default": 2, "endless": 3}
    clock.now += 9.9
    assert cache.get("short") == 1
    clock.now += 0.1
    assert cache.get_many(names) == {"default": 2, "endless": 3}
    clock.now += 290
    assert cache.get_many(names) == {"endless": 3}


def test_dynamodb_deletes_late(cache: DynamoDBCache, clock: Clock) -> None:
    """An entry that is over is not there, though DynamoDB still has it."""
    cache.set("n", 1, timeout=10)
    clock.now += 10

    assert len(stored(cache)) == 1
    assert cache.get("n") is None
    assert not cache.has_key("n")
    assert not cache.touch("n", 100)
    assert not cache.delete("n")
    with pytest.raises(ValueError, match="'n' not found"):
        cache.incr("n")
    assert cache.add("n", 2) is True
    assert cache.get("n") == 2


def test_touch(cache: DynamoDBCache, clock: Clock) -> None:
    cache.set("key", 1, timeout=10)
    assert cache.touch("key", 100)
    clock.now += 99
    assert cache.get("key") == 1
    assert cache.touch("key", None)
    clock.now += 10**9
    assert cache.get("key") == 1


def test_incr_keeps_the_expiry(cache: DynamoDBCache, clock: Clock) -> None:
    """A throttle's window does not slide."""
    cache.set("n", 1, timeout=10)
    clock.now += 5
    assert cache.incr("n") == 2
    clock.now += 5
    assert cache.get("n") is None


def test_the_table_expires(cache: DynamoDBCache) -> None:
    found = connection.dynamodb.call("DescribeTimeToLive", {"TableName": cache.table})

    assert found["TimeToLiveDescription"]["AttributeName"] == "_expires"
    assert found["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


def test_too_large(cache: DynamoDBCache) -> None:
    with pytest.raises(DataError, match="400 KB"):
        cache.set("key", b"x" * 410_000)

    assert cache.get("key") is None


def test_a_key_that_is_none(cache: DynamoDBCache) -> None:
    """250 characters without blanks: memcached's keys, as Django warns of them."""
    with pytest.raises((InvalidCacheKey, Warning)):
        cache.get("x" * 251)


def test_dump_and_load_are_inverse() -> None:
    for value in VALUES:
        assert module.load({"value": module.dump(value)}, "default") == value
