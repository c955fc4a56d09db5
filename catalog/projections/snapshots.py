"""All rows of a product as of one version of it."""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from catalog.models import (
    Category,
    Product,
    ProductContents,
    ProductImage,
    Publication,
    Stock,
    Swatch,
    Variant,
    swatch_key,
)
from catalog.rules import options_in_order
from dynamodb.errors import ConflictError
from dynamodb.reads import get_many

Row = TypeVar("Row", Variant, ProductImage)
Colours = dict[str, str]  # #rrggbb by a swatch's key
Pieces = dict[str, int]  # that can be sold, by SKU


class Snapshot(NamedTuple):
    """A product with its category, its variants and pictures by position, colours and stock.

    Read row by row: it is of one version if the product is still at `version` afterwards.
    """

    product: Product
    variants: list[Variant]
    images: list[ProductImage]
    colours: Colours
    pieces: Pieces

    @property
    def version(self) -> int:
        return self.product.version or 0

    @property
    def is_listed(self) -> bool:
        return self.product.is_active and bool(self.variants)


def read_notes(product_id: int) -> tuple[Product | None, ProductContents | None, Publication]:
    """The product, the keys of its rows, and what is published of it: one BatchGetItem."""
    models = (Product, ProductContents, Publication)
    found = get_many({model: [product_id] for model in models})
    product, contents, publication = (found[model].get(product_id) for model in models)
    return product, contents, publication or Publication(product_id=product_id)


def take_snapshot(product: Product, contents: ProductContents) -> Snapshot:
    """A BatchGetItem for each hundred rows, and one for their colours.

    Raises ConflictError where the product has just gone to another category that is gone.
    """
    found = get_many(
        {
            Category: [product.category_id],
            Variant: contents.skus,
            ProductImage: contents.images,
            Stock: contents.skus,
        }
    )
    try:
        product.category = found[Category][product.category_id]
    except KeyError:
        raise ConflictError("The category was deleted meanwhile.") from None
    variants = own(product, found[Variant].values())
    pieces = {sku: stock.available for sku, stock in found[Stock].items()}
    images = own(product, found[ProductImage].values())
    return Snapshot(product, variants, images, read_colours(variants), pieces)


def own(product: Product, rows: Iterable[Row]) -> list[Row]:
    """Those of the product, by position."""
    mine = [row for row in rows if row.product_id == product.pk]
    return sorted(mine, key=lambda row: (row.position, row.pk))


def read_colours(variants: Iterable[Variant]) -> Colours:
    values = options_in_order(variant.options for variant in variants)
    keys = {swatch_key(name, value) for name, known in values.items() for value in known}
    found = get_many({Swatch: keys})[Swatch] if keys else {}
    return {key: swatch.colour for key, swatch in found.items()}


def read_rows(product: Product, model: type[Row]) -> list[Row]:
    """The product's variants, or its pictures, by position, consistently: by the keys that it
    has noted, and no index."""
    contents = ProductContents.objects.filter(pk=product.pk).first()
    if contents is None:
        return []
    keys = contents.skus if model is Variant else contents.images
    found = get_many({model: keys})[model]
    return own(product, found.values())
