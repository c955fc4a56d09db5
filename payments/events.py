"""What happens to payments, for subscribers."""

from typing import ClassVar

from outbox.events import Event, event


@event
class PaymentEvent(Event):
    order: str  # its number

    @property
    def key(self) -> str:
        return self.order


@event
class NotificationReceived(PaymentEvent):
    """A provider has told something; nothing is done about it yet."""

    type: ClassVar[str] = "payment.notified"

    entry: str  # the notification's key


class PaymentChanged(PaymentEvent):
    """Something new is known of a payment of the order."""

    type: ClassVar[str] = "payment.changed"


@event
class RefundRequested(PaymentEvent):
    """Money is to go back; nothing is done yet."""

    type: ClassVar[str] = "refund.requested"

    refund: int  # its number among the order's
