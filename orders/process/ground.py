"""What the steps of an order's process stand on."""

from collections.abc import Callable, Mapping

from catalog.errors import NotEnoughStock
from catalog.models import Stock
from dynamodb.reads import get_many, get_one
from orders.models import Order
from outbox.events import Delivery, Event

FIRST = 1  # the number of an order's only payment, as long as there is one means

#: A step answers with the order as it is then, to go on with; None if nothing is left for now.
Step = Callable[[Order, Delivery[Event]], Order | None]


def stored_order(number: str) -> Order:
    """Raises Order.DoesNotExist."""
    order = get_one(Order, number)
    if order is None:
        raise Order.DoesNotExist(number)
    return order


def again(order: Order) -> Order:
    return stored_order(order.pk)


def pieces(order: Order) -> Mapping[str, int]:
    """How many of which SKU."""
    return {line["sku"]: line["quantity"] for line in order.lines}


def check_stock(order: Order) -> None:
    """Raises NotEnoughStock for the first line that is short.

    Decides nothing, the reservation does; but when that fails at the commit, nothing says
    which line was short. Read again on the retry, this does. The order comes along, so
    that all the transaction reads is one call.
    """
    wanted = pieces(order)
    stock = get_many({Stock: wanted, Order: [order.pk]})[Stock]
    for sku, quantity in wanted.items():
        available = stock[sku].available if sku in stock else 0
        if available < quantity:
            raise NotEnoughStock(sku=sku, available=available)
