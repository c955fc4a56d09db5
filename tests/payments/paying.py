"""A payment, and what is told of it."""

from decimal import Decimal

from django.utils import timezone

from outbox.consumers import consume
from outbox.models import OutboxMessage
from outbox.services import body_for
from payments import services
from payments.facts import Fact, Kind
from payments.gateways.base import Notification
from payments.models import Payment
from pricing.money import Money
from tests.outbox.deliveries import batch

ORDER = "8VR2-BENK-54GK"
TOTAL = Money(Decimal("28.90"), "EUR")
PROCESS = "orders.process"  # whom a PaymentChanged is told; there is no such order in these tests


def pay(method: str = "test-ok", *, capture: bool = True) -> Payment:
    return services.keep(
        services.pay(order=ORDER, number=1, amount=TOTAL, method=method, capture=capture)
    )


def recall() -> Payment | None:
    return services.recall(order=ORDER, number=1, amount=TOTAL, method="test-ok")


def stored() -> Payment:
    return Payment.objects.get(order=ORDER, number=1)


def kinds() -> list[str]:
    """Of the facts that are known, in the order in which they were learned."""
    return [fact.kind.value for fact in stored().known]


def fact(kind: Kind, amount: str = "28.90", reference: str = "") -> Fact:
    """As the test gateway tells it."""
    reference = reference or f"{ORDER}:{kind.value}"
    return Fact(kind, reference, Decimal(amount), TOTAL.currency, timezone.now())


def notify(*facts: Fact, name: str = "evt_1") -> bool:
    """What the endpoint does with a notification that is the provider's."""
    return services.receive(gateway="test", notification=Notification(name, ORDER, facts))


def waiting(subscriber: str) -> list[OutboxMessage]:
    """What a subscriber has not taken, the oldest first."""
    messages = OutboxMessage.objects.all()
    mine = [each for each in messages if subscriber in each.open_subscribers]
    return sorted(mine, key=lambda message: message.created_at)


def take(message: OutboxMessage, subscriber: str) -> bool:
    """One delivery; whether it was taken."""
    return not consume(batch(body_for(message, subscriber)), None)["batchItemFailures"]


def take_all(subscriber: str) -> list[bool]:
    return [take(message, subscriber) for message in waiting(subscriber)]
