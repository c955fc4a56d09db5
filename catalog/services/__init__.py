"""What changes the catalogue."""

from catalog.services.categories import delete_category, save_category
from catalog.services.publishing import (
    check_variants,
    delete_product,
    publish_product,
    set_status,
)
from catalog.services.stock import (
    adjust_stock,
    open_stock,
    release_stock,
    reserve_stock,
)

__all__ = [
    "adjust_stock",
    "check_variants",
    "delete_category",
    "delete_product",
    "open_stock",
    "publish_product",
    "release_stock",
    "reserve_stock",
    "save_category",
    "set_status",
]
