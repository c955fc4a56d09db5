"""What a list says of a product's stock: in stock, few left, sold out.

It stands on the card, because a list is one Query. Whoever moves stock stores a message with the
move, wherever the word can have changed; its consumer counts anew and writes the card if it says
otherwise. So a crash at any moment leaves the message, and one that comes twice or late finds the
card right. Of two who count at once none can write what is no longer so: see
`publishing.hold_availability`.
"""

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from catalog.events import StockMoved
from catalog.models import Product, Stock, Variant
from catalog.rules import may_change_availability
from catalog.services.publishing import hold_availability, published_as_noted, write_listings
from catalog.signals import tell_published
from dynamodb.conflicts import retry_on_conflict
from dynamodb.reads import get_many
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit


def request_counting(*, moved: Mapping[str, int]) -> None:
    """Have the cards say what is left, where that can have changed.

    To be called inside the transaction that moved so many pieces of these SKUs (negative: taken
    away), after it: their stock is known there, and read no more.
    """
    stock = get_many({Stock: moved})[Stock]
    skus = [
        sku
        for sku, row in stock.items()
        if may_change_availability(row.available - moved[sku], row.available)
    ]
    if skus:
        emit(StockMoved(skus))


def count_again(*, delivery: Delivery[Event], skus: list[str]) -> None:
    """Have the cards of these SKUs' products say what is left of them now.

    `delivery` is of the event that asked for it.
    """
    variants = Variant.objects.in_bulk(skus).values()
    for key in sorted({variant.product_id for variant in variants}):
        retry_on_conflict(partial(refresh_card, product_id=key))
    retry_on_conflict(partial(acknowledge, delivery=delivery))


def refresh_card(*, product_id: int) -> None:
    """Write the product's card if it is out of date; nothing for one that has none."""
    with transaction.atomic(savepoint=False):
        product = Product.objects.select_for_update().filter(pk=product_id).first()
        if product is None or not product.published:
            return
        availability = hold_availability(product, product.published["skus"])
        card = {**product.card, "availability": availability}
        if card == product.card:
            return
        with published_as_noted():
            write_listings(product, card, product.published["shelves"])
        product.card = card
        product.save(update_fields=["card"])
        tell_published(product.published)
