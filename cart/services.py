"""What changes a cart. Each change is one write, conditional on the lines that were read.

Call these inside a transaction (`shop.api.unit_of_work` opens one per request), so that a
change by somebody else between the reading and the writing raises ConflictError.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError

from cart.keys import guest_key, new_token
from cart.models import Cart
from cart.rules import add_to_lines, drop_from_lines, line_of, set_in_lines
from cart.selectors import Articles, PricedCart, find_cart, price_lines, read_articles
from catalog.errors import NotEnoughStock
from catalog.models import Variant
from dynamodb.duplicates import deferred_duplicates
from telemetry.metrics import Metric, count


def create_guest_cart() -> tuple[str, PricedCart]:
    """An empty cart and the token that opens it, which is stored nowhere."""
    token = new_token()
    cart = Cart(key=guest_key(token), created_at=timezone.now())
    with deferred_duplicates():  # 256 random bits are not there yet
        cart.save_changes()
    return token, price_lines(cart=cart, articles=Articles({}, {}))


def add_line(*, key: str, sku: str, quantity: int) -> PricedCart:
    """Put `quantity` more of an article into the cart.

    Raises CartNotFound, ValidationError (no such article, over 99), CartFull,
    NotEnoughStock.
    """
    cart = find_cart(key=key)
    articles = read_articles(skus={*cart.lines, sku})
    price = str(sellable(articles, sku).price)
    lines = add_to_lines(cart.lines, sku=sku, quantity=quantity, price=price, now=timezone.now())
    if not cart.lines:
        count(Metric.CARTS_OPENED)
    return store_lines(cart=cart, lines=lines, changed=sku, articles=articles)


def set_quantity(*, key: str, sku: str, quantity: int) -> PricedCart:
    """Make it `quantity` of an article; the price shown now counts as seen.

    Raises CartNotFound, CartLineNotFound, ValidationError, NotEnoughStock.
    """
    cart = find_cart(key=key)
    line_of(cart.lines, sku)
    articles = read_articles(skus=cart.lines)
    price = str(sellable(articles, sku).price)
    lines = set_in_lines(cart.lines, sku=sku, quantity=quantity, price=price)
    return store_lines(cart=cart, lines=lines, changed=sku, articles=articles)


def remove_line(*, key: str, sku: str) -> PricedCart:
    """Take an article out. Raises CartNotFound, CartLineNotFound."""
    cart = find_cart(key=key)
    lines = drop_from_lines(cart.lines, sku=sku)
    cart.lines = lines
    cart.save_changes()
    return price_lines(cart=cart, articles=read_articles(skus=lines))


def clear_cart(*, key: str) -> PricedCart:
    """Take everything out; the cart itself stays. Raises CartNotFound."""
    cart = find_cart(key=key)
    empty_cart(cart=cart)
    return price_lines(cart=cart, articles=Articles({}, {}))


def empty_cart(*, cart: Cart) -> None:
    """Take everything out of a cart that was read in this transaction."""
    if cart.lines:
        cart.lines = {}
        cart.save_changes()


def store_lines(
    *, cart: Cart, lines: dict[str, Any], changed: str, articles: Articles
) -> PricedCart:
    """Write the lines, if there is enough of the changed one."""
    available = articles.available(changed)
    if available < lines[changed]["quantity"]:
        raise NotEnoughStock(sku=changed, available=available)
    cart.lines = lines
    cart.save_changes()
    return price_lines(cart=cart, articles=articles)


def sellable(articles: Articles, sku: str) -> Variant:
    variant = articles.sellable(sku)
    if variant is None:
        sentence = gettext("There is no article {sku} for sale.").format(sku=sku)
        raise ValidationError({"sku": [sentence]})
    return variant
