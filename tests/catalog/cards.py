"""What cards say of the stock, and what moves it, for tests."""

from typing import Any

from django.conf import settings
from django.db import transaction

from catalog.models import Listing, Product, Publication
from catalog.services import (
    release_stock,
    request_counting,
    reserve_stock,
)
from outbox.models import OutboxMessage


def fresh(product: Product) -> Product:
    return Product.objects.get(pk=product.pk)


def words(product: Product) -> set[str]:
    """What the product and its cards say; they always say the same."""
    cards = [listing.card for listing in Listing.objects.filter(position=product.pk)]
    return {card["availability"] for card in [card_of(product), *cards]}


def card_of(product: Product) -> Any:
    return Publication.objects.get(pk=product.pk).card


def messages() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(queue=settings.QUEUES["catalog"]))


def sell(sku: str, quantity: int) -> None:
    """As the order's way does."""
    with transaction.atomic():
        assert reserve_stock(sku=sku, quantity=quantity)
        request_counting(moved={sku: -quantity})


def give_back(sku: str, quantity: int) -> None:
    with transaction.atomic():
        assert release_stock(sku=sku, quantity=quantity)
        request_counting(moved={sku: quantity})
