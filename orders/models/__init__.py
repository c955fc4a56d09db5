"""The orders' tables: what was bought, and what hangs on it."""

from orders.models.fulfilment import Fulfilment, Return
from orders.models.order import Order
from orders.models.timeline import OrderEntry

__all__ = ["Fulfilment", "Order", "OrderEntry", "Return"]
