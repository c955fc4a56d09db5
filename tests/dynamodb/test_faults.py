"""What goes wrong between here and DynamoDB: the state afterwards, and the attempts."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from dynamodb import bulk, client
from dynamodb.client import ATTEMPTS, UnknownOutcome
from dynamodb.errors import ConflictError
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Maker
from tests.dynamodb.faults import (
    Fault,
    Proxy,
    cancelled,
    cut_after,
    cut_before,
    failed_after,
    half_done_reads,
    half_done_writes,
    refused,
)
from tests.dynamodb.guards import changed

THROTTLED = ["ProvisionedThroughputExceededException", "ThrottlingException"]
NATIVE = {"stock": F("stock") - 1}


def stock() -> int:
    return Item.objects.get(pk="MUG").stock


def close_idle() -> None:
    for idle in connection.dynamodb.pool.idle:
        idle.close()
    connection.dynamodb.pool.idle.clear()


def mug(**values: Any) -> Item:
    return Item.objects.create(sku="MUG", **values)


def two_makers() -> None:
    """A transaction of four writes: two rows and their unique values."""
    with transaction.atomic():
        Maker.objects.create(name="Acme")
        Maker.objects.create(name="Best")


def maker_names() -> list[str]:
    return sorted(Maker.objects.values_list("name", flat=True))


# Refusals that pass -------------------------------------------------------------------


def test_a_throttled_read(proxy: Proxy) -> None:
    mug(stock=5)
    proxy.inject("GetItem", *map(refused, THROTTLED))

    assert stock() == 5
    assert proxy.attempts == 3


def test_a_throttled_transaction(proxy: Proxy) -> None:
    proxy.inject("TransactWriteItems", refused("ThrottlingException"))

    two_makers()

    assert proxy.attempts == 2
    assert maker_names() == ["Acme", "Best"]


@pytest.mark.parametrize(
    "reasons",
    [
        ("TransactionConflict", "None", "None", "None"),
        ("None", "ThrottlingError", "TransactionConflict", "None"),
        ("ProvisionedThroughputExceeded", "None", "None", "None"),
    ],
)
def test_a_transaction_cancelled_for_what_passes(proxy: Proxy, reasons: tuple[str, ...]) -> None:
    proxy.inject("TransactWriteItems", *[cancelled(*reasons)] * 3)

    two_makers()

    tokens = {params["ClientRequestToken"] for params in proxy.requests}
    assert (proxy.attempts, len(tokens)) == (4, 1)
    assert maker_names() == ["Acme", "Best"]


def test_a_conflict_that_does_not_pass(proxy: Proxy) -> None:
    conflict = cancelled("TransactionConflict", "None", "None", "None")
    proxy.inject("TransactWriteItems", *[conflict] * ATTEMPTS)

    with pytest.raises(ConflictError):
        two_makers()

    assert proxy.attempts == ATTEMPTS
    assert maker_names() == []


def test_a_transaction_in_progress(proxy: Proxy) -> None:
    proxy.inject("TransactWriteItems", refused("TransactionInProgressException"))

    two_makers()

    assert proxy.attempts == 2
    assert maker_names() == ["Acme", "Best"]


def test_a_conflict_of_one_update(proxy: Proxy) -> None:
    mug(stock=5)
    proxy.inject("UpdateItem", refused("TransactionConflictException"))

    assert Item.objects.filter(pk="MUG").update(**NATIVE) == 1

    assert proxy.attempts == 2
    assert stock() == 4


def test_throttled_for_ever(proxy: Proxy) -> None:
    mug(stock=5)
    proxy.inject("UpdateItem", *[refused(THROTTLED[0])] * ATTEMPTS)

    with pytest.raises(OperationalError, match="ProvisionedThroughputExceeded"):
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert proxy.attempts == ATTEMPTS
    assert stock() == 5


# Refusals that do not pass ------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["ExpiredTokenException", "UnrecognizedClientException", "AccessDeniedException"]
)
def test_credentials_that_are_not_taken(proxy: Proxy, code: str) -> None:
    mug(stock=5)
    proxy.inject("UpdateItem", refused(code))

    with pytest.raises(OperationalError, match=code):
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert proxy.attempts == 1
    assert stock() == 5


def test_one_reason_that_does_not_pass(proxy: Proxy) -> None:
    """A conflict beside a failed condition: trying again cannot help."""
    codes = ("TransactionConflict", "ConditionalCheckFailed", "None", "None")
    proxy.inject("TransactWriteItems", cancelled(*codes))

    with pytest.raises(ConflictError):
        two_makers()

    assert proxy.attempts == 1
    assert maker_names() == []


# Server errors ------------------------------------------------------------------------


def test_a_500_before_anything_was_done(proxy: Proxy) -> None:
    proxy.inject("TransactWriteItems", refused("InternalServerError", 500))

    two_makers()

    assert proxy.attempts == 2
    assert maker_names() == ["Acme", "Best"]


def test_a_500_after_the_transaction_was_applied(proxy: Proxy) -> None:
    proxy.inject("TransactWriteItems", failed_after())

    two_makers()

    assert proxy.attempts == 2
    assert maker_names() == ["Acme", "Best"]


def test_a_500_after_an_insert(proxy: Proxy) -> None:
    """The second attempt meets our own row: no duplicate."""
    proxy.inject("PutItem", failed_after())

    mug(stock=5)

    assert proxy.attempts == 2
    assert stock() == 5


def test_a_500_after_an_addition(proxy: Proxy) -> None:
    """An addition must not be sent twice."""
    mug(stock=5)
    proxy.inject("UpdateItem", failed_after())

    with pytest.raises(UnknownOutcome):
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert proxy.attempts == 1
    assert stock() == 4


def test_an_answer_that_is_no_json(proxy: Proxy) -> None:
    """A load balancer's page in place of DynamoDB's answer."""
    mug(stock=5)
    proxy.inject("GetItem", Fault(status=503, body={}))

    assert stock() == 5
    assert proxy.attempts == 2


# Cut connections ----------------------------------------------------------------------


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

    assert Item.objects.filter(pk="MUG", title="old").update(title="new") == 1

    assert proxy.attempts == 2
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
    """Nobody can tell whether it was applied: it is not sent again, and says so."""
    mug(stock=5)
    proxy.inject("UpdateItem", fault())

    with pytest.raises(UnknownOutcome):
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert proxy.attempts == 1
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


def test_a_slow_answer(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that takes longer than the timeout is asked for again."""
    mug(stock=5)
    answered = Event()
    monkeypatch.setattr(connection.dynamodb.pool, "timeout", 0.2)
    close_idle()
    proxy.inject("GetItem", Fault(first=lambda: answered.wait(20)))

    assert stock() == 5

    answered.set()
    assert proxy.attempts == 2


