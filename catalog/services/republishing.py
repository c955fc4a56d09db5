"""Listing the products of changed categories anew: page by page, surely.

A category can hold any number of products. Each page is a message of the outbox: it is
forgotten in the transaction that stores the next one, so the work survives a crash at
any moment, and a message that comes twice does nothing twice.
"""

from functools import partial

from django.conf import settings
from django.db import transaction

from catalog.models import Product
from catalog.services.publishing import publish_product
from dynamodb.conflicts import retry_on_conflict
from outbox.services import acknowledge_message, enqueue_message

PAGE = 20  # products a message: some seconds of a consumer's thirty


def request_republishing(*, category_ids: list[int], after: int = 0) -> None:
    """Have the products of these categories published again, of the first from `after` on.

    To be called inside the transaction that changes the categories.
    """
    body = {"categories": category_ids, "after": after}
    enqueue_message(queue=settings.CATALOG_QUEUE, body=body)


def republish_page(*, message: int, category_ids: list[int], after: int) -> None:
    """Publish a page of the first category's products, and ask for what is left.

    `message` is the outbox entry that asked for this page, `after` the id before it.
    """
    products = Product.objects.filter(category_id=category_ids[0], pk__gt=after).order_by("pk")
    keys = list(products.values_list("pk", flat=True)[:PAGE])
    for key in keys:
        retry_on_conflict(partial(publish_again, product_id=key))
    if len(keys) == PAGE:
        left, last = category_ids, keys[-1]
    else:
        left, last = category_ids[1:], 0
    retry_on_conflict(partial(turn_page, message=message, category_ids=left, after=last))


def publish_again(*, product_id: int) -> None:
    """Publish a product as it is now; nothing if it is gone."""
    with transaction.atomic(savepoint=False):
        product = Product.objects.filter(pk=product_id).first()
        if product is not None:
            publish_product(product=product)


def turn_page(*, message: int, category_ids: list[int], after: int) -> None:
    """Exchange the message for the next one, if any; nothing if that has happened."""
    with transaction.atomic(savepoint=False):
        if acknowledge_message(message_id=message) and category_ids:
            request_republishing(category_ids=category_ids, after=after)
