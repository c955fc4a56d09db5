"""What happens to orders, for subscribers."""

from typing import ClassVar

from outbox.events import Event, event


@event
class OrderEvent(Event):
    order: str  # its number

    @property
    def key(self) -> str:
        return self.order


class OrderPlaced(OrderEvent):
    """Checkout has accepted it; nothing else is done."""

    type: ClassVar[str] = "order.placed"


class OrderConfirmed(OrderEvent):
    """Stock is reserved, and the money taken or promised."""

    type: ClassVar[str] = "order.confirmed"


class OrderCancelled(OrderEvent):
    """For good; its stock is given back. Money may be on its way back."""

    type: ClassVar[str] = "order.cancelled"


class MoneyOwed(OrderEvent):
    """A person has cancelled it: what was paid, or promised, is to go back."""

    type: ClassVar[str] = "order.money_owed"


class OrderExpired(OrderEvent):
    """It was not paid in time; its stock is given back."""

    type: ClassVar[str] = "order.expired"


@event
class OrderShipped(OrderEvent):
    """A parcel has left."""

    type: ClassVar[str] = "order.shipped"

    parcel: int  # its number among the order's


@event
class OrderDelivered(OrderEvent):
    """A parcel has come to the customer."""

    type: ClassVar[str] = "order.delivered"

    parcel: int


@event
class ReturnReceived(OrderEvent):
    """Pieces have come back, and were taken or not."""

    type: ClassVar[str] = "return.received"

    number: int  # the return's, among the order's


class PaymentDue(OrderEvent):
    """The time in which it was to be paid is over."""

    type: ClassVar[str] = "order.payment_due"


class StockShortfall(OrderEvent):
    """Money came when the stock was gone."""

    type: ClassVar[str] = "order.stock_shortfall"


class StockAwaited(OrderEvent):
    """A back-ordered order looks whether there is stock."""

    type: ClassVar[str] = "order.stock_awaited"


class HeldOrderCancelled(OrderEvent):
    """Of code of before `order.cancelled`: a person has ended an order that was held."""

    type: ClassVar[str] = "order.held_cancelled"
