"""What changes the catalogue."""

from catalog.services.availability import request_counting
from catalog.services.categories import delete_category, save_category
from catalog.services.deletion import delete_product
from catalog.services.movements import allocate, release, sell, take_back
from catalog.services.publishing import (
    bring_up_product,
    check_variants,
    publish_product,
    save_product,
    set_status,
)
from catalog.services.stock import (
    adjust_stock,
    open_stock,
    release_stock,
    reserve_stock,
)
from catalog.services.swatches import delete_swatch, save_swatch

__all__ = [
    "adjust_stock",
    "allocate",
    "bring_up_product",
    "check_variants",
    "delete_category",
    "delete_product",
    "delete_swatch",
    "open_stock",
    "publish_product",
    "release",
    "release_stock",
    "request_counting",
    "reserve_stock",
    "save_category",
    "save_product",
    "save_swatch",
    "sell",
    "set_status",
    "take_back",
]
