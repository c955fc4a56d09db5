"""The catalogue for catalog managers."""

from catalog.admin.categories import CategoryAdmin
from catalog.admin.products import ProductAdmin
from catalog.admin.swatches import SwatchAdmin

__all__ = ["CategoryAdmin", "ProductAdmin", "SwatchAdmin"]
