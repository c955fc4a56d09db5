"""The orders' tables: what was bought, and what hangs on it."""

from orders.models.fulfilment import Fulfilment, Return
from orders.models.order import START, Order
from orders.models.timeline import OrderEntry

__all__ = ["START", "Fulfilment", "Order", "OrderEntry", "Return"]
