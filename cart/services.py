"""What changes a cart. Each change is one write, conditional on the lines that were read.

Call these inside a transaction (`shop.api.unit_of_work` opens one per request), so that a
change by somebody else between the reading and the writing raises ConflictError.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError

from cart.keys import guest_key, new_token
from cart.limits import checkouts_of, declines_of
from cart.models import Cart
from cart.rules import add_to_lines, drop_from_lines, line_of, set_in_lines
from cart.selectors import Articles, PricedCart, find_cart, price_lines, read_articles
from catalog.errors import NotEnoughStock
from dynamodb.conflicts import retry_on_conflict
from dynamodb.duplicates import deferred_duplicates
from pricing.money import Money
from telemetry.metrics import Metric, count

if TYPE_CHECKING:
    from pricing.calculation.rules import PriceContext


def create_guest_cart(*, context: PriceContext) -> tuple[str, PricedCart]:
    """An empty cart and the token that opens it, which is stored nowhere."""
    token = new_token()
    cart = Cart(key=guest_key(token), created_at=timezone.now())
    with deferred_duplicates():  # 256 random bits are not there yet
        cart.save_changes()
    return token, price_lines(cart=cart, articles=Articles({}, {}), context=context)


def add_line(*, key: str, sku: str, quantity: int, context: PriceContext) -> PricedCart:
    """Put `quantity` more of an article into the cart.

    Raises CartNotFound, ValidationError (no such article, over 99), CartFull,
    NotEnoughStock.
    """
    cart = find_cart(key=key)
    articles = read_articles(skus={*cart.lines, sku})
    had = cart.lines[sku]["quantity"] if sku in cart.lines else 0
    lines = add_to_lines(
        cart.lines,
        sku=sku,
        quantity=quantity,
        price=price_shown(articles, sku, had + quantity, context),
        before=price_shown(articles, sku, had, context) if had else None,
        now=timezone.now(),
    )
    if not cart.lines:
        count(Metric.CARTS_OPENED)
    return store_lines(cart=cart, lines=lines, changed=sku, articles=articles, context=context)


def set_quantity(*, key: str, sku: str, quantity: int, context: PriceContext) -> PricedCart:
    """Make it `quantity` of an article; the price shown now counts as seen.

    Raises CartNotFound, CartLineNotFound, ValidationError, NotEnoughStock.
    """
    cart = find_cart(key=key)
    line_of(cart.lines, sku)
    articles = read_articles(skus=cart.lines)
    price = price_shown(articles, sku, quantity, context)
    lines = set_in_lines(cart.lines, sku=sku, quantity=quantity, price=price)
    return store_lines(cart=cart, lines=lines, changed=sku, articles=articles, context=context)


def remove_line(*, key: str, sku: str, context: PriceContext) -> PricedCart:
    """Take an article out. Raises CartNotFound, CartLineNotFound."""
    cart = find_cart(key=key)
    lines = drop_from_lines(cart.lines, sku=sku)
    cart.lines = lines
    cart.save_changes()
    return price_lines(cart=cart, articles=read_articles(skus=lines), context=context)


def clear_cart(*, key: str, context: PriceContext) -> PricedCart:
    """Take everything out; the cart itself stays. Raises CartNotFound."""
    cart = find_cart(key=key)
    empty_cart(cart=cart)
    return price_lines(cart=cart, articles=Articles({}, {}), context=context)


def empty_cart(*, cart: Cart) -> None:
    """Take everything out of a cart that was read in this transaction."""
    if cart.lines:
        cart.lines = {}
        cart.save_changes()


def order_cart(*, cart: Cart) -> None:
    """Take everything out of a cart that is ordered in this transaction, and count the order."""
    cart.checkouts = checkouts_of(cart).one_more(time.time())
    empty_cart(cart=cart)


def count_decline(*, key: str) -> None:
    """Count a payment of an order from this cart that was declined; none of a cart that is gone.

    In a transaction of its own, a read and a write, again where the count has changed meanwhile.
    """
    retry_on_conflict(partial(store_decline, key))


def store_decline(key: str) -> None:
    with transaction.atomic():
        cart = Cart.objects.filter(pk=key).first()
        if cart is not None:
            cart.declines = declines_of(cart).one_more(time.time())
            cart.save(update_fields=["declines"])


def store_lines(
    *,
    cart: Cart,
    lines: dict[str, Any],
    changed: str,
    articles: Articles,
    context: PriceContext,
) -> PricedCart:
    """Write the lines, if there is enough of the changed one."""
    available = articles.available(changed)
    if available < lines[changed]["quantity"]:
        raise NotEnoughStock(sku=changed, available=available)
    cart.lines = lines
    cart.save_changes()
    return price_lines(cart=cart, articles=articles, context=context)


def price_shown(articles: Articles, sku: str, quantity: int, context: PriceContext) -> Money:
    """Of one of so many, as the cart is about to show it. Raises ValidationError: none for sale."""
    variant = articles.sellable(sku)
    if variant is None:
        sentence = gettext("There is no article {sku} for sale.").format(sku=sku)
        raise ValidationError({"sku": [sentence]})
    return articles.price(variant, quantity, context).money
