"""What is recorded, counted and logged of each call."""

import logging

import pytest

from dynamodb import calls
from dynamodb.calls import COUNTERS, record
from dynamodb.client.retries import ATTEMPTS
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Maker
from tests.dynamodb.conftest import PREFIX
from tests.dynamodb.faults import Fault, Proxy, cut_before, refused
from tests.dynamodb.samples import mug, stock, two_makers

ITEM = f"{PREFIX}engine_item"
UNITS = {"ConsumedCapacity": {"TableName": ITEM, "CapacityUnits": 1.5}}


def test_what_a_call_says(proxy: Proxy) -> None:
    proxy.inject("Query", Fault(status=200, body={"Items": [], "Count": 0, **UNITS}))

    with record() as made:
        list(Item.objects.filter(shelf="A"))

    (call,) = made
    assert (call.operation, call.table, call.index, call.units) == (
        "Query", ITEM, "shelf_stock", 1.5,
    )  # fmt: skip
    assert 0 < call.ms < 10_000


def test_several_tables(proxy: Proxy) -> None:
    units = [{"CapacityUnits": 2.0}, {"CapacityUnits": 4.0}]
    proxy.inject("TransactWriteItems", Fault(status=200, body={"ConsumedCapacity": units}))

    with record() as made:
        two_makers()

    assert (made[-1].operation, made[-1].units) == ("TransactWriteItems", 6.0)
    assert made[-1].table == f"{PREFIX}engine_maker+{PREFIX}unique_guards"


@pytest.mark.parametrize("recording", [False, True])
def test_units_are_asked_for_only_where_somebody_listens(proxy: Proxy, recording: bool) -> None:
    mug()
    proxy.inject("GetItem")

    if recording:
        with record():
            stock()
    else:
        stock()

    wanted = [params.get("ReturnConsumedCapacity") for params in proxy.requests]
    assert wanted == ["TOTAL" if recording else None]


def test_every_attempt_is_a_call(proxy: Proxy) -> None:
    mug(stock=5)
    proxy.inject("GetItem", refused("ThrottlingException"), cut_before())
    before = COUNTERS["GetItem"]

    with record() as made:
        assert stock() == 5

    assert [call.operation for call in made] == ["GetItem"] * 3
    assert [call.units > 0 for call in made] == [False, False, True]
    assert COUNTERS["GetItem"] - before == 3


def test_attempts_that_all_fail_are_counted(proxy: Proxy) -> None:
    proxy.inject("GetItem", *[refused("ThrottlingException")] * ATTEMPTS)
    before = COUNTERS["GetItem"]

    with record() as made, pytest.raises(Exception, match="Throttling"):
        stock()

    assert (len(made), COUNTERS["GetItem"] - before) == (ATTEMPTS, ATTEMPTS)


@pytest.mark.usefixtures("tables")
def test_counters_count_without_a_recorder() -> None:
    before = COUNTERS.copy()

    Maker.objects.create(name="Acme")
    list(Doctor.objects.filter(ward="A"))
    list(Doctor.objects.filter(pk__in=["Ada", "Bob"]))

    assert COUNTERS - before == {"TransactWriteItems": 1, "Query": 1, "BatchGetItem": 1}


@pytest.mark.usefixtures("tables")
def test_recorders_nest_and_end() -> None:
    with record() as outer:
        list(Doctor.objects.filter(ward="A"))
        with record() as inner:
            list(Doctor.objects.filter(pk="Ada"))
    list(Doctor.objects.all())

    assert [call.operation for call in outer] == ["Query", "GetItem"]
    assert [call.operation for call in inner] == ["GetItem"]


@pytest.mark.usefixtures("tables")
def test_a_recorder_hears_its_own_thread_only() -> None:
    with record() as made:
        at_once(lambda: list(Doctor.objects.filter(pk="Ada")))

    assert made == []


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(("slow", "lines"), [(0.0, 1), (60_000.0, 0)])
def test_slow_calls_are_logged(
    slow: float, lines: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(calls, "SLOW", slow)
    with caplog.at_level(logging.INFO, "dynamodb.calls"):
        list(Doctor.objects.filter(pk="Ada"))

    messages = [each.message for each in caplog.records]
    assert len(messages) == lines
    assert all(m.startswith(f"slow: GetItem {PREFIX}engine_doctor took ") for m in messages)
