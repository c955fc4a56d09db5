"""What happens to orders, for subscribers."""

from dataclasses import dataclass
from typing import ClassVar

from outbox.events import Event


@dataclass(frozen=True)
class OrderEvent(Event):
    order: str  # its number

    @property
    def key(self) -> str:
        return self.order


@dataclass(frozen=True)
class OrderPlaced(OrderEvent):
    """Checkout has accepted it; nothing else is done."""

    type: ClassVar[str] = "order.placed"


@dataclass(frozen=True)
class HeldOrderCancelled(OrderEvent):
    """A person has ended an order that was held."""

    type: ClassVar[str] = "order.held_cancelled"
