"""Django's cache in a table: what throttles, locks and sessions rely on."""
# ruff: noqa: F811  a fixture's name is imported, and a parameter

import base64
import pickle
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.base import InvalidCacheKey
from django.db import DataError

from dynamodb.cache import DynamoDBCache
from dynamodb.calls import record
from dynamodb.counters import Limit
from dynamodb.rows.batches import write_batches
from tests.dynamodb.caches import Clock, cache, clock, stored  # noqa: F401  two are fixtures
from tests.dynamodb.engine import connection

VALUES: list[Any] = [
    0, -7, 10**37, 10**40, True, False, None, 1.5, "", "\x00é\U0001f600", [1, [2]], {"a": {}},
]  # fmt: skip
OBJECTS: list[Any] = [b"\x00\xff", (1, 2), {1}, {"a": {1}}, datetime(2026, 1, 1), float("nan")]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_there_and_back(cache: DynamoDBCache, value: Any) -> None:
    cache.set("key", value)

    found = cache.get("key", "default")
    assert (found, type(found)) == (value, type(value))
    assert cache.has_key("key") and "key" in cache


@pytest.mark.parametrize("value", OBJECTS, ids=repr)
def test_what_json_does_not_know(cache: DynamoDBCache, value: Any) -> None:
    """A tuple is a list; the rest is refused when it is set, not when it is read."""
    if isinstance(value, tuple):
        cache.set("key", value)
        assert cache.get("key") == [1, 2]
        return
    with pytest.raises((TypeError, ValueError), match="JSON"):
        cache.set("key", value)
    assert cache.get("key") is None


@pytest.mark.parametrize("value", [*VALUES, *OBJECTS[:-1]], ids=repr)
def test_pickles_by_choice(tables: None, value: Any) -> None:
    made = DynamoDBCache("engine_pickles", {"OPTIONS": {"pickle": True}})
    assert made.load({"value": made.dump(value)}, "default") == value


def test_a_pickle_in_the_table_runs_nothing(cache: DynamoDBCache, tmp_path: Path) -> None:
    """Who can write the table must not run code in the shop."""
    trap = tmp_path / "sprung"

    class Trap:
        def __reduce__(self) -> Any:
            return (Path.touch, (trap,))

    pickled = base64.b64encode(pickle.dumps(Trap())).decode()
    item = {**cache.item_key("key", None), "value": {"B": pickled}}
    connection.dynamodb.call("PutItem", {"TableName": cache.table, "Item": item})

    assert cache.get("key", "none") == "none"
    assert not trap.exists()


def test_the_expiry_is_a_whole_number(cache: DynamoDBCache, clock: Clock) -> None:
    """DynamoDB's time-to-live takes no other for a time."""
    clock.now += 0.25
    cache.set("n", 1, timeout=10)
    assert [item["_expires"] for item in stored(cache)] == [{"N": "1800000011"}]


# Limits ------------------------------------------------------------------------------


def test_several_counters_or_none(cache: DynamoDBCache) -> None:
    """GIVEN one of two counters full WHEN both are to be added to THEN neither is."""
    one, two = Limit("one", 2, 60), Limit("two", 3, 60)
    assert [cache.take([one, two]) for _ in range(3)] == [[], [], [one]]
    assert cache.get_many(["one", "two"]) == {"one": 2, "two": 2}
    assert cache.take([two]) == []
    assert cache.take([one, two]) == [one, two]


def test_room_is_asked_for_without_taking_it(cache: DynamoDBCache) -> None:
    asked, other = Limit("asked", 1, 60, adds=0), Limit("other", 9, 60)
    assert [cache.take([asked, other]) for _ in range(2)] == [[], []]
    cache.set("asked", 1)
    assert cache.take([asked, other]) == [asked]
    assert cache.get("other") == 2


def test_a_counter_is_taken_back(cache: DynamoDBCache) -> None:
    cache.set("n", 5)
    assert cache.take([Limit("n", 5, 60, adds=-3)]) == []
    assert cache.get("n") == 2


def test_taking_costs_one_call(cache: DynamoDBCache) -> None:
    with record() as calls:
        cache.take([Limit(f"{n}", 1, 60) for n in range(5)])
    assert [call.operation for call in calls] == ["TransactWriteItems"]


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
    write_batches(cache.control.client, cache.table, puts)
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
        cache.set("key", "x" * 410_000)

    assert cache.get("key") is None


def test_a_key_that_is_none(cache: DynamoDBCache) -> None:
    """250 characters without blanks: memcached's keys, as Django warns of them."""
    with pytest.raises((InvalidCacheKey, Warning)):
        cache.get("x" * 251)