# Half-done batches --------------------------------------------------------------------


def test_a_batch_half_read(proxy: Proxy) -> None:
    bulk.load(Item(sku=f"{n:03}") for n in range(100))
    proxy.inject("BatchGetItem", half_done_reads(), half_done_reads())

    found = Item.objects.filter(pk__in=[f"{n:03}" for n in range(100)])

    assert sorted(item.sku for item in found) == [f"{n:03}" for n in range(100)]
    keys = [len(next(iter(p["RequestItems"].values()))["Keys"]) for p in proxy.requests]
    assert keys == [100, 50, 25]


def test_a_batch_half_written(proxy: Proxy) -> None:
    proxy.inject("BatchWriteItem", half_done_writes(), half_done_writes())

    assert bulk.load(Item(sku=f"{n:03}") for n in range(30)) == 30

    assert Item.objects.count() == 30
    sizes = [len(next(iter(p["RequestItems"].values()))) for p in proxy.requests]
    assert sizes == [25, 13 + 5, 9]


def test_a_refused_batch_is_a_database_error(proxy: Proxy) -> None:
    proxy.inject("BatchWriteItem", refused("AccessDeniedException"))

    with pytest.raises(DatabaseError, match="AccessDenied"):
        bulk.load([Item(sku="MUG")])


def test_an_addition_sent_again_is_counted_twice(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard out: additions are repeated like everything else."""
    send = client.Client.call
    monkeypatch.setattr(
        client.Client,
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
