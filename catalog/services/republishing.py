"""Publishing again what a change elsewhere has made out of date: page by page, surely.

A category can hold any number of products, and so can an option's value that gets another colour.
Each page is a message of the outbox: it is forgotten in the transaction that stores the next one,
so the work survives a crash at any moment, and a message that comes twice does nothing twice.
"""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from catalog.events import CategoriesChanged, SwatchChanged
from catalog.models import Product
from catalog.models.product import CATALOGUE
from catalog.services.publishing import publish_product
from dynamodb.conflicts import retry_on_conflict
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit

PAGE = 20  # products a message: some seconds of the minute until the outbox sends it again


def request_republishing(*, category_ids: list[int]) -> None:
    """Have the products of these categories published again.

    To be called inside the transaction that changes the categories.
    """
    emit(CategoriesChanged(category_ids))


def request_republishing_of(*, words: list[str]) -> None:
    """Have the products found by all of these words published again.

    To be called inside the transaction that changes what they show.
    """
    emit(SwatchChanged(words))


def republish_page(*, delivery: Delivery[Event], category_ids: list[int], after: int) -> None:
    """Publish a page of the first category's products, and ask for what is left.

    `delivery` is of the event that asked for this page, `after` the id before it.
    """
    keys = publish_page(Product.objects.filter(category_id=category_ids[0]), after)
    if len(keys) == PAGE:
        left, last = category_ids, keys[-1]
    else:
        left, last = category_ids[1:], 0
    following = CategoriesChanged(left, last) if left else None
    retry_on_conflict(partial(turn_page, delivery=delivery, following=following))


def republish_found(*, delivery: Delivery[Event], words: list[str], after: int) -> None:
    """Publish a page of the products found by these words, and ask for what is left."""
    found = Product.objects.filter(catalogue=CATALOGUE)
    for word in words:
        found = found.filter(search_text__contains=word)
    keys = publish_page(found, after)
    following = SwatchChanged(words, keys[-1]) if len(keys) == PAGE else None
    retry_on_conflict(partial(turn_page, delivery=delivery, following=following))


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


def turn_page(*, delivery: Delivery[Event], following: Event | None) -> None:
    """Take the event, and tell of the following one, if any; nothing if that has happened."""
    with transaction.atomic(savepoint=False):
        if acknowledge(delivery=delivery) and following is not None:
            emit(following)
