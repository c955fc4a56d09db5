"""What every payment gateway offers, and how to get the one in use."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from pricing.money import Money


@dataclass(frozen=True)
class Charge:
    """Money taken."""

    reference: str
    amount: Money


class PaymentGateway(Protocol):
    """Takes money. `reference` is the charge's idempotency key."""

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of the payment methods that a customer may choose."""

    def charge(self, *, amount: Money, reference: str, method: str) -> Charge:
        """Take the money once, however often it is asked for with this reference.

        Raises PaymentDeclined, for good, or GatewayUnavailable, worth another try.
        """


def get_gateway() -> PaymentGateway:
    """The gateway that `settings.PAYMENT_GATEWAY` names by its dotted path."""
    gateway: PaymentGateway = import_string(settings.PAYMENT_GATEWAY)()
    return gateway
