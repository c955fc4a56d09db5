"""Stock moves by conditional updates: no read, no lock, never below zero."""

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from catalog.errors import NotEnoughStock
from catalog.models import Stock
from dynamodb.errors import ConflictError


def open_stock(*, sku: str, available: int) -> Stock:
    """The first stock of a new SKU, in pieces. Raises IntegrityError if it has one."""
    stock = Stock(variant_id=sku, available=available, counted_at=timezone.now())
    stock.save(force_insert=True)
    return stock


def adjust_stock(*, sku: str, delta: int, counted_at: datetime | None) -> None:
    """Add `delta` pieces (a SKU without stock gets its first), or take them away.

    A difference and not a new total: what was sold meanwhile stays sold. `counted_at` is
    when a person had last set it, as whoever adjusts it saw: two who both find thirty do not
    make fifty. Raises ConflictError if somebody has set it since, NotEnoughStock when fewer
    are there than are to go.
    """
    if delta == 0:
        return
    enough = Stock.objects.filter(pk=sku, available__gte=max(0, -delta))
    never = counted_at is None
    seen = enough.filter(counted_at__isnull=True) if never else enough.filter(counted_at=counted_at)
    if seen.update(available=F("available") + delta, counted_at=timezone.now()):
        return
    stock = Stock.objects.filter(pk=sku).first()
    if stock is None and delta > 0:
        open_stock(sku=sku, available=delta)
    elif stock is not None and stock.counted_at != counted_at:
        raise ConflictError("Somebody else has set this stock meanwhile.")
    else:
        raise NotEnoughStock(sku=sku, available=stock.available if stock else 0)


def reserve_stock(*, sku: str, quantity: int) -> bool:
    """Promise `quantity` pieces to an order; False, and nothing done, if there are fewer."""
    enough = Stock.objects.filter(pk=sku, available__gte=quantity)
    moved = enough.update(available=F("available") - quantity, reserved=F("reserved") + quantity)
    return bool(moved)


def release_stock(*, sku: str, quantity: int) -> bool:
    """Give promised pieces back; False, and nothing done, if fewer were promised.

    To be called once for each reservation: in the transaction that ends it.
    """
    promised = Stock.objects.filter(pk=sku, reserved__gte=quantity)
    moved = promised.update(available=F("available") + quantity, reserved=F("reserved") - quantity)
    return bool(moved)


def sell_stock(*, sku: str, quantity: int) -> bool:
    """Let promised pieces leave the shop; False, and nothing done, if fewer were promised."""
    promised = Stock.objects.filter(pk=sku, reserved__gte=quantity)
    return bool(promised.update(reserved=F("reserved") - quantity))


def return_stock(*, sku: str, quantity: int) -> bool:
    """Put pieces back on the shelf; False if the SKU is gone."""
    return bool(Stock.objects.filter(pk=sku).update(available=F("available") + quantity))
