"""Having lists say what is left of a product: who asks for it, and who does it.

How it is done, and what of two at once, is in `catalog.projections.availability`.
"""

from collections.abc import Mapping
from functools import partial

from catalog.events import StockMoved
from catalog.models import Stock, Variant
from catalog.projections import count_availability
from catalog.rules import may_change_availability
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
        count_availability(product_id=key)
    retry_on_conflict(partial(acknowledge, delivery=delivery))
