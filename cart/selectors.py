"""Reading carts: which one it is, and what it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from cart.errors import CartNotFound
from cart.keys import GUEST
from cart.models import Cart
from cart.rules import Line, in_order
from catalog.models import Stock, Variant
from dynamodb.reads import get_many
from pricing.money import Money
from pricing.tariffs import current_tariff
from pricing.totals import Totals, price_cart, price_line


@dataclass(frozen=True)
class Articles:
    """The variants and the stock behind some SKUs."""

    variants: dict[str, Variant]
    stock: dict[str, Stock]

    def sellable(self, sku: str) -> Variant | None:
        """The variant, if it can be bought: it is for sale, in the shop's currency."""
        variant = self.variants.get(sku)
        if variant is None or not variant.for_sale:
            return None
        return variant if variant.currency == settings.SHOP_CURRENCY else None

    def available(self, sku: str) -> int:
        stock = self.stock.get(sku)
        return stock.available if stock else 0


@dataclass(frozen=True)
class Problem:
    """What stands in the way of buying a line; `code` for programs, `detail` for people."""

    code: str
    detail: str


@dataclass(frozen=True)
class PricedLine:
    """A line as it is shown. A vanished article is known by its SKU and old price only.

    `image` is the stored image's name, `old_price` set when the price has changed.
    """

    sku: str
    name: str
    slug: str
    image: str
    options: dict[str, Any]
    quantity: int
    unit_price: Money
    line_total: Money
    old_price: Money | None
    problem: Problem | None


@dataclass(frozen=True)
class PricedCart:
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
    cart = Cart.objects.filter(pk=key).first()
    if cart is not None and not cart.is_expired(now):
        return cart
    if key.startswith(GUEST):
        raise CartNotFound
    fresh = Cart(key=key, created_at=now)
    fresh._state.adding = cart is None  # the row of an expired cart is written over
    return fresh


def read_articles(*, skus: Iterable[str]) -> Articles:
    """Variants and stock of the SKUs, in one read; none for no SKUs."""
    wanted = list(skus)
    if not wanted:
        return Articles({}, {})
    found = get_many({Variant: wanted, Stock: wanted})
    return Articles(found[Variant], found[Stock])


def price_lines(*, cart: Cart, articles: Articles) -> PricedCart:
    """The cart with today's prices and stock, changes since it was filled reported."""
    lines = [describe_line(sku, line, articles) for sku, line in in_order(cart.lines)]
    bought = [(line.unit_price, line.quantity) for line in lines if is_buyable(line)]
    return PricedCart(
        lines=lines,
        totals=price_cart(bought, current_tariff()),
        expires_at=cart.expires_at,
    )


def is_buyable(line: PricedLine) -> bool:
    """Whether checkout takes the line. Too little stock is found out when it is reserved."""
    return line.problem is None or line.problem.code != "unavailable"


def describe_line(sku: str, line: Line, articles: Articles) -> PricedLine:
    variant = articles.variants.get(sku)
    before = Money(Decimal(line["price"]), settings.SHOP_CURRENCY)
    price = variant.money if variant and articles.sellable(sku) else before
    return PricedLine(
        sku=sku,
        name=variant.product_name if variant else sku,
        slug=variant.product_slug if variant else "",
        image=variant.image if variant else "",
        options=variant.options if variant else {},
        quantity=line["quantity"],
        unit_price=price,
        line_total=price_line(price, line["quantity"]),
        old_price=before if price != before else None,
        problem=find_problem(sku, line["quantity"], articles),
    )


def find_problem(sku: str, quantity: int, articles: Articles) -> Problem | None:
    available = articles.available(sku)
    if articles.sellable(sku) is None:
        return Problem("unavailable", gettext("No longer for sale."))
    if available == 0:
        return Problem("sold_out", gettext("Sold out."))
    if available < quantity:
        left = gettext("Only {available} left.").format(available=available)
        return Problem("not_enough_stock", left)
    return None
