"""Publishing again what a change elsewhere has made out of date: page by page, surely.

A category can hold any number of products, and so can an option's value that gets another colour.
Each page is a message of the outbox: it is forgotten in the transaction that stores the next one,
so the work survives a crash at any moment, and a message that comes twice does nothing twice.
"""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from catalog.models import Product
from catalog.models.product import CATALOGUE
from catalog.services.publishing import publish_product
from dynamodb.conflicts import retry_on_conflict
from outbox.services import acknowledge_message, enqueue_message

PAGE = 20  # products a message: some seconds of a consumer's thirty


def request_republishing(*, category_ids: list[int], after: int = 0) -> None:
    """Have the products of these categories published again, of the first from `after` on.

    To be called inside the transaction that changes the categories.
    """
    request_page({"categories": category_ids, "after": after})


def request_republishing_of(*, words: list[str], after: int = 0) -> None:
    """Have the products found by all of these words published again, from `after` on.

    To be called inside the transaction that changes what they show.
    """
    request_page({"words": words, "after": after})


def request_page(body: dict[str, Any]) -> None:
    enqueue_message(queue=settings.CATALOG_QUEUE, body=body)


def republish_page(*, message: int, category_ids: list[int], after: int) -> None:
    """Publish a page of the first category's products, and ask for what is left.

    `message` is the outbox entry that asked for this page, `after` the id before it.
    """
    keys = publish_page(Product.objects.filter(category_id=category_ids[0]), after)
    if len(keys) == PAGE:
        left, last = category_ids, keys[-1]
    else:
        left, last = category_ids[1:], 0
    following = {"categories": left, "after": last} if left else None
    retry_on_conflict(partial(turn_page, message=message, following=following))


def republish_found(*, message: int, words: list[str], after: int) -> None:
    """Publish a page of the products found by these words, and ask for what is left."""
    found = Product.objects.filter(catalogue=CATALOGUE)
    for word in words:
        found = found.filter(search_text__contains=word)
    keys = publish_page(found, after)
    following = {"words": words, "after": keys[-1]} if len(keys) == PAGE else None
    retry_on_conflict(partial(turn_page, message=message, following=following))


def publish_page(products: QuerySet[Product], after: int) -> list[int]:
    """Publish the first PAGE of these products after an id; the ids."""
    page = products.filter(pk__gt=after).order_by("pk")
    keys = list(page.values_list("pk", flat=True)[:PAGE])
    for key in keys:
        retry_on_conflict(partial(publish_again, product_id=key))
    return keys


def publish_again(*, product_id: int) -> None:
    """Publish a product as it is now; nothing if it is gone."""
    with transaction.atomic(savepoint=False):
        product = Product.objects.filter(pk=product_id).first()
        if product is not None:
            publish_product(product=product)


def turn_page(*, message: int, following: dict[str, Any] | None) -> None:
    """Exchange the message for the following one, if any; nothing if that has happened."""
    with transaction.atomic(savepoint=False):
        if acknowledge_message(message_id=message) and following is not None:
            request_page(following)
