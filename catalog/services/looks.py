"""The looks of pictures that were stored before pictures had any."""

from collections.abc import Iterator
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.models import Product, ProductImage
from catalog.models.product import CATALOGUE, LOOK
from catalog.pictures import Look, read_look, rendition_name
from catalog.projections import read_rows
from catalog.services.publishing import publish_product
from dynamodb.conflicts import retry_on_conflict

PAGE = 100  # products that are read at once


def products_with_pictures() -> Iterator[tuple[Product, list[ProductImage]]]:
    """All products by id, each with the published pictures that have no look yet."""
    after, products = 0, Product.objects.filter(catalogue=CATALOGUE).order_by("pk")
    while keys := list(products.filter(pk__gt=after).values_list("pk", flat=True)[:PAGE]):
        for row in Product.objects.in_bulk(keys).values():
            yield row, [image for image in read_rows(row, ProductImage) if image.width is None]
        after = keys[-1]


def make_looks(*, product: Product, images: list[ProductImage]) -> list[str]:
    """Store the renditions of these pictures, then publish the product with them.

    One picture is in memory at a time. Returns what is wrong with those that cannot be read: the
    others are done.
    """
    wrong: list[str] = []
    seen: list[ProductImage] = []
    for image in images:
        try:
            with image.file.open() as stored:
                look = read_look(stored)
        except (OSError, ValidationError) as error:
            reason = error.messages[0] if isinstance(error, ValidationError) else str(error)
            wrong.append(f"{image.file.name} of {product.slug}: {reason}")
            continue
        image.take_look(look)
        image.store_renditions(look._replace(renditions=not_yet_stored(image, look)))
        seen.append(image)
    if seen:
        retry_on_conflict(partial(write_looks, product, seen))
    return wrong


def not_yet_stored(image: ProductImage, look: Look) -> dict[int, bytes]:
    """The renditions, but for those of a run that was stopped: the same, under names that are
    taken once."""
    exists, name = image.file.storage.exists, str(image.file.name)
    return {
        width: content
        for width, content in look.renditions.items()
        if not exists(rendition_name(name, width))
    }


def write_looks(product: Product, images: list[ProductImage]) -> None:
    with transaction.atomic(savepoint=False):
        for image in images:
            same = ProductImage.objects.filter(pk=image.pk, file=image.file.name)
            same.update(**{name: getattr(image, name) for name in LOOK})
        stored = Product.objects.filter(pk=product.pk).first()
        if stored is not None:
            publish_product(product=stored)
