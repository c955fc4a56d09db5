"""A product as customers see it: plain data from plain data.

Pictures are kept by storage name; their addresses are made when they are shown, so
that a new CDN needs no new rows.
"""

from collections.abc import Sequence
from typing import Any

from backoffice.words import normalise
from catalog.models import Category, Product, ProductImage, Variant
from pricing.money import Money
from pricing.serializers import money_to_dict


def build_card(
    product: Product, variants: Sequence[Variant], images: Sequence[ProductImage]
) -> dict[str, Any]:
    """What a list shows. Raises CurrencyMismatch for variants of several currencies."""
    category = product.category
    prices: list[Money] = [variant.money for variant in variants]
    return {
        "id": product.pk,
        "slug": product.slug,
        "name": product.name,
        "brand": product.brand,
        "category": {"name": category.name, "slug": category.slug},
        "price_from": money_to_dict(min(prices)) if prices else None,
        "image": images[0].as_dict() if images else None,
    }


def build_page(
    product: Product, variants: Sequence[Variant], images: Sequence[ProductImage]
) -> dict[str, Any]:
    """What the product's own page shows, stock apart."""
    return {
        "id": product.pk,
        "slug": product.slug,
        "name": product.name,
        "brand": product.brand,
        "description": product.description,
        "attributes": product.attributes,
        "breadcrumbs": breadcrumbs_to(product.category),
        "images": [image.as_dict() for image in images],
        "variants": [describe_variant(variant) for variant in variants],
    }


def build_search_text(product: Product, variants: Sequence[Variant]) -> str:
    """The different words that managers find the product by, normalised."""
    texts = [product.name, product.slug, product.brand]
    for variant in variants:
        texts += [variant.sku, variant.barcode, *variant.options.values()]
    return " ".join(dict.fromkeys(normalise(" ".join(texts)).split()))


def breadcrumbs_to(category: Category) -> list[dict[str, str]]:
    """The way from the tree's root to the category, both included."""
    links = [*category.ancestors, category.as_link()]
    return [{"name": link["name"], "slug": link["slug"]} for link in links]


def describe_variant(variant: Variant) -> dict[str, Any]:
    return {
        "sku": variant.sku,
        "options": variant.options,
        "price": money_to_dict(variant.money),
        "barcode": variant.barcode,
        "weight_grams": variant.weight_grams,
    }
