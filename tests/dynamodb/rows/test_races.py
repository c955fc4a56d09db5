"""The same thing at the same moment; each race also with its guard out, where it is lost."""

from collections.abc import Callable
from contextlib import nullcontext
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from dynamodb.calls import record
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.rows.store import Store
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Maker
from tests.dynamodb.guards import PATIENCE, crowd, without_conditions

pytestmark = pytest.mark.usefixtures("server")

THREADS = 16
ATTEMPTS = 500
STOCK = 100


# The last unit ------------------------------------------------------------------------


def buy(times: int) -> tuple[int, int]:
    """How many of the attempts got one, and the calls that took."""
    with record() as calls:
        got = sum(
            Item.objects.filter(pk="MUG", stock__gte=1).update(stock=F("stock") - 1)
            for _ in range(times)
        )
    return got, len(calls)


def sell_out() -> tuple[int, int]:
    Item.objects.create(sku="MUG", stock=STOCK)
    shares = [ATTEMPTS // THREADS + (n < ATTEMPTS % THREADS) for n in range(THREADS)]
    results = at_once(*[lambda share=share: buy(share) for share in shares])
    return sum(got for got, _ in results), sum(calls for _, calls in results)


def test_500_attempts_on_100() -> None:
    assert sell_out() == (STOCK, ATTEMPTS)

    assert Item.objects.get(pk="MUG").stock == 0


def test_500_attempts_on_100_without_the_condition() -> None:
    with without_conditions("_item"):
        assert sell_out() == (ATTEMPTS, ATTEMPTS)

    assert Item.objects.get(pk="MUG").stock == STOCK - ATTEMPTS


def reserve(name: str) -> int:
    with transaction.atomic():
        got = Item.objects.filter(pk="MUG", stock__gte=1).update(stock=F("stock") - 1)
        if got:
            Maker.objects.create(name=name)
        return got


def sell_last(guard: Any) -> list[Any]:
    """Four buyers of one unit, all of whom see it before the first of them commits."""
    Item.objects.create(sku="MUG", stock=1)
    with guard, crowd("TransactWriteItems", 4):
        return at_once(*[lambda n=n: outcome(lambda: reserve(str(n))) for n in range(4)])


def outcome(run: Callable[[], Any]) -> Any:
    """What it gives, or the type of what it raises."""
    try:
        return run()
    except Exception as error:
        return type(error)


def test_the_last_unit_inside_transactions() -> None:
    outcomes = sell_last(nullcontext())

    assert sorted(map(str, outcomes)) == ["1"] + [str(ConflictError)] * 3
    assert (Item.objects.get(pk="MUG").stock, Maker.objects.count()) == (0, 1)


def test_the_last_unit_inside_transactions_without_the_condition() -> None:
    outcomes = sell_last(without_conditions("_item"))

    assert outcomes == [1] * 4
    assert (Item.objects.get(pk="MUG").stock, Maker.objects.count()) == (-3, 4)


# A unique value -----------------------------------------------------------------------


def name_makers(guard: Any) -> list[Any]:
    def create() -> str:
        Maker.objects.create(name="Acme")
        return "created"

    with guard:
        return at_once(*[lambda: outcome(create)] * THREADS)


def test_one_unique_value_16_times() -> None:
    outcomes = name_makers(nullcontext())

    assert sorted(map(str, outcomes)) == [str(IntegrityError)] * 15 + ["created"]
    assert Maker.objects.count() == 1


def test_one_unique_value_16_times_without_guards() -> None:
    assert name_makers(without_conditions("unique_guards")) == ["created"] * THREADS

    assert Maker.objects.count() == THREADS


def get_or_create_makers(guard: Any) -> list[bool]:
    with guard, crowd("TransactWriteItems", THREADS):
        return at_once(
            *[lambda: Maker.objects.get_or_create(name="Acme", defaults={"country": "de"})[1]]
            * THREADS
        )


def test_get_or_create_16_times() -> None:
    assert sorted(get_or_create_makers(nullcontext())) == [False] * 15 + [True]

    assert Maker.objects.count() == 1


def test_get_or_create_16_times_without_guards() -> None:
    assert get_or_create_makers(without_conditions("unique_guards")) == [True] * THREADS

    assert Maker.objects.count() == THREADS


# A lost update ------------------------------------------------------------------------

READS: dict[str, Callable[[], Doctor]] = {
    "get": lambda: Doctor.objects.get(pk="Ada"),
    "in list": lambda: Doctor.objects.filter(pk__in=["Ada", "Bob"])[0],
    "index": lambda: Doctor.objects.filter(ward="A")[0],
    "scan": lambda: Doctor.objects.filter(shifts=0)[0],
}


def count_up(read: Callable[[], Doctor], meet: Callable[[], object]) -> str:
    with transaction.atomic():
        doctor = read()
        meet()
        doctor.shifts += 1
        doctor.save()
    return "saved"


def overtaken(read: Callable[[], Doctor], guard: Any) -> Any:
    """A row is read; somebody else counts up and commits; then the reader writes."""
    Doctor.objects.create(name="Ada", ward="A")

    def somebody_else() -> None:
        at_once(lambda: Doctor.objects.filter(pk="Ada").update(shifts=F("shifts") + 1))

    with guard:
        return outcome(lambda: count_up(read, somebody_else))


@pytest.mark.parametrize("read", READS)
def test_a_row_written_since_it_was_read(read: str) -> None:
    assert overtaken(READS[read], nullcontext()) is ConflictError

    assert Doctor.objects.get(pk="Ada").shifts == 1


@pytest.mark.parametrize("read", READS)
def test_a_row_written_since_it_was_read_without_the_condition(
    read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two increments of 0 make 1: the other's is lost."""
    monkeypatch.setattr(Store, "check_seen", lambda *args: None)
    assert overtaken(READS[read], without_conditions("_doctor")) == "saved"

    assert Doctor.objects.get(pk="Ada").shifts == 1


def test_two_read_then_both_write() -> None:
    Doctor.objects.create(name="Ada", ward="A")
    meeting = Barrier(2)

    def run() -> Any:
        return outcome(lambda: count_up(READS["get"], lambda: meeting.wait(PATIENCE)))

    assert sorted(map(str, at_once(run, run))) == [str(ConflictError), "saved"]
    assert Doctor.objects.get(pk="Ada").shifts == 1


def test_retried_increments_are_all_there() -> None:
    Doctor.objects.create(name="Ada", ward="A")

    def increments() -> None:
        for _ in range(5):
            retry_on_conflict(lambda: count_up(READS["get"], lambda: None), attempts=100)

    at_once(*[increments] * 8)

    assert Doctor.objects.get(pk="Ada").shifts == 40


# Write skew ---------------------------------------------------------------------------


def leave(name: str, *, lock: bool, meet: Callable[[], object]) -> str:
    """Go off call if somebody else of the ward stays on call."""
    with transaction.atomic():
        doctors = Doctor.objects.select_for_update() if lock else Doctor.objects.all()
        ward = list(doctors.filter(pk__in=["Ada", "Bob"], on_call=True))
        meet()
        if len(ward) > 1:
            Doctor.objects.filter(pk=name).update(on_call=False)
    return "left"


def both_leave(*, lock: bool) -> list[Any]:
    Doctor.objects.create(name="Ada", ward="A")
    Doctor.objects.create(name="Bob", ward="A")
    meeting = Barrier(2)

    def meet() -> None:
        meeting.wait(PATIENCE)

    return at_once(
        *[
            lambda name=name: outcome(lambda: leave(name, lock=lock, meet=meet))
            for name in ("Ada", "Bob")
        ]
    )


def test_locked_rows_stay_as_they_were_read() -> None:
    outcomes = both_leave(lock=True)

    assert sorted(map(str, outcomes)) == [str(ConflictError), "left"]
    assert Doctor.objects.filter(on_call=True).count() == 1


def test_write_skew_without_locks() -> None:
    """As in READ COMMITTED: each row alone is right, the rule over both is not."""
    assert both_leave(lock=False) == ["left", "left"]

    assert Doctor.objects.filter(on_call=True).count() == 0
