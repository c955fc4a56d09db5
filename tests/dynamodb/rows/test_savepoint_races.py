"""Savepoints whose duplicate shows only at the commit: who runs again, and who keeps what."""

import pytest
from django.db import IntegrityError, transaction

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from tests.cart.races import at_once
from tests.dynamodb.app.models import Item, Maker
from tests.dynamodb.rows.test_races import THREADS, outcome

pytestmark = pytest.mark.usefixtures("server")


def enter(number: int) -> str:
    """A row of one's own for certain, the common one if nobody was faster."""
    with transaction.atomic():
        Item.objects.create(sku=str(number))
        try:
            with transaction.atomic():
                Item.objects.create(sku=f"{number} beside Acme")
                Maker.objects.create(name="Acme")
        except IntegrityError:
            return "alone"
    return "with Acme"


def test_savepoints_that_are_run_again_in_16_threads() -> None:
    """Django's idiom, a savepoint with `except IntegrityError`, then works for all of them."""
    outcomes = at_once(
        *[lambda n=n: outcome(lambda: retry_on_conflict(lambda: enter(n))) for n in range(THREADS)]
    )

    assert sorted(outcomes) == ["alone"] * (THREADS - 1) + ["with Acme"]
    assert Item.objects.count() == THREADS + 1
    assert [maker.name for maker in Maker.objects.all()] == ["Acme"]


def test_update_or_create_that_is_run_again_in_16_threads() -> None:
    """It makes and changes the row within savepoints of its own."""

    def visit(number: int) -> bool:
        _, created = retry_on_conflict(
            lambda: Maker.objects.update_or_create(name="Acme", defaults={"country": str(number)})
        )
        return bool(created)

    created = at_once(*[lambda n=n: outcome(lambda: visit(n)) for n in range(THREADS)])

    assert sorted(created) == [False] * (THREADS - 1) + [True]
    assert Maker.objects.get().country in {str(n) for n in range(THREADS)}


def test_savepoints_in_16_threads() -> None:
    """Who saw the name taken keeps what came before the savepoint; who found it taken at
    the commit keeps nothing, and may run again; the name is there once."""
    outcomes = at_once(*[lambda n=n: outcome(lambda: enter(n)) for n in range(THREADS)])

    kept = {str(n) for n in range(THREADS) if outcomes[n] in ("alone", "with Acme")}
    beside = {f"{n} beside Acme" for n in range(THREADS) if outcomes[n] == "with Acme"}
    assert outcomes.count("with Acme") == 1
    assert set(outcomes) <= {"alone", "with Acme", ConflictError}
    assert {item.sku for item in Item.objects.all()} == kept | beside
    assert [maker.name for maker in Maker.objects.all()] == ["Acme"]
