"""What changes an order: placing it, and moving it from state to state."""

from __future__ import annotations

import time
from copy import copy
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError

from backoffice.beginnings import surname_first
from cart.limits import checkouts_of, declines_of
from cart.models import Cart
from cart.selectors import (
    PricedCart,
    find_cart,
    is_buyable,
    price_lines,
    read_articles,
)
from cart.services import order_cart
from dynamodb.duplicates import deferred_duplicates
from dynamodb.reads import get_many
from limits.models import Count
from limits.services import check_room
from limits.tallies import check_room as check_tallies
from orders.errors import PriceChanged
from orders.events import OrderPlaced
from orders.history import history_entry
from orders.limits import Origin, declines_from, remembered
from orders.lines import keep_line
from orders.models import Order
from orders.numbers import new_number
from orders.states import State, check_transition
from outbox.services import emit
from pricing.money import Money
from pricing.totals import TotalTooLarge, check_total
from pricing.writing import written
from telemetry.context import add_log_fields
from telemetry.metrics import Metric, count

if TYPE_CHECKING:
    from pricing.calculation.rules import PriceContext

COUNTED = {
    State.CONFIRMED: (Metric.ORDERS_CONFIRMED, 1),
    State.CANCELLED: (Metric.ORDERS_CANCELLED, 1),
    State.EXPIRED: (Metric.ORDERS_CANCELLED, 1),
    State.HELD: (Metric.ORDERS_HELD, 1),
}


class Customer(NamedTuple):
    """Who orders, and how. `user` is None for a guest, `language` one of the shop's."""

    user: User | None
    email: str
    shipping_address: dict[str, str]
    payment_method: str
    expected_total: Money | None = None  # what the customer was shown
    language: str = settings.LANGUAGE_CODE


class Checkout(NamedTuple):
    """A cart that can be ordered, as it was read in this transaction."""

    cart: Cart
    priced: PricedCart
    customer: Customer
    origin: Origin


def check_checkout(*, customer: Customer, origin: Origin, context: PriceContext) -> Checkout:
    """Whether the cart can be ordered, at today's prices; nothing is written.

    Stock is not looked at: the saga reserves it, and only that decides. Raises CartNotFound,
    ValidationError (nothing in the cart, lines no longer for sale, a total beyond all sums),
    PriceChanged (it is not the total that was expected), TooOften (from this cart).
    """
    now, declines = time.time(), declines_from(origin.network)
    # Both in one call: the transaction knows them from here on.
    get_many({Cart: [origin.cart], Count: [declines.stored_key(now)]})
    cart = find_cart(key=origin.cart)
    articles = read_articles(skus=cart.lines, with_stock=False)
    with translation.override(customer.language):  # the lines' names, which the order keeps
        priced = price_lines(cart=cart, articles=articles, context=context)
    check_buyable(priced)
    check_expected(priced, customer.expected_total)
    check_tallies([checkouts_of(cart), declines_of(cart)], now)
    check_room(declines, now)
    return Checkout(cart, priced, customer, origin)


def place_order(*, checkout: Checkout) -> Order:
    """Turn the cart into an order, and have it processed.

    Order, outbox entry and emptied cart are one transaction, the caller's; the cart's
    write is conditional on the lines that were read for `checkout`.
    """
    hold_account(checkout.customer.user)
    order = new_order(checkout)
    with deferred_duplicates():  # a number that is taken is found at the commit
        order.save(force_insert=True)
    transaction.on_commit(partial(add_log_fields, order=order.number))
    emit(OrderPlaced(order.number))
    order_cart(cart=checkout.cart)
    count(Metric.ORDERS_PLACED)
    return order


def hold_account(user: User | None) -> None:
    """Have the commit fail if the account is closed or deleted meanwhile.

    Costs no call: who is signed in was read in this transaction.
    """
    if user is not None:
        User.objects.select_for_update().get(pk=user.pk)


def check_buyable(priced: PricedCart) -> None:
    if not priced.lines:
        raise ValidationError({"cart": [gettext("The cart is empty. Add something first.")]})
    gone = [line.sku for line in priced.lines if not is_buyable(line)]
    if gone:
        sentence = gettext("No longer for sale: {names}. Remove and try again.")
        raise ValidationError({"cart": [sentence.format(names=", ".join(gone))]})
    try:
        check_total(priced.totals)
    except TotalTooLarge as error:
        sentence = gettext("{total} is more than {most}. Order in parts.").format(
            total=written(error.total), most=written(error.most)
        )
        raise ValidationError({"cart": [sentence]}) from error


def check_expected(priced: PricedCart, expected: Money | None) -> None:
    """Raises PriceChanged, with what changed since it was put into the cart."""
    total = priced.totals.total
    if expected is None or expected == total:
        return
    change = gettext("{sku} from {before} to {now}")
    changed = [
        change.format(sku=line.sku, before=written(line.old_price), now=written(line.unit_price))
        for line in priced.lines
        if line.old_price is not None
    ]
    raise PriceChanged(expected=expected, total=total, changed=changed)


def new_order(checkout: Checkout) -> Order:
    """The order, not yet stored."""
    priced, customer = checkout.priced, checkout.customer
    now, totals = timezone.now(), priced.totals
    return Order(
        number=new_number(),
        user=customer.user,
        email=customer.email,
        language=customer.language,
        lines=[
            keep_line(line, part) for line, part in zip(priced.lines, totals.lines, strict=True)
        ],
        shipping_parts=[part.as_data() for part in totals.shipping_parts],
        currency=totals.total.currency,
        subtotal=totals.subtotal.amount,
        shipping=totals.shipping.amount,
        tax=totals.tax.amount,
        total=totals.total.amount,
        shipping_address=customer.shipping_address,
        recipient=surname_first(customer.shipping_address["name"]),
        payment_method=customer.payment_method,
        origin=remembered(checkout.origin),
        history=[history_entry(State.CREATED)],
        placed_at=now,
        updated_at=now,
    )


def move_order(*, order: Order, state: State, **columns: Any) -> Order | None:
    """Move the stored order on from the state in which `order` was read; the order as it is then.

    One conditional write; None when it is no longer in that state. (Inside a transaction
    that shows at the commit, as a ConflictError.) `columns` change with it. Raises
    IllegalTransition.
    """
    before = State(order.state)
    check_transition(before, state)
    now = timezone.now()
    moved = copy(order)
    moved.history = [*order.history, history_entry(state, now - order.placed_at)]
    columns |= {"state": state, "history": moved.history, "updated_at": now}
    for name, value in columns.items():
        setattr(moved, name, value)
    moved.standing = columns["standing"] = moved.status
    if not Order.objects.filter(pk=order.pk, state=before).update(**columns):
        return None
    count_move(order, state, now)
    return moved


def count_move(order: Order, state: State, now: datetime) -> None:
    """Tell the metrics; of the first move, how long the order had waited for it."""
    if order.state == State.CREATED:
        count(Metric.CONSUMER_LAG, (now - order.placed_at).total_seconds())
    if state in COUNTED:
        count(*COUNTED[state])
