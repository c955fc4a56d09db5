"""What every payment gateway offers, and how to get the one in use."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from payments.facts import Fact
from pricing.money import Money


class Notification(NamedTuple):
    """What a provider tells by itself. `id` is its own, the same however often it comes;
    `reference` is the payment's, as it was given to `pay`."""

    id: str
    reference: str
    facts: tuple[Fact, ...]


class PaymentGateway(Protocol):
    """Moves money. Each of its acts answers with all facts that are known of the payment.

    `reference` is the payment's and its idempotency key: however often something is asked for
    with it, it is done once. Each raises GatewayUnavailable, worth another try, within
    `timeout` seconds.
    """

    name: str
    timeout: float

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of the payment methods that a customer may choose."""

    def pay(self, *, amount: Money, reference: str, method: str, capture: bool) -> Sequence[Fact]:
        """Take the money, or without `capture` have it promised."""

    def capture(self, *, amount: Money, reference: str) -> Sequence[Fact]:
        """Take what was promised, at most."""

    def void(self, *, reference: str) -> Sequence[Fact]:
        """Give back what was promised and not taken, and take nothing any more. No facts where
        nobody has asked for such a payment."""

    def refund(self, *, amount: Money, reference: str, refund: str) -> Sequence[Fact]:
        """Give money back. `refund` is this refund's own idempotency key and reference."""

    def read_notification(self, *, body: bytes, headers: Mapping[str, str]) -> Notification:
        """Raises UntrustedNotification."""


def get_gateway() -> PaymentGateway:
    """The gateway that `settings.PAYMENT_GATEWAY` names by its dotted path."""
    gateway: PaymentGateway = import_string(settings.PAYMENT_GATEWAY)()
    return gateway
