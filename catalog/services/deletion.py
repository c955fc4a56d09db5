"""Deleting a product, with all that is of it."""

from functools import partial

from django.db import transaction

from catalog.models import Product, ProductContents, ProductImage, Variant
from catalog.services.publishing import (
    note_contents,
    renew_version,
    set_status,
    store_contents,
    tell_changed,
)
from dynamodb.conflicts import retry_on_conflict

PART = 40  # variants, each with its stock: a transaction holds 100 writes
LAST_PART = 90  # writes for the rows of a product, beside its own


def delete_product(*, product_id: int) -> None:
    """Delete the product with its variants, stock and pictures; customers see it no more.

    Raises Product.DoesNotExist. One of more rows than a transaction holds is archived first, then
    goes part by part: who dies at it leaves an archived product with fewer variants, to be deleted
    again.

    Rows go by the keys that the product has noted, whatever an index knows yet, and nobody saves
    the product meanwhile: so no variant is added between the look and the commit.
    """
    if retry_on_conflict(partial(delete_at_once, product_id)):
        return
    set_status(product_id=product_id, status=Product.Status.ARCHIVED)
    while not retry_on_conflict(partial(delete_at_once, product_id)):
        retry_on_conflict(partial(delete_part, product_id))


def delete_at_once(product_id: int) -> bool:
    """All of it; False, and nothing, where that is too much for a transaction."""
    with transaction.atomic(savepoint=False):
        product = Product.objects.get(pk=product_id)
        renew_version(product)
        contents = note_contents(product)
        if 2 * len(contents.skus) + len(contents.images) > LAST_PART:
            transaction.set_rollback(True)
            return False
        Variant.objects.filter(pk__in=contents.skus).delete()
        ProductImage.objects.filter(pk__in=contents.images).delete()
        ProductContents.objects.filter(pk=product_id).delete()
        product.delete()
        tell_changed(product_id)
        return True


def delete_part(product_id: int) -> None:
    """Some of its rows; none, but archived once more, where somebody has published it meanwhile."""
    with transaction.atomic(savepoint=False):
        product = Product.objects.get(pk=product_id)
        if product.is_active:
            set_status(product_id=product_id, status=Product.Status.ARCHIVED)
            return
        renew_version(product)
        contents = note_contents(product)
        skus, images = contents.skus[:PART], contents.images[: max(0, PART - len(contents.skus))]
        Variant.objects.filter(pk__in=skus).delete()
        ProductImage.objects.filter(pk__in=images).delete()
        contents.skus = contents.skus[len(skus) :]
        contents.images = contents.images[len(images) :]
        store_contents(contents)
