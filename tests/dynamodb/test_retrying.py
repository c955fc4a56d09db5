"""`@retrying`: functions that count by reading, adding and saving."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, QuerySet

from dynamodb import conflicts
from dynamodb.conflicts import retrying, watching
from dynamodb.errors import ConflictError, PartlyCommitted
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Maker
from tests.dynamodb.guards import crowd
from tests.dynamodb.rows.test_races import THREADS, outcome

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture(autouse=True)
def ada(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "BASE_DELAY", 0.0001)
    Doctor.objects.create(name="Ada", ward="A")


class Rival:
    """Somebody else, who is faster once."""

    calls = 0

    def meet(self) -> None:
        self.calls += 1
        if self.calls == 1:
            at_once(lambda: Doctor.objects.filter(pk="Ada").update(shifts=F("shifts") + 10))


@retrying
def count(by: int, *, meet: Callable[[], None] = lambda: None) -> int:
    """Add to Ada's shifts."""
    with transaction.atomic():
        doctor = Doctor.objects.select_for_update().get(pk="Ada")
        meet()
        doctor.shifts += by
        doctor.save()
    return int(doctor.shifts)


def test_it_is_run_again() -> None:
    rival = Rival()

    assert count(2, meet=rival.meet) == 12

    assert (rival.calls, Doctor.objects.get().shifts) == (2, 12)
    assert (count.__name__, count.__doc__) == ("count", "Add to Ada's shifts.")


def test_four_who_read_the_same() -> None:
    with crowd("UpdateItem", 4):
        results = at_once(*[lambda: count(1)] * 4)

    assert sorted(results) == [1, 2, 3, 4]


class Makers(QuerySet[Maker]):
    """What an app does once for all its calls."""

    update_or_create = retrying(QuerySet.update_or_create)


def test_update_or_create_in_16_threads() -> None:
    """GIVEN a queryset whose `update_or_create` is decorated, WHEN many call it outside of any
    transaction, THEN one makes the row, and the others change it."""

    def visit(number: int) -> bool:
        _, created = Makers(Maker).update_or_create(name="Acme", defaults={"country": str(number)})
        return created

    created = at_once(*[lambda n=n: outcome(lambda: visit(n)) for n in range(THREADS)])

    assert sorted(created) == [False] * (THREADS - 1) + [True]
    assert Maker.objects.get().country in {str(n) for n in range(THREADS)}


def test_what_has_committed_something_is_not_run_again() -> None:
    rival = Rival()

    def visit() -> None:
        Maker.objects.create(name=f"{rival.calls}")
        count.__wrapped__(1, meet=rival.meet)  # type: ignore[attr-defined]

    assert outcome(lambda: retrying(visit)()) is PartlyCommitted

    assert [maker.name for maker in Maker.objects.all()] == ["0"]
    assert (rival.calls, Doctor.objects.get().shifts) == (1, 10)


def test_within_a_transaction_it_runs_once() -> None:
    """GIVEN an atomic block of somebody else's, WHEN what is decorated meets a conflict in it,
    THEN the block gets it: only the whole can be run again."""
    calls: list[int] = []

    @retrying
    def refuse() -> None:
        calls.append(1)
        raise ConflictError("somebody was faster")

    def visit() -> Any:
        with transaction.atomic():
            refuse()

    assert outcome(visit) is ConflictError
    assert calls == [1]


def test_a_watch_sees_what_is_committed_inside_it() -> None:
    with watching() as outer:
        with watching() as before, pytest.raises(ZeroDivisionError), transaction.atomic():
            Maker.objects.create(name="Acme")
            raise ZeroDivisionError
        with watching() as inner:
            Maker.objects.create(name="Acme")
        with watching() as after:
            Maker.objects.get(name="Acme")

    assert [w.committed for w in (before, inner, after, outer)] == [False, True, False, True]
