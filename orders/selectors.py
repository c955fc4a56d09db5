"""Reading orders, each by who may."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dynamodb.reads import get_one
from orders.errors import OrderNotFound
from orders.guest_secrets import is_order_secret
from orders.models import Order
from orders.numbers import parse_number


def get_order(*, number: str, user: Any, secret: str) -> Order:
    """The order, for its owner or for whoever has its secret; one read.

    Raises OrderNotFound for everybody else: nobody learns which numbers exist.
    """
    known = parse_number(number)
    order = get_one(Order, known) if known else None
    if order is None or not may_read(order=order, user=user, secret=secret):
        raise OrderNotFound
    return order


def may_read(*, order: Order, user: Any, secret: str) -> bool:
    if user.is_authenticated and order.user_id == user.pk:
        return True
    return is_order_secret(order.number, secret)


def list_orders(
    *, user: Any, placed_after: datetime | None, placed_before: datetime | None
) -> QuerySet[Order]:
    """A user's orders placed from `placed_after` on and before `placed_before`."""
    orders = Order.objects.filter(user=user)
    if placed_after is not None:
        orders = orders.filter(placed_at__gte=placed_after)
    if placed_before is not None:
        orders = orders.filter(placed_at__lt=placed_before)
    return orders
