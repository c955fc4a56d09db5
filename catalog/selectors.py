"""What customers read, in as few calls as there can be."""

import re
from typing import Any, NamedTuple

from django.db.models import QuerySet

from catalog.errors import ProductNotFound, VariantPageNotFound
from catalog.languages import FIELDS, carried
from catalog.models import Category, Listing, PagePart, ProductPage, Stock
from catalog.models.category import TREE
from catalog.models.reading import ALL, shelf_of
from dynamodb.consistency import eventually_consistent
from dynamodb.reads import get_many, get_one, get_page

SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}")


def is_slug(text: str) -> bool:
    """Could this be a slug? Others are not worth a call."""
    return SLUG.fullmatch(text) is not None


class Shelved(NamedTuple):
    """A product on a shelf: its place, and the card that lists show."""

    position: int
    card: dict[str, Any]


def list_products(*, category: str | None = None) -> QuerySet[Listing]:
    """The cards on the shelf of a category (by slug; with all below it), or of everything."""
    return Listing.objects.filter(shelf=shelf(category))


def list_cards(
    *, category: str | None = None, after: int | None = None, limit: int
) -> list[Shelved]:
    """The same, newest first, from behind a position on: one Query, and no instances."""
    rows = get_page(
        Listing, shelf(category), after=after, limit=limit, descending=True, fields=Shelved._fields
    )
    return [Shelved(**row) for row in rows]


def shelf(category: str | None) -> str:
    return ALL if category is None else shelf_of(category)


def get_product_page(*, slug: str) -> dict[str, Any]:
    """The product's document, its variants with their stock (`available`); `further` if it has
    more of them than a page.

    Two calls. Raises ProductNotFound for whatever customers may not see.
    """
    with eventually_consistent():
        page = get_one(ProductPage, slug) if is_slug(slug) else None
        if page is None:
            raise ProductNotFound
        return with_stock(page.document)


def get_variants(*, slug: str, page: int) -> dict[str, Any]:
    """A hundred variants of a product, as `get_product_page` has them, page 1 those that it has:
    {"variants", "images", "has_next"}. Two calls. Raises ProductNotFound; of later pages
    VariantPageNotFound."""
    if page == 1:
        whole = get_product_page(slug=slug)
        return {**whole, "has_next": bool(whole.get("further"))}
    with eventually_consistent():
        part = PagePart.objects.filter(slug=slug, number=page).first() if is_slug(slug) else None
        if part is None:
            raise VariantPageNotFound
        return with_stock(part.document)


def with_stock(document: dict[str, Any]) -> dict[str, Any]:
    """Each variant with what can be ordered of it. Read as eventually as the rest: who orders is
    told by the cart, and nothing is promised before checkout."""
    variants = document["variants"]
    stock = get_many({Stock: [variant["sku"] for variant in variants]})[Stock]
    counted = [
        {**variant, "available": stock[variant["sku"]].available if variant["sku"] in stock else 0}
        for variant in variants
    ]
    return {**document, "variants": counted}


def category_exists(*, slug: str) -> bool:
    return is_slug(slug) and Category.objects.filter(slug=slug).exists()


def list_categories() -> QuerySet[Category]:
    """The whole tree in reading order: parents before children. One Query."""
    return Category.objects.filter(tree=TREE).order_by("tree_path")


def get_category_tree() -> list[dict[str, Any]]:
    """The roots, each with its `children`, in order, and with `texts` as documents have them."""
    roots: list[dict[str, Any]] = []
    nodes: dict[int, dict[str, Any]] = {}
    for category in list_categories():
        node = {
            **category.as_link(),
            "description": category.description,
            **carried(category.texts, *FIELDS),
            "children": [],
        }
        nodes[category.pk] = node
        parent = nodes.get(category.parent_id) if category.parent_id else None
        (roots if parent is None else parent["children"]).append(node)
    return roots
