"""Articles to buy, made without the detour of publishing a product."""

from decimal import Decimal
from typing import Any

from catalog.models import Category, Product, Stock, Variant
from catalog.services import open_stock


def stock_article(
    sku: str = "MUG-RED", *, price: str = "12.00", available: int = 10, **columns: Any
) -> Variant:
    """A variant for sale, and so many of it."""
    product = Product.objects.create(
        name=f"Product {sku}", slug=f"product-{sku.lower()}", category=kitchen(), status="active"
    )
    columns = {"for_sale": True, "options": {"colour": "Red"}, "currency": "EUR", **columns}
    variant = Variant.objects.create(
        sku=sku,
        product=product,
        price=Decimal(price),
        product_name=product.name,
        product_slug=product.slug,
        **columns,
    )
    open_stock(sku=sku, available=available)
    return variant


def kitchen() -> Category:
    return Category.objects.get_or_create(slug="kitchen", defaults={"name": "Kitchen"})[0]


def set_stock(sku: str, available: int) -> None:
    Stock.objects.filter(pk=sku).update(available=available)


def stock_of(sku: str) -> tuple[int, int]:
    """Available and reserved."""
    stock = Stock.objects.get(pk=sku)
    return stock.available, stock.reserved
