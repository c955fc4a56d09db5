"""The same over boto3: what the other modules prove of our own client, run once more; all of
them with `DYNAMODB_CLIENT=boto3 make test ARGS=tests/dynamodb`.

pytest collects the tests imported here with the fixtures of this module.
"""
# ruff: noqa: F401  imported to be collected

from typing import Any

import pytest
from botocore.exceptions import SSLError
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError

from dynamodb.base import DatabaseWrapper
from dynamodb.calls import record
from dynamodb.client.boto import BotoClient, to_bytes, to_text
from dynamodb.client.choosing import client_for
from dynamodb.client.refusals import ServiceError, UnknownOutcome
from dynamodb.client.retries import ATTEMPTS
from dynamodb.errors import ConflictError
from tests.dynamodb.app.models import Item
from tests.dynamodb.caches import cache
from tests.dynamodb.conftest import PREFIX
from tests.dynamodb.engine import connection
from tests.dynamodb.faults import (
    Proxy,
    cancelled,
    cut_after,
    cut_before,
    failed_after,
    refused,
)
from tests.dynamodb.query.test_json_paths import (
    test_16_threads_on_16_paths,
    test_the_whole_column_conflicts,
    test_two_paths_do_not_conflict,
)
from tests.dynamodb.rows.test_bulk_create import (
    test_another_unique_value_than_the_named_one_refuses,
    test_ignored_by_unique_value,
    test_updated_by_unique_value,
)
from tests.dynamodb.rows.test_faults import (
    test_a_batch_half_read,
    test_a_batch_half_written,
    test_a_refused_batch_is_a_database_error,
    test_a_throttled_read,
    test_a_throttled_transaction,
    test_a_transaction_in_progress,
    test_an_answer_that_is_no_json,
    test_credentials_that_are_not_taken,
)
from tests.dynamodb.rows.test_races import (
    test_500_attempts_on_100,
    test_500_attempts_on_100_without_the_condition,
    test_get_or_create_16_times,
    test_locked_rows_stay_as_they_were_read,
    test_one_unique_value_16_times,
    test_retried_increments_are_all_there,
    test_the_last_unit_inside_transactions,
    test_write_skew_without_locks,
)
from tests.dynamodb.rows.test_transactions import (
    test_a_lock_is_a_condition_check,
    test_a_positive_number_stays_so,
    test_how_many_a_native_update_changed,
    test_savepoints,
)
from tests.dynamodb.samples import NATIVE, maker_names, mug, stock, two_makers
from tests.dynamodb.tables.test_constraints import (
    test_cascades_and_many_to_many,
    test_duplicates,
    test_rows_that_may_not_be,
)
from tests.dynamodb.test_cache import (
    test_incr_and_decr,
    test_set_add_delete,
    test_too_large,
    test_values_there_and_back,
)
from tests.dynamodb.test_cache_races import test_one_of_16_adds_it
from tests.dynamodb.test_calls import (
    test_attempts_that_all_fail_are_counted,
    test_every_attempt_is_a_call,
)
from tests.dynamodb.test_reads import (
    changed_here,
    test_a_join_takes_one_batch,
    test_a_slice_by_index_takes_one_page,
    test_empty_texts_in_keys,
    test_get_by_composite_key,
    test_in_list_of_250_keys,
    test_own_writes_are_seen,
)

pytestmark = pytest.mark.usefixtures("server")


@pytest.fixture(autouse=True)
def over_boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each connection that is made from here on."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "client", "boto3")


def test_it_is_boto3() -> None:
    assert type(connection.dynamodb) is BotoClient
    assert connection.store.client is connection.dynamodb
    assert client_for("eu-central-1", "http://127.0.0.1:1", "native") is not connection.dynamodb


@pytest.mark.parametrize(
    "options",
    [{"client": "urllib3"}, {"client": "boto"}, {"clients": "boto3"}, {"scan": "never"},
     {"region": "eu-central-1", "endpoint": "http://127.0.0.1:1"}],
)  # fmt: skip
def test_options_that_are_none(options: dict[str, str]) -> None:
    takes = r"takes client, divide, multi_attribute_keys, region, scan, ttl; scan is"
    with pytest.raises(ImproperlyConfigured, match=takes):
        DatabaseWrapper({**connection.settings_dict, "OPTIONS": options}, "other")


