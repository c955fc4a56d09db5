"""What goes wrong between here and DynamoDB: the state afterwards, and the attempts."""

import pytest
from django.db import DatabaseError, OperationalError

from dynamodb import bulk
from dynamodb.client import retries
from dynamodb.client.refusals import UnknownOutcome
from dynamodb.client.retries import ATTEMPTS
from dynamodb.errors import ConflictError
from tests.dynamodb.app.models import Item
from tests.dynamodb.engine import connection
from tests.dynamodb.faults import (
    Fault,
    Proxy,
    cancelled,
    failed_after,
    half_done_reads,
    half_done_writes,
    refused,
)
from tests.dynamodb.samples import NATIVE, maker_names, mug, stock, two_makers

THROTTLED = ["ProvisionedThroughputExceededException", "ThrottlingException"]


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


# Half-done batches --------------------------------------------------------------------


def test_a_batch_half_read(proxy: Proxy) -> None:
    bulk.load(Item(sku=f"{n:03}") for n in range(100))
    proxy.inject("BatchGetItem", half_done_reads(), half_done_reads())

    found = Item.objects.filter(pk__in=[f"{n:03}" for n in range(100)])

    assert sorted(item.sku for item in found) == [f"{n:03}" for n in range(100)]
    keys = [len(next(iter(p["RequestItems"].values()))["Keys"]) for p in proxy.requests]
    assert keys == [100, 50, 25]


def test_a_batch_that_is_never_read(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BASE_DELAY", 0.0001)
    keys = [{"sku": {"S": sku}} for sku in ("CUP", "MUG")]
    nothing = {"UnprocessedKeys": {connection.table_prefix + "engine_item": {"Keys": keys}}}
    proxy.inject("BatchGetItem", *[Fault(False, 200, nothing)] * ATTEMPTS)

    with pytest.raises(OperationalError, match="leaves keys unread"):
        list(Item.objects.filter(pk__in=["CUP", "MUG"]))

    assert proxy.attempts == ATTEMPTS


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
