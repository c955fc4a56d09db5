"""Connections that break before or after DynamoDB has done what it was asked."""

import os
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from dynamodb.client.client import Client
from dynamodb.client.refusals import UnknownOutcome
from dynamodb.client.retries import ATTEMPTS
from dynamodb.conflicts import watching
from dynamodb.errors import ConflictError
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Maker
from tests.dynamodb.engine import connection
from tests.dynamodb.faults import (
    Fault,
    Proxy,
    cut_after,
    cut_before,
)
from tests.dynamodb.guards import changed
from tests.dynamodb.samples import NATIVE, maker_names, mug, stock, two_makers


@pytest.mark.parametrize("fault", [cut_before, cut_after])
def test_a_read_cut_off(proxy: Proxy, fault: Callable[[], Fault]) -> None:
    mug(stock=5)
    proxy.inject("GetItem", fault())

    assert stock() == 5
    assert proxy.attempts == 2


@pytest.mark.parametrize("fault", [cut_before, cut_after])
def test_a_transaction_cut_off(proxy: Proxy, fault: Callable[[], Fault]) -> None:
    proxy.inject("TransactWriteItems", fault())

    two_makers()

    tokens = {params["ClientRequestToken"] for params in proxy.requests}
    assert (proxy.attempts, len(tokens)) == (2, 1)
    assert maker_names() == ["Acme", "Best"]


@pytest.mark.parametrize("fault", [cut_before, cut_after])
def test_additions_in_a_transaction_cut_off(proxy: Proxy, fault: Callable[[], Fault]) -> None:
    """The request's token makes the second attempt harmless."""
    mug(stock=5)
    Item.objects.create(sku="CUP", stock=5)
    proxy.inject("TransactWriteItems", fault())

    with transaction.atomic():
        Item.objects.filter(pk="MUG").update(**NATIVE)
        Item.objects.filter(pk="CUP").update(**NATIVE)

    assert sorted(Item.objects.values_list("sku", "stock")) == [("CUP", 4), ("MUG", 4)]


@pytest.mark.parametrize("fault", [cut_before, cut_after])
def test_an_insert_cut_off(proxy: Proxy, fault: Callable[[], Fault]) -> None:
    proxy.inject("PutItem", fault())

    mug(stock=5)

    assert proxy.attempts == 2
    assert stock() == 5


@pytest.mark.parametrize("fault", [cut_before, cut_after])
def test_an_assignment_cut_off(proxy: Proxy, fault: Callable[[], Fault]) -> None:
    mug(stock=5, title="old")
    proxy.inject("UpdateItem", fault())

    with watching() as watch:
        assert Item.objects.filter(pk="MUG", title="old").update(title="new") == 1

    assert (proxy.attempts, watch.committed) == (2, True)
    assert Item.objects.get(pk="MUG").title == "new"


@pytest.mark.parametrize("fault", [cut_before, cut_after])
def test_a_deletion_cut_off(proxy: Proxy, fault: Callable[[], Fault]) -> None:
    Doctor.objects.create(name="Ada", ward="A")
    proxy.inject("DeleteItem", fault())

    assert Doctor.objects.filter(pk="Ada").delete()[0] == 1

    assert proxy.attempts == 2
    assert Doctor.objects.count() == 0


@pytest.mark.parametrize(("fault", "left"), [(cut_before, 5), (cut_after, 4)])
def test_an_addition_cut_off(proxy: Proxy, fault: Callable[[], Fault], left: int) -> None:
    """Nobody can tell whether it was applied: it is not sent again, and says so; nor is what
    led to it done again."""
    mug(stock=5)
    proxy.inject("UpdateItem", fault())

    with watching() as watch, pytest.raises(UnknownOutcome):
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert (proxy.attempts, watch.committed) == (1, True)
    assert stock() == left


@pytest.mark.parametrize(("fault", "left"), [(cut_before, 5), (cut_after, 4)])
def test_one_addition_in_a_transaction_cut_off(
    proxy: Proxy, fault: Callable[[], Fault], left: int
) -> None:
    mug(stock=5)
    proxy.inject("UpdateItem", fault())

    with pytest.raises(UnknownOutcome), transaction.atomic():
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert proxy.attempts == 1
    assert stock() == left


def test_an_insert_cut_off_and_somebody_faster(proxy: Proxy) -> None:
    """Another row was there at the second attempt: a duplicate, not ours."""

    def other() -> None:
        proxy.operation = ""
        at_once(lambda: Item.objects.create(sku="MUG", stock=7))

    proxy.inject("PutItem", Fault(first=other))

    with pytest.raises(IntegrityError):
        mug(stock=5)

    assert stock() == 7


def clear_maker(proxy: Proxy, meanwhile: Callable[[], object]) -> None:
    """Set a column to NULL in a transaction; the first attempt is cut off before it is
    applied, and `meanwhile` somebody changes the row."""

    def other() -> None:
        proxy.operation = ""
        at_once(meanwhile)

    proxy.inject("UpdateItem", Fault(first=other))
    with transaction.atomic():
        item = Item.objects.get(pk="MUG")
        item.maker_id = None
        item.save()


def test_a_removal_cut_off_and_somebody_faster(proxy: Proxy) -> None:
    """Setting NULL leaves nothing to recognise but the absence."""
    acme, best = (Maker.objects.create(name=name) for name in ("Acme", "Best"))
    mug(maker=acme)

    with pytest.raises(ConflictError):
        clear_maker(proxy, lambda: Item.objects.filter(pk="MUG").update(maker=best))

    assert Item.objects.get(pk="MUG").maker_id == best.pk


def test_nobody_answers(proxy: Proxy) -> None:
    mug(stock=5)
    proxy.inject("GetItem", *[cut_before()] * ATTEMPTS)

    with pytest.raises(OperationalError, match="does not answer"):
        stock()

    assert proxy.attempts == ATTEMPTS


@pytest.mark.skipif(
    os.environ.get("DYNAMODB_CLIENT") == "boto3", reason="sets our own client's timeout"
)
def test_a_slow_answer(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that takes longer than the timeout is asked for again."""
    mug(stock=5)
    answered = Event()
    pool = connection.dynamodb.pool
    usual = pool.timeout
    monkeypatch.setattr(pool, "timeout", 0.2)
    connection.dynamodb.close()

    def slow() -> None:
        """Only this one: on a busy machine a good answer may take as long."""
        pool.timeout = usual
        answered.wait(20)

    proxy.inject("GetItem", Fault(first=slow))

    assert stock() == 5

    answered.set()
    assert proxy.attempts == 2


def test_an_addition_sent_again_is_counted_twice(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard out: additions are repeated like everything else."""
    send = Client.call
    monkeypatch.setattr(
        Client,
        "call",
        lambda self, operation, params, repeatable=True: send(self, operation, params),
    )
    mug(stock=5)
    proxy.inject("UpdateItem", cut_after())

    Item.objects.filter(pk="MUG").update(**NATIVE)

    assert proxy.attempts == 2
    assert stock() == 3


def test_a_transaction_sent_again_with_another_token(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard out: without the token the second attempt meets its own rows."""

    def no_token(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in params.items() if name != "ClientRequestToken"}

    proxy.inject("TransactWriteItems", cut_after())

    with changed(no_token), pytest.raises(DatabaseError):
        two_makers()

    assert maker_names() == ["Acme", "Best"]
