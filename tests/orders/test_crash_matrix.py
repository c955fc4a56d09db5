"""Every state, every write: the consumer dies before it and after it, and all ends as if not.

The matrix is made from the process itself: each way (tests/orders/scenarios.py) is gone once
undisturbed, which tells its states and its writes; then once for each write and each side of it.
Messages come in any order, in all runs the same until the death, so that it is at the write that it
is meant for; after it each comes twice.
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connections
from django.utils import timezone

from catalog.models import Stock, StockMovement, Variant
from dynamodb.client.client import Client
from mails.models import Mail
from orders import process
from orders.fulfilling import parcels_of
from orders.models import Order
from orders.reconciling import faults_of
from outbox.models import OutboxMessage
from outbox.services import GRACE
from payments.models import TestCharge
from payments.selectors import payments_of, refunds_of, sums_of
from tests.orders.scenarios import PAID_BEFORE, SKU, WAYS, World
from tests.outbox.deliveries import deliver_message

pytestmark = pytest.mark.django_db(transaction=True)

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
NOTE = "UpdateItem mails_mail"  # that SES has taken it
ALL = "SHOP_TEST_DEATHS" in os.environ
ROUNDS = 30  # of deliveries until all must have come to an end
SEEN: dict[str, set[str]] = {}  # the states in which each way takes a step


class Death:
    """Of the consumer, at the write of this number, on this side of it. It alone dies: what
    others write meanwhile, in threads of their own, does not count."""

    def __init__(self, number: int | None = None, side: str = "") -> None:
        self.number, self.side = number, side
        self.consumer = threading.get_ident()
        self.writes: list[str] = []
        self.has_come = False

    def call(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def mortal(client: Client, operation: str, params: Any, **options: Any) -> Any:
            if operation not in WRITES or threading.get_ident() != self.consumer:
                return send(client, operation, params, **options)
            self.writes.append(f"{operation} {tables_of(params)}")
            is_last = len(self.writes) - 1 == self.number
            if is_last and self.side == "before":
                self.come()
            answer = send(client, operation, params, **options)
            if is_last and self.side == "after":
                self.come()
            return answer

        return mortal

    def come(self) -> None:
        self.has_come = True
        raise KeyboardInterrupt


def tables_of(params: Any) -> str:
    writes = [write for part in params.get("TransactItems", ()) for write in part.values()]
    prefix = settings.DATABASES["default"]["NAME"]
    names = {write["TableName"].removeprefix(prefix) for write in writes or [params]}
    return " ".join(sorted(names))


@contextmanager
def consuming(death: Death, states: set[str]) -> Iterator[None]:
    """Within, writes are counted, and states noted in which a step is taken."""
    steps = dict(process.STEPS)

    def noted(state: Any, step: Any) -> Any:
        def take(order: Order, delivery: Any) -> Order | None:
            states.add(state.value)
            return step(order, delivery)

        return take

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", death.call(Client.call))
        for state, step in steps.items():
            patch.setitem(process.STEPS, state, noted(state, step))
        yield


def settle_all(world: World, death: Death, states: set[str], chance: random.Random) -> None:
    """Deliver what waits, in any order, until nothing is left."""
    for _ in range(ROUNDS):
        messages = under_way(world)
        if not messages:
            return
        chance.shuffle(messages)
        with consuming(death, states):
            for message in messages:
                for _ in range(2 if death.has_come else 1):
                    try:
                        deliver_message(message)
                    except KeyboardInterrupt:
                        connections.close_all()  # what was open in the process is gone
    raise AssertionError(f"no end: {[str(message) for message in messages]}")


def under_way(world: World) -> list[OutboxMessage]:
    """The oldest first. What waits for its moment comes when that is there."""
    soon = timezone.now() + GRACE
    messages = [each for each in OutboxMessage.objects.all() if world.late or each.due_at <= soon]
    return sorted(messages, key=lambda message: message.created_at)


def go(way: str, death: Death) -> tuple[dict[str, Any], set[str]]:
    """Go the way, dying as told; what there is at its end, and the states on it."""
    mail.outbox.clear()
    Stock.objects.filter(pk=SKU).update(available=10, reserved=0)
    states, chance = set[str](), random.Random(way)
    with pytest.MonkeyPatch.context() as patch:
        world = World(patch)
        for act in WAYS[way](world):
            act(world)
            settle_all(world, death, states, chance)
        world.late = True  # what waits for its moment finds all in order
        settle_all(world, death, states, chance)
    return end_of(world), states


def end_of(world: World) -> dict[str, Any]:
    order = world.again()
    charge = TestCharge.objects.filter(pk=order.pk).first()
    stock = Stock.objects.get(pk=SKU)
    moved: Counter[str] = Counter()
    documents = [order.pk, *(f"{order.pk}/f{each.number}" for each in parcels_of(order.pk))]
    for movement in StockMovement.objects.filter(document__in=documents):
        moved[movement.kind] += movement.lines[SKU]
    return {
        "states": [entry["status"] for entry in order.history],
        "statuses": (order.status, order.standing, order.payment_status, order.fulfilment_status),
        "reason": order.reason,
        "stock": (stock.available, stock.reserved),
        "moved": dict(moved),
        "charge": charge
        and (charge.status, str(charge.amount), [*(charge.refunds or {}).values()]),
        "sums": sums_of(payments_of(order.pk)),
        "refunds": [(each.state, str(each.amount)) for each in refunds_of(order.pk)],
        "mails": {each.kind: each.is_done for each in Mail.objects.filter(about=order.pk)},
        "left": OutboxMessage.objects.count(),
        "faults": [fault.partition(": ")[2] for fault in faults_of(order)],
    }


@pytest.fixture(autouse=True)
def lease_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has died at a mail is not waited for."""
    monkeypatch.setattr("mails.once.LEASE", timedelta(0))


@pytest.mark.parametrize("way", WAYS)
def test_a_death_at_every_write(mug: Variant, way: str) -> None:
    undisturbed = Death()
    wanted, SEEN[way] = go(way, undisturbed)
    sent = len(mail.outbox)
    assert (wanted["left"], len(wanted["mails"])) == (0, sent)
    assert wanted["faults"] == (["confirmed, and no payment is kept"] if way in PAID_BEFORE else [])
    for number, side, write in deaths(undisturbed.writes):
        death = Death(number, side)
        found, _ = go(way, death)
        moment = f"{side} {number}: {write}"
        assert death.writes[number] == write, moment
        assert found == wanted, moment
        # SES's taking a mail and our note of it cannot be one.
        is_sent_again = (side, write) == ("before", NOTE)
        assert len(mail.outbox) - sent == is_sent_again, moment


def deaths(writes: list[str]) -> Iterator[tuple[int, str, str]]:
    """At which write, on which side of it; and what it writes. All of them with `make matrix`.
    Between a write and the next one there is only SES that leaves anything: so before all others
    than its note it is as after the one before."""
    for number, write in enumerate(writes):
        if ALL or number == 0 or write == NOTE:
            yield number, "before", write
        yield number, "after", write


def test_every_state_is_in_the_matrix(mug: Variant) -> None:
    for way in WAYS.keys() - SEEN.keys():
        _, SEEN[way] = go(way, Death())
    missing = {state.value for state in process.STEPS} - set().union(*SEEN.values())
    assert not missing, f"No way of tests/orders/scenarios.py takes a step in {missing}: add one."
