"""A product as customers see it: plain data from plain data.

Pictures are kept by storage name, their renditions by width; addresses are made when they
are shown, so that a new CDN needs no new rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice.words import normalise
from catalog.models import Category, Product, ProductImage, Variant, swatch_key
from catalog.rules import options_in_order, picture_for
from pricing.money import Money
from pricing.serializers import money_to_dict

Colours = Mapping[str, str]  # #rrggbb by a swatch's key


def build_card(
    product: Product,
    variants: Sequence[Variant],
    images: Sequence[ProductImage],
    colours: Colours,
    availability: str,
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
        "price_varies": len(set(prices)) > 1,
        "image": images[0].as_dict() if images else None,
        "options": describe_options(variants, colours),
        "availability": availability,
    }


def build_page(
    product: Product,
    variants: Sequence[Variant],
    images: Sequence[ProductImage],
    colours: Colours,
) -> dict[str, Any]:
    """What the product's own page shows, stock apart. Variants name their picture by its place."""
    return {
        "id": product.pk,
        "slug": product.slug,
        "name": product.name,
        "brand": product.brand,
        "description": product.description,
        "attributes": product.attributes,
        "breadcrumbs": breadcrumbs_to(product.category),
        "images": [image.as_dict() for image in images],
        "options": describe_options(variants, colours),
        "variants": [describe_variant(variant, images) for variant in variants],
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


def describe_options(variants: Sequence[Variant], colours: Colours) -> list[dict[str, Any]]:
    """The options' names and values, in the order of the variants, with their colours."""
    ordered = options_in_order(variant.options for variant in variants)
    return [
        {
            "name": name,
            "values": [
                {"name": value, "swatch": colours.get(swatch_key(name, value), "")}
                for value in values
            ],
        }
        for name, values in ordered.items()
    ]


def place_of_picture(variant: Variant, images: Sequence[ProductImage]) -> int | None:
    """Which of the product's pictures shows the variant."""
    return picture_for(variant.options, [image.options for image in images])


def describe_variant(variant: Variant, images: Sequence[ProductImage]) -> dict[str, Any]:
    return {
        "sku": variant.sku,
        "options": variant.options,
        "price": money_to_dict(variant.money),
        "barcode": variant.barcode,
        "weight_grams": variant.weight_grams,
        "image": place_of_picture(variant, images),
    }
