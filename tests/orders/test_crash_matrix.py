"""Every state, every write: the consumer dies before it and after it, and all ends as if not.

The matrix is made from the process itself: each way (tests/orders/scenarios.py) is gone once
undisturbed, which tells its states and its writes; then once for each write and each side of it.
Afterwards every message comes twice, in any order.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connections

from catalog.models import Stock, StockMovement, Variant
from dynamodb.client import Client
from mails.models import Mail
from orders import process
from orders.models import Order
from outbox.models import OutboxMessage
from payments.models import NotificationEntry, Payment, Refund, TestCharge
from payments.selectors import payments_of, refunds_of, sums_of
from tests.orders.scenarios import SKU, WAYS, World
from tests.orders.shopping import waiting
from tests.outbox.deliveries import deliver_message

pytestmark = pytest.mark.django_db(transaction=True)

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
ROUNDS = 30  # of deliveries until all must have come to an end
TABLES = (
    Order, OutboxMessage, Payment, Refund, NotificationEntry, TestCharge, Mail, StockMovement,
)  # fmt: skip
SEEN: dict[str, set[str]] = {}  # the states in which each way takes a step


class Death:
    """Of the consumer, at the write of this number, on this side of it."""

    def __init__(self, number: int | None = None, side: str = "") -> None:
        self.number, self.side = number, side
        self.writes: list[str] = []

    def call(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def mortal(client: Client, operation: str, params: Any, **options: Any) -> Any:
            if operation not in WRITES:
                return send(client, operation, params, **options)
            self.writes.append(tables_of(params))
            is_last = len(self.writes) - 1 == self.number
            if is_last and self.side == "before":
                raise KeyboardInterrupt
            answer = send(client, operation, params, **options)
            if is_last and self.side == "after":
                raise KeyboardInterrupt
            return answer

        return mortal


def tables_of(params: Any) -> str:
    writes = [write for part in params.get("TransactItems", ()) for write in part.values()]
    names = {write["TableName"].rpartition("-")[2] for write in writes or [params]}
    return ", ".join(sorted(name.rpartition("gw")[2].lstrip("0123456789") for name in names))


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
    """Deliver what waits, each message twice and in any order, until nothing is left."""
    for _ in range(ROUNDS):
        messages = [*waiting(world.order), *placed(world), *(delayed(world) if world.late else ())]
        if not messages:
            return
        chance.shuffle(messages)
        with consuming(death, states):
            for message in messages:
                for _ in range(2):
                    try:
                        deliver_message(message)
                    except KeyboardInterrupt:
                        connections.close_all()  # what was open in the process is gone
    raise AssertionError(f"no end: {[str(message) for message in messages]}")


def placed(world: World) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(key=world.order.pk, type="order.placed"))


def delayed(world: World) -> list[OutboxMessage]:
    known = {message.pk for message in waiting(world.order)}
    rows = OutboxMessage.objects.filter(key=world.order.pk)
    return [row for row in rows if row.pk not in known and row.type != "order.placed"]


def go(way: str, death: Death, chance: random.Random) -> tuple[dict[str, Any], set[str]]:
    """Go the way, dying as told; what there is at its end, and the states on it."""
    for table in TABLES:
        table.objects.all().delete()
    mail.outbox.clear()
    Stock.objects.filter(pk=SKU).update(available=10, reserved=0)
    states: set[str] = set()
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
    for movement in StockMovement.objects.filter(document=order.pk):
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
    }


@pytest.fixture(autouse=True)
def lease_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has died at a mail is not waited for."""
    monkeypatch.setattr("mails.once.LEASE", timedelta(0))


@pytest.mark.parametrize("way", WAYS)
def test_a_death_at_every_write(mug: Variant, way: str) -> None:
    chance = random.Random(way)
    undisturbed = Death()
    wanted, SEEN[way] = go(way, undisturbed, chance)
    sent = len(mail.outbox)
    assert wanted["left"] == 0
    assert len(wanted["mails"]) == sent
    assert undisturbed.writes
    for number in range(len(undisturbed.writes)):
        for side in ("before", "after"):
            death = Death(number, side)
            found, _ = go(way, death, chance)
            write = death.writes[number]  # messages come in another order each time
            assert found == wanted, (way, side, number, write)
            again = len(mail.outbox) - sent
            # SES's taking a mail and our note of it cannot be one.
            assert again == 0 or (again == 1 and "mails_mail" in write), (way, side, number, write)


def test_every_state_is_in_the_matrix() -> None:
    missing = {state.value for state in process.STEPS} - set().union(*SEEN.values())
    assert not missing, f"No way of tests/orders/scenarios.py takes a step in {missing}: add one."
