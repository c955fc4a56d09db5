"""A product as customers see it: plain data from plain data.

Pictures are kept by storage name, their renditions by width; addresses are made when they
are shown, so that a new CDN needs no new rows. Names and descriptions are in the shop's first
language, and in its others where there are `texts` (`catalog.languages`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice.words import normalise
from catalog.languages import FIELDS, carried, names_in
from catalog.models import Category, Product, ProductImage, Variant, swatch_key
from catalog.projections.combinations import can_be_counted, number_of, to_be_had
from catalog.rules import check_options, options_in_order, picture_for
from pricing.money import Money
from pricing.serializers import money_to_dict

Colours = Mapping[str, str]  # #rrggbb by a swatch's key
Document = dict[str, Any]

#: Of the documents below: one with another number is made anew by `manage.py project`.
FORMAT = 1
PAGE_SIZE = 100  # variants of a page or a part: their stock is one BatchGetItem
LONGEST_SEARCH_TEXT = 8_000  # characters; a SKU is found by its key as well


def build_card(
    product: Product,
    variants: Sequence[Variant],
    images: Sequence[ProductImage],
    colours: Colours,
    availability: str,
) -> dict[str, Any]:
    """What a list shows. Raises CurrencyMismatch for variants of several currencies."""
    prices: list[Money] = [variant.money for variant in variants]
    return {
        "id": product.pk,
        "slug": product.slug,
        "name": product.name,
        **carried(product.texts, "name"),
        "brand": product.brand,
        "category": link_of(product.category.as_link()),
        "price_from": money_to_dict(min(prices)) if prices else None,
        "price_varies": len(set(prices)) > 1,
        "image": images[0].as_dict() if images else None,
        "options": describe_options(variants, colours),
        "availability": availability,
    }


def build_pages(
    product: Product,
    variants: Sequence[Variant],
    images: Sequence[ProductImage],
    colours: Colours,
    pieces: Mapping[str, int],
) -> list[Document]:
    """What the product's own page shows, stock apart, and its parts with the variants that it has
    no room for. Variants name their picture by its place, a part's in the part's own list.

    A page with parts says in `further` how many variants there are, and, where combinations can be
    counted, in whose order they come then: `to_be_had`, the bits, and `pages`, the number
    of the combination that each part begins with.
    """
    ordered, further = order_by_combination(variants, pieces)
    page = {
        "id": product.pk,
        "slug": product.slug,
        "name": product.name,
        "brand": product.brand,
        "description": product.description,
        **carried(product.texts, *FIELDS),
        "attributes": product.attributes,
        "breadcrumbs": breadcrumbs_to(product.category),
        "images": [image.as_dict() for image in images],
        "options": describe_options(variants, colours),
        "variants": [describe_variant(variant, images) for variant in ordered[:PAGE_SIZE]],
    }
    if further is None:
        return [page]
    page["further"] = further
    parts = [
        build_part(product, ordered[place : place + PAGE_SIZE], images)
        for place in range(PAGE_SIZE, len(ordered), PAGE_SIZE)
    ]
    parts[-1]["has_next"] = False
    return [page, *parts]


def order_by_combination(
    variants: Sequence[Variant], pieces: Mapping[str, int]
) -> tuple[Sequence[Variant], Document | None]:
    """Of variants that a page has room for these, and None; of more, in the order of their
    combinations if those can be counted, and `further`."""
    if len(variants) <= PAGE_SIZE:
        return variants, None
    values = options_in_order(variant.options for variant in variants)
    options = {variant.sku: variant.options for variant in variants}
    further: Document = {"count": len(variants), "to_be_had": None, "pages": None}
    if not can_be_counted(values) or check_options(options):
        return variants, further
    numbers = {variant.sku: number_of(variant.options, values) for variant in variants}
    ordered = sorted(variants, key=lambda variant: numbers[variant.sku])
    further["to_be_had"] = to_be_had(numbers, pieces)
    further["pages"] = [numbers[variant.sku] for variant in ordered[::PAGE_SIZE]]
    return ordered, further


def build_part(
    product: Product, variants: Sequence[Variant], images: Sequence[ProductImage]
) -> Document:
    described = [describe_variant(variant, images) for variant in variants]
    places = sorted({each["image"] for each in described} - {None})
    for each in described:
        each["image"] = None if each["image"] is None else places.index(each["image"])
    return {
        "id": product.pk,
        "images": [images[place].as_dict() for place in places],
        "variants": described,
        "has_next": True,
    }


def build_search_text(product: Product, variants: Sequence[Variant]) -> str:
    """The different words that managers find the product by, normalised."""
    texts = [product.name, product.slug, product.brand, *(names_in(product.texts) or {}).values()]
    for variant in variants:
        texts += [variant.sku, variant.barcode, *variant.options.values()]
    words = " ".join(dict.fromkeys(normalise(" ".join(texts)).split()))
    return words[:LONGEST_SEARCH_TEXT]


def breadcrumbs_to(category: Category) -> list[Document]:
    """The way from the tree's root to the category, both included."""
    return [link_of(link) for link in (*category.ancestors, category.as_link())]


def link_of(link: Document) -> Document:
    """A category's link as customers see it: without its id."""
    return {name: value for name, value in link.items() if name != "id"}


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
