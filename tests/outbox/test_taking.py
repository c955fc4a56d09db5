"""Each subscriber takes an event by itself, and what it does with it is done once."""

import json
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connections, transaction
from django.utils import timezone

from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from outbox.consumers import consume
from outbox.errors import Refused
from outbox.events import Delivery, Event
from outbox.models import OutboxMessage
from outbox.records import TryLater
from outbox.services import acknowledge, acknowledge_once, body_for
from outbox.sweeping import cut_off, dead_messages
from tests.outbox.deliveries import batch, deliver_message, stored
from tests.outbox.subscribers import BellRung, Household

pytestmark = pytest.mark.django_db(transaction=True)


def rung(**columns: Any) -> OutboxMessage:
    message = stored(BellRung("front"), **columns)
    message.save(force_insert=True)
    return message


def to(name: str, message: OutboxMessage) -> Delivery[Event]:
    return Delivery(BellRung("front"), name, message.pk, message.created_at, message.pk)


def closing(run: Callable[[], None]) -> Callable[[], None]:
    """For a thread of its own: its connection ends with it."""

    def wrapped() -> None:
        try:
            run()
        finally:
            connections.close_all()

    return wrapped


def still_open(message: OutboxMessage) -> str | None:
    """The subscribers that have not taken it; None when it is gone."""
    return OutboxMessage.objects.filter(pk=message.pk).values_list("open", flat=True).first()


def note(delivery: Delivery[Event]) -> None:
    """An effect that shows how often it was had."""

    def run() -> None:
        with transaction.atomic():
            Group.objects.create(name=f"{delivery.subscriber} {len(noted())}")
            acknowledge_once(delivery=delivery)

    retry_on_conflict(run)


def noted() -> list[str]:
    """Beside the groups that are there."""
    names = Group.objects.values_list("name", flat=True)
    return sorted(name for name in names if name.startswith(("cat ", "dog ")))


def test_each_by_itself(household: Household) -> None:
    message = rung()
    household.hears = {"dog": note, "cat": note}
    (to_dog, to_cat) = (body_for(message, name) for name in ("dog", "cat"))

    assert consume(batch(to_cat), None) == {"batchItemFailures": []}
    assert still_open(message) == "dog"
    assert consume(batch(to_dog), None) == {"batchItemFailures": []}
    assert still_open(message) is None
    assert household.told == [("cat", "front"), ("dog", "front")]
    assert noted() == ["cat 0", "dog 1"]


def test_what_comes_again_has_no_effect(household: Household) -> None:
    message = rung()
    household.hears = {"dog": note, "cat": note}
    bodies = [body_for(message, name) for name in ("dog", "cat", "dog", "cat", "dog")]
    assert consume(batch(*bodies), None) == {"batchItemFailures": []}
    assert noted() == ["cat 1", "dog 0"]
    assert still_open(message) is None


def test_the_ledger_is_what_stops_the_second(household: Household) -> None:
    """The guard out: without it the effect is had as often as the message comes."""

    def careless(delivery: Delivery[Event]) -> None:
        count = len(noted())
        Group.objects.create(name=f"{delivery.subscriber} {count}")

    message = rung()
    household.hears = {"dog": careless}
    body = body_for(message, "dog")
    consume(batch(body, body), None)
    assert noted() == ["dog 0", "dog 1"]


