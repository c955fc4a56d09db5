"""Stock that moves by documents: an order's pieces together, with a line in the ledger.

Called inside the transaction that moves the document itself on, so that both happen or neither.
`number` counts the document's movements: the same one is never made twice.
"""

import logging
from collections.abc import Callable, Mapping

from django.utils import timezone

from catalog.errors import NotEnoughStock
from catalog.models import Stock, StockMovement
from catalog.services.availability import request_counting
from catalog.services.stock import release_stock, reserve_stock, return_stock, sell_stock
from dynamodb.duplicates import deferred_duplicates
from dynamodb.reads import get_many

logger = logging.getLogger(__name__)

Kind = StockMovement.Kind
Lines = Mapping[str, int]  # pieces by SKU


def allocate(*, document: str, number: int, lines: Lines) -> None:
    """Promise the pieces to the document. Raises NotEnoughStock, and then nothing may commit."""
    for sku, quantity in lines.items():
        if not reserve_stock(sku=sku, quantity=quantity):
            raise NotEnoughStock(sku=sku, available=0)
    record(document, number, Kind.ALLOCATION, lines)
    request_counting(moved={sku: -quantity for sku, quantity in lines.items()})


def release(*, document: str, number: int, lines: Lines) -> None:
    """Give promised pieces back. What is not there to be given back is an error in the log."""
    moved = move(document, lines, release_stock)
    record(document, number, Kind.RELEASE, moved)
    request_counting(moved=moved)


def sell(*, document: str, number: int, lines: Lines) -> None:
    """Let promised pieces leave with a parcel."""
    record(document, number, Kind.SALE, move(document, lines, sell_stock))


def take_back(*, document: str, number: int, lines: Lines) -> None:
    """Put returned pieces back on the shelf."""
    moved = move(document, lines, return_stock)
    record(document, number, Kind.RETURN, moved)
    request_counting(moved=moved)


def move(document: str, lines: Lines, by: Callable[..., bool]) -> dict[str, int]:
    """Move each line; those that could be."""
    get_many({Stock: lines})  # in one call, and not row by row
    moved = {}
    for sku, quantity in lines.items():
        if by(sku=sku, quantity=quantity):
            moved[sku] = quantity
        else:
            logger.error("%s had not reserved its %s of %s", document, quantity, sku)
    return moved


def record(document: str, number: int, kind: Kind, lines: Lines) -> None:
    if lines:
        with deferred_duplicates():  # whose state is moved in the same transaction
            StockMovement.objects.create(
                document=document, number=number, kind=kind, lines=dict(lines), at=timezone.now()
            )
