"""Counters that a transaction takes with its rows: both, or neither."""
# ruff: noqa: F811  a fixture's name is imported, and a parameter

from contextlib import suppress
from functools import partial

import pytest
from django.db import connections, transaction
from django.db.transaction import TransactionManagementError

from dynamodb.cache import DynamoDBCache
from dynamodb.calls import record
from dynamodb.counters import Limit
from dynamodb.errors import ConflictError
from dynamodb.rows.commit import commits_in_parts
from tests.cart.races import at_once
from tests.dynamodb.app.models import Maker
from tests.dynamodb.caches import cache  # noqa: F401  a fixture
from tests.dynamodb.rows.test_races import THREADS


def names() -> list[str]:
    return sorted(Maker.objects.values_list("name", flat=True))


def test_row_and_counters_are_one_call(cache: DynamoDBCache) -> None:
    one, two, asked = Limit("one", 1, 60), Limit("two", 5, 60), Limit("asked", 1, 60, adds=0)
    with record() as calls, transaction.atomic():
        Maker(name="first").save(force_insert=True)
        cache.take_with_commit([one, two, asked])
    # A look at the name's guard, as everywhere; then all of it.
    assert [call.operation for call in calls] == ["GetItem", "TransactWriteItems"]

    with pytest.raises(ConflictError), transaction.atomic():
        Maker(name="second").save(force_insert=True)
        cache.take_with_commit([two, one])
    assert cache.get_many(["one", "two", "asked"]) == {"one": 1, "two": 1}
    assert names() == ["first"]


def test_a_counter_alone(cache: DynamoDBCache) -> None:
    with transaction.atomic():
        cache.take_with_commit([Limit("n", 1, 60)])
    with pytest.raises(ConflictError), transaction.atomic():
        cache.take_with_commit([Limit("n", 1, 60)])
    assert cache.get("n") == 1


def test_what_is_rolled_back_is_not_taken(cache: DynamoDBCache) -> None:
    """Of a savepoint, or of the whole transaction: before it, within it, after it."""
    with transaction.atomic():
        cache.take_with_commit([Limit("before", 9, 60)])
        sid = transaction.savepoint()
        cache.take_with_commit([Limit("within", 9, 60)])
        Maker(name="within").save(force_insert=True)
        transaction.savepoint_rollback(sid)
        cache.take_with_commit([Limit("after", 9, 60)])
    with suppress(KeyError), transaction.atomic():
        cache.take_with_commit([Limit("never", 9, 60)])
        raise KeyError
    with transaction.atomic():  # and nothing of it is left for the next one
        Maker(name="next").save(force_insert=True)
    found = cache.get_many(["before", "within", "after", "never"])
    assert (found, names()) == ({"before": 1, "after": 1}, ["next"])


def test_outside_of_a_transaction(cache: DynamoDBCache) -> None:
    with pytest.raises(TransactionManagementError, match="atomic"):
        cache.take_with_commit([Limit("n", 1, 60)])


def test_a_commit_in_parts_takes_none(cache: DynamoDBCache) -> None:
    """Or a part that is tried again would count twice."""
    with pytest.raises(Exception, match="at most 100"), commits_in_parts(), transaction.atomic():
        for n in range(100):
            Maker(name=f"{n}").save(force_insert=True)
        cache.take_with_commit([Limit("n", 1, 60)])
    assert (cache.get("n"), names()) == (None, [])


def test_all_at_once(cache: DynamoDBCache) -> None:
    """As many rows as were counted, however many try."""

    def enter(n: int) -> bool:
        try:
            with transaction.atomic():
                Maker(name=f"{n}").save(force_insert=True)
                cache.take_with_commit([Limit("seats", 5, 60)])
        except ConflictError:
            return False
        finally:
            connections.close_all()
        return True

    entered = at_once(*[partial(enter, n) for n in range(THREADS)])
    for n in range(THREADS, THREADS + 5):  # who met others may try again
        entered.append(enter(n))
    assert (entered.count(True), cache.get("seats"), len(names())) == (5, 5, 5)