def test_two_at_the_same_moment(household: Household) -> None:
    """Who commits second gets a conflict, and finds on the second try who is left."""
    message = rung()

    def taking(name: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        with transaction.atomic():
            assert acknowledge(delivery=to(name, message)) is True
            meanwhile()

    def cat_is_faster() -> None:
        cat = Thread(target=closing(partial(taking, "cat")))
        cat.start()
        cat.join()

    with pytest.raises(ConflictError):
        taking("dog", cat_is_faster)
    assert still_open(message) == "dog"
    taking("dog")
    assert still_open(message) is None


def test_what_it_costs(household: Household, calls) -> None:
    """A read and a write, beside what the effect costs."""
    message = rung()
    household.hears = {"dog": lambda delivery: acknowledge_once(delivery=delivery)}
    with calls() as made:
        consume(batch(body_for(message, "dog")), None)
    assert [call.operation for call in made] == ["GetItem", "UpdateItem"]


def test_who_is_held_up_holds_up_nobody(household: Household) -> None:
    message = rung()

    def sleep(delivery: Delivery[Event]) -> None:
        raise TryLater("asleep")

    household.hears = {"dog": note, "cat": sleep}
    assert deliver_message(message) == [{"itemIdentifier": "m-2"}]
    assert still_open(message) == "cat"


# Refusals --------------------------------------------------------------------------------


def refuse(delivery: Delivery[Event]) -> None:
    raise Refused("Cats open to nobody.")


def test_a_refusal_is_dead_at_once_and_others_go_on(
    household: Household, caplog: pytest.LogCaptureFixture
) -> None:
    message = rung()
    household.hears = {"dog": note, "cat": refuse}
    (to_dog, to_cat) = (body_for(message, name) for name in ("dog", "cat"))

    assert consume(batch(to_cat), None) == {"batchItemFailures": []}

    (dead,) = dead_messages()
    assert (dead.open, dead.reason, dead.event) == ("cat", "Cats open to nobody.", message.pk)
    assert (dead.type, dead.key, dead.body) == ("bell.rung", "front", {"door": "front"})
    assert still_open(message) == "dog"
    assert [each.levelname for each in caplog.records if "is dead" in each.message] == ["CRITICAL"]

    assert consume(batch(to_cat, to_dog), None) == {"batchItemFailures": []}
    assert [each.pk for each in dead_messages()] == [dead.pk]
    assert (still_open(message), noted()) == (None, ["dog 0"])


def test_the_last_one_s_refusal_keeps_the_entry(household: Household) -> None:
    message = rung(open="cat")
    household.hears = {"cat": refuse}
    assert deliver_message(message) == []
    (dead,) = dead_messages()
    assert (dead.pk, dead.open, dead.reason) == (message.pk, "cat", "Cats open to nobody.")
    assert deliver_message(message) == []
    assert len(dead_messages()) == 1


def test_malformed_data_is_dead_at_once(household: Household) -> None:
    message = rung(body={"door": 5}, open="dog")
    assert deliver_message(message) == []
    (dead,) = dead_messages()
    assert (dead.open, dead.reason) == ("dog", "bell.rung 1: see door")
    assert household.told == []


def test_nothing_vanishes_that_could_not_be_kept(household: Household) -> None:
    """Of a refusal without an entry the record fails: the queue's dead letters have it then."""
    household.hears = {"cat": refuse}
    message = stored(BellRung("front"), pk=1, open="cat")
    assert deliver_message(message) == [{"itemIdentifier": "m-1"}]


def test_a_refusal_beside_another_s_taking(household: Household) -> None:
    """Between its reading and its writing the dog takes the event: it reads again."""
    message = rung()
    reads: list[int] = []

    def cut_off_late(*given: Any) -> OutboxMessage:
        if not reads:
            reads.append(1)
            dog = Thread(target=closing(partial(acknowledge_once, delivery=to("dog", message))))
            dog.start()
            dog.join()
        return cut_off(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("outbox.sweeping.cut_off", cut_off_late)
        household.hears = {"cat": refuse}
        assert consume(batch(body_for(message, "cat")), None) == {"batchItemFailures": []}
    assert reads == [1]
    (dead,) = dead_messages()
    assert (dead.pk, dead.open, OutboxMessage.objects.count()) == (message.pk, "cat", 1)


# Other code ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"subscriber": "parrot"}, "UnknownSubscriber: parrot"),
        ({"version": 2}, "dog takes no bell.rung 2"),
        ({"type": "bell.broken"}, "dog takes no bell.broken 1"),
    ],
)
def test_what_only_newer_code_knows_comes_again(
    household: Household, caplog: pytest.LogCaptureFixture, changed: dict[str, Any], reason: str
) -> None:
    message = rung()
    body = body_for(message, "dog")
    body["event"] |= changed
    assert consume(batch(body), None) == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert reason in caplog.text
    assert still_open(message) == "dog,cat"


def test_messages_of_before_there_were_events(db: None) -> None:
    """What older code stored and sent is taken, and its entry goes."""
    from tests.orders.shopping import make_order

    order = make_order()
    old = OutboxMessage.objects.create(
        queue="shop-orders",
        body={"order": order.pk},
        shard=0,
        due_at=timezone.now(),
        created_at=timezone.now(),
    )
    body = {"message": old.pk, "order": order.pk}
    assert consume(batch(body), None) == {"batchItemFailures": []}
    order.refresh_from_db()
    assert order.status == "cancelled"  # there is no such mug
    assert not OutboxMessage.objects.filter(pk=old.pk).exists()


def test_older_code_sends_what_newer_has_stored(household: Household) -> None:
    """It knows of no subscribers: the one that takes it takes only its own part."""
    from orders.events import OrderPlaced
    from outbox import subscriptions
    from outbox.subscriptions import Subscription

    table = {
        "orders.process": Subscription(
            "orders.process", "tests.dog", "orders", (OrderPlaced,), before_events="order"
        )
    }
    message = stored(OrderPlaced("A"), open="orders.process,mails.thanks")
    message.save(force_insert=True)
    deliveries: list[Delivery[Event]] = []
    household.handler("dog")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("outbox.consumers.subscription", table.__getitem__)
        patch.setattr("outbox.consumers.before_events", lambda body: table["orders.process"])
        patch.setattr("outbox.consumers.handler_of", lambda name: deliveries.append)
        assert consume(batch({"message": message.pk, "order": "A"}), None) == {
            "batchItemFailures": []
        }
    assert subscriptions.subscriptions.cache_info().currsize <= 1
    (delivery,) = deliveries
    assert acknowledge(delivery=delivery) is True
    assert still_open(message) == "mails.thanks"


def test_older_code_reads_what_newer_sends() -> None:
    """Data and message stand where it looks for them."""
    from orders.events import OrderPlaced

    body = body_for(stored(OrderPlaced("A"), pk=7, open="orders.process"), "orders.process")
    assert (body["message"], body["order"]) == (7, "A")
    assert json.loads(json.dumps(body)) == body