# Binary values ------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 500, "é".encode()])
def test_binary(data: bytes) -> None:
    Item.objects.create(sku="MUG", blob=data, data={"B": "AAAA", "x": {"B": {"B": "text"}}})

    item = Item.objects.get(pk="MUG")
    assert (bytes(item.blob), item.data) == (data, {"B": "AAAA", "x": {"B": {"B": "text"}}})
    assert Item.objects.filter(pk="MUG", blob=data).update(title="found") == 1


def test_binary_there_and_back() -> None:
    ours = {"Item": {"b": {"B": "AP8="}, "m": {"M": {"B": {"L": [{"B": "YQ=="}, {"S": "B"}]}}}}}
    botos = {"Item": {"b": {"B": b"\x00\xff"}, "m": {"M": {"B": {"L": [{"B": b"a"}, {"S": "B"}]}}}}}

    assert to_bytes(ours) == botos
    assert to_text(botos) == ours


# Errors -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFoundException"])
def test_a_refusal_has_its_code(proxy: Proxy, code: str) -> None:
    proxy.inject("GetItem", refused(code))

    with pytest.raises(ServiceError) as caught:
        connection.dynamodb.call("GetItem", {"TableName": "t", "Key": {"id": {"S": "1"}}})

    assert (caught.value.code, caught.value.message, proxy.attempts) == (code, code, 1)


def test_a_cancelled_transaction_has_its_reasons(proxy: Proxy) -> None:
    proxy.inject("TransactWriteItems", cancelled("None", "ConditionalCheckFailed", "None", "None"))

    with pytest.raises(ConflictError):
        two_makers()
    assert (proxy.attempts, maker_names()) == (1, [])


def test_a_cut_write_is_looked_up(proxy: Proxy) -> None:
    """The second attempt is refused, since the first was carried out."""
    proxy.inject("PutItem", cut_after())

    mug(stock=5)

    assert (proxy.attempts, stock()) == (2, 5)


def test_a_cut_addition_is_not_repeated(proxy: Proxy) -> None:
    mug(stock=5)
    proxy.inject("UpdateItem", cut_after())

    with pytest.raises(UnknownOutcome, match="UpdateItem was cut off"):
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert (proxy.attempts, stock()) == (1, 4)


def test_tls_that_breaks_may_have_been_after_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    mug(stock=5)
    tried: list[object] = []

    def broken(request: Any, **more: Any) -> None:
        tried.append(request)
        raise SSLError(endpoint_url="https://localhost", error="bad record mac")

    client: Any = connection.dynamodb
    client.boto3.meta.events.register("before-send.dynamodb.UpdateItem", broken)
    try:
        with pytest.raises(UnknownOutcome, match="UpdateItem was cut off"):
            Item.objects.filter(pk="MUG").update(**NATIVE)
    finally:
        client.boto3.meta.events.unregister("before-send.dynamodb.UpdateItem", broken)
    assert len(tried) == 1


def test_a_500_after_an_addition(proxy: Proxy) -> None:
    mug(stock=5)
    proxy.inject("UpdateItem", failed_after())

    with pytest.raises(UnknownOutcome):
        Item.objects.filter(pk="MUG").update(**NATIVE)

    assert (proxy.attempts, stock()) == (1, 4)


def test_nobody_answers(proxy: Proxy) -> None:
    proxy.inject("GetItem", *[cut_before()] * ATTEMPTS)

    with pytest.raises(OperationalError, match=r"does not answer at http://127\.0\.0\.1"):
        stock()
    assert proxy.attempts == ATTEMPTS


def test_a_conflict_that_passes(proxy: Proxy) -> None:
    proxy.inject("TransactWriteItems", cancelled("TransactionConflict", "None", "None", "None"))

    two_makers()

    assert (proxy.attempts, maker_names()) == (2, ["Acme", "Best"])


def test_calls_have_their_units() -> None:
    mug()
    with record() as calls:
        stock()

    (call,) = calls
    assert (call.operation, call.table, call.units) == ("GetItem", f"{PREFIX}engine_item", 1.0)


def test_a_database_error_all_the_same(proxy: Proxy) -> None:
    proxy.inject("GetItem", refused("AccessDeniedException"))

    with pytest.raises(DatabaseError, match="AccessDenied"):
        stock()
