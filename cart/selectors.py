"""Reading carts: which one it is, and what it shows."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext

from cart.errors import CartNotFound
from cart.keys import GUEST
from cart.models import Cart
from cart.prices import UnitPrice, named_lists, price_in_force
from cart.rules import Line, in_order
from catalog.languages import choose
from catalog.models import Stock, Variant
from dynamodb.reads import get_many, get_one
from pricing.models import SkuPrices
from pricing.money import Money
from pricing.priorities import PRIORITIES
from pricing.tariffs import current_tariff
from pricing.totals import Totals, price_cart, price_line

if TYPE_CHECKING:
    from pricing.calculation.rules import PriceContext


class Articles(NamedTuple):
    """The variants, stock and listed prices behind some SKUs. `stock` is None where nobody asked
    for it; `priorities` are those of the active lists that the prices name."""

    variants: dict[str, Variant]
    stock: dict[str, Stock] | None
    prices: Mapping[str, SkuPrices] = {}
    priorities: Mapping[str, int] = {}

    def sellable(self, sku: str) -> Variant | None:
        """The variant, if it can be bought: it is for sale, in the shop's currency."""
        variant = self.variants.get(sku)
        if variant is None or not variant.for_sale:
            return None
        return variant if variant.currency == settings.SHOP_CURRENCY else None

    def available(self, sku: str) -> int:
        stock = (self.stock or {}).get(sku)
        return stock.available if stock else 0

    def price(self, variant: Variant, quantity: int, context: PriceContext) -> UnitPrice:
        """Of one of so many pieces."""
        row = self.prices.get(variant.sku)
        return price_in_force(variant, quantity, row, self.priorities, context)


class Problem(NamedTuple):
    """What stands in the way of buying a line; `code` for programs, `detail` for people."""

    code: str
    detail: str


class PricedLine(NamedTuple):
    """A line as it is shown. A vanished article is known by its SKU and old price only.

    `name` is in the language that is active, `image` the stored image's name, `list_price` set when
    the price is reduced, `old_price` when it has changed.
    """

    sku: str
    name: str
    slug: str
    image: str
    options: dict[str, Any]
    quantity: int
    unit_price: Money
    list_price: Money | None
    line_total: Money
    old_price: Money | None
    problem: Problem | None


class PricedCart(NamedTuple):
    """A cart as it is shown; what cannot be bought is in no total."""

    lines: list[PricedLine]
    totals: Totals
    expires_at: datetime | None


def find_cart(*, key: str) -> Cart:
    """The cart of this key, in one read; a past expiry counts as absent.

    A guest must have a cart (CartNotFound). A user without one gets an empty one, which
    is stored at its first change.
    """
    now = timezone.now()
    cart = get_one(Cart, key)
    if cart is not None and not cart.is_expired(now):
        return cart
    if key.startswith(GUEST):
        raise CartNotFound
    fresh = Cart(key=key, created_at=now)
    fresh._state.adding = cart is None  # the row of an expired cart is written over
    return fresh


def read_articles(*, skus: Iterable[str], with_stock: bool = True) -> Articles:
    """Variants, stock and, where the shop has price lists, prices of the SKUs.

    One read, none for no SKUs. A read has 100 keys: with prices and stock a cart of over 33 lines
    takes another. So does a price list that the process has not asked for within a minute.
    """
    wanted = list(skus)
    if not wanted:
        return Articles({}, {})
    tables: list[type[Model]] = [Variant]
    tables += [Stock] if with_stock else []
    tables += [SkuPrices] if settings.PRICE_LISTS else []
    found = get_many(dict.fromkeys(tables, wanted))
    listed = found.get(SkuPrices, {})
    priorities = PRIORITIES.of(named_lists(listed.values()), time.monotonic())
    return Articles(found[Variant], found.get(Stock), listed, priorities)


def price_lines(*, cart: Cart, articles: Articles, context: PriceContext) -> PricedCart:
    """The cart with today's prices and stock, changes since it was filled reported."""
    from pricing.calculation.lines import CartLine  # as in `totals.price_cart`

    lines = [describe_line(sku, line, articles, context) for sku, line in in_order(cart.lines)]
    bought = [
        CartLine(line.sku, line.unit_price, line.quantity, list_price=line.list_price)
        for line in lines
        if is_buyable(line)
    ]
    return PricedCart(
        lines=lines,
        totals=price_cart(bought, current_tariff(), context),
        expires_at=cart.expires_at,
    )


def is_buyable(line: PricedLine) -> bool:
    """Whether checkout takes the line. Too little stock is found out when it is reserved."""
    return line.problem is None or line.problem.code != "unavailable"


def describe_line(sku: str, line: Line, articles: Articles, context: PriceContext) -> PricedLine:
    variant, quantity = articles.variants.get(sku), line["quantity"]
    before = Money(Decimal(line["price"]), line.get("currency", settings.SHOP_CURRENCY))
    sold = articles.sellable(sku)
    price = articles.price(sold, quantity, context) if sold else UnitPrice(before)
    return PricedLine(
        sku=sku,
        name=choose(variant.product_name, variant.product_names) if variant else sku,
        slug=variant.product_slug if variant else "",
        image=variant.image if variant else "",
        options=variant.options if variant else {},
        quantity=quantity,
        unit_price=price.money,
        list_price=price.list_price,
        line_total=price_line(price.money, quantity),
        old_price=before if price.money != before else None,
        problem=find_problem(sku, quantity, articles),
    )


def find_problem(sku: str, quantity: int, articles: Articles) -> Problem | None:
    if articles.sellable(sku) is None:
        return Problem("unavailable", gettext("No longer for sale."))
    if articles.stock is None:
        return None
    available = articles.available(sku)
    if available == 0:
        return Problem("sold_out", gettext("Sold out."))
    if available < quantity:
        left = gettext("Only {available} left.").format(available=available)
        return Problem("not_enough_stock", left)
    return None
