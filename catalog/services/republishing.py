"""Publishing again what a change elsewhere has made out of date: page by page, surely.

A category can hold any number of products, and so can an option's value that gets another colour.
Each page is a message of the outbox: it is forgotten in the transaction that stores the next one,
so the work survives a crash at any moment, and a message that comes twice does nothing twice.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from catalog.events import CategoriesChanged, ProjectionsOutdated, SwatchChanged
from catalog.models import Product, Publication
from catalog.models.product import CATALOGUE as EVERY
from catalog.models.reading import CATALOGUE
from catalog.projections import Projected, count_availability, project_product
from catalog.services.publishing import renew_version
from dynamodb.conflicts import retry_on_conflict
from outbox.events import Delivery, Event
from outbox.services import AT_ONCE, acknowledge, emit

PAGE = 20  # products a message: some seconds of the minute until the outbox sends it again


def request_republishing(*, category_ids: list[int], after: timedelta = AT_ONCE) -> None:
    """Have the products of these categories published again, when so much time is over.

    To be called inside the transaction that changes the categories.
    """
    emit(CategoriesChanged(category_ids), after=after)


def request_republishing_of(*, words: list[str]) -> None:
    """Have the products found by all of these words published again.

    To be called inside the transaction that changes what they show.
    """
    emit(SwatchChanged(words))


def republish_page(*, delivery: Delivery[Event], category_ids: list[int], after: int) -> None:
    """Publish a page of the first category's products, and ask for what is left.

    `delivery` is of the event that asked for this page, `after` the id before it.
    """
    products = Product.objects.filter(category_id=category_ids[0], pk__gt=after).order_by("pk")
    keys = publish_page(products.values_list("pk", flat=True))
    if len(keys) == PAGE:
        left, last = category_ids, keys[-1]
    else:
        left, last = category_ids[1:], 0
    following = CategoriesChanged(left, last) if left else None
    retry_on_conflict(partial(turn_page, delivery=delivery, following=following))


def republish_found(*, delivery: Delivery[Event], words: list[str], after: int) -> None:
    """Publish a page of the products found by these words, and ask for what is left."""
    found = Publication.objects.filter(catalogue=CATALOGUE, pk__gt=after).order_by("pk")
    for word in words:
        found = found.filter(search_text__contains=word)
    keys = publish_page(found.values_list("pk", flat=True))
    following = SwatchChanged(words, keys[-1]) if len(keys) == PAGE else None
    retry_on_conflict(partial(turn_page, delivery=delivery, following=following))


def project_page(*, delivery: Delivery[Event], after: int) -> None:
    """Bring a page of all products up to date where they are behind, and ask for what is left."""
    keys = list(all_products().filter(pk__gt=after).values_list("pk", flat=True)[:PAGE])
    for key in keys:
        if project_product(product_id=key) is Projected.CURRENT:
            count_availability(product_id=key)  # as in `take_change`: this page may be a repeat
    following = ProjectionsOutdated(keys[-1]) if len(keys) == PAGE else None
    retry_on_conflict(partial(turn_page, delivery=delivery, following=following))


def all_products() -> QuerySet[Product]:
    """By id, from the index that has the smallest rows."""
    return Product.objects.filter(catalogue=EVERY).order_by("pk")


def publish_page(products: Any) -> list[int]:
    """Publish the first PAGE of these products again; their ids."""
    keys = list(products[:PAGE])
    for key in keys:
        retry_on_conflict(partial(publish_again, product_id=key))
    return keys


def publish_again(*, product_id: int) -> None:
    """Have customers see what is around a product as it is now; nothing if it is gone.

    No event is told: that of the page is there until all of it is done. A product whose large save
    is not applied yet is left to who applies it.
    """
    with transaction.atomic(savepoint=False):
        product = Product.objects.filter(pk=product_id).first()
        if product is None or product.staged:
            return
        renew_version(product)
    project_product(product_id=product_id)


def turn_page(*, delivery: Delivery[Event], following: Event | None) -> None:
    """Take the event, and tell of the following one, if any; nothing if that has happened."""
    with transaction.atomic(savepoint=False):
        if acknowledge(delivery=delivery) and following is not None:
            emit(following)
