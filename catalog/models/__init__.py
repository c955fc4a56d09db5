"""The catalogue's tables: what managers edit, and what customers read."""

from catalog.models.category import Category
from catalog.models.contents import ProductContents, StagedRows
from catalog.models.movement import StockMovement
from catalog.models.product import Product, ProductImage, Variant, image_path
from catalog.models.reading import Listing, PagePart, ProductPage, Publication
from catalog.models.stock import Stock
from catalog.models.swatch import Swatch, swatch_key

__all__ = [
    "Category",
    "Listing",
    "PagePart",
    "Product",
    "ProductContents",
    "ProductImage",
    "ProductPage",
    "Publication",
    "StagedRows",
    "Stock",
    "StockMovement",
    "Swatch",
    "Variant",
    "image_path",
    "swatch_key",
]
