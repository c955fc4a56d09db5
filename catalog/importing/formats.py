"""Whose columns a file of products has, told by its header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from catalog.importing import reading, shopify, woocommerce
from catalog.importing.choices import Choices
from catalog.importing.drafts import LineError, ProductDraft, Refused
from catalog.importing.sheets import Sheet

UNKNOWN = (
    "These columns are not this shop's (product_slug, name, …), nor those of Shopify's export "
    "(Handle, Title, …) or of WooCommerce's in English (ID, Type, SKU, Name, …)."
)


@dataclass(frozen=True)
class Source:
    """Whose columns, the products read from them, and what is to be said of the header."""

    name: str
    drafts: Iterator[ProductDraft | Refused]
    notes: Sequence[LineError] = ()


def recognise(sheet: Sheet, choices: Choices) -> Source:
    """Raises Refused for a header that is nobody's."""
    currency, make_skus = settings.SHOP_CURRENCY, choices.make_skus
    columns = shopify.find_columns(sheet.header)
    if "product_slug" in sheet.header:
        drafts = reading.read_products(sheet, make_skus=make_skus)
        notes = reading.left_out(sheet, reading.PRODUCT_COLUMNS)
        return Source("this shop's columns", drafts, notes)
    if columns is not None:
        drafts = shopify.read_products(sheet, columns, currency=currency, make_skus=make_skus)
        return Source(f"Shopify's export, priced in {currency}", drafts)
    if woocommerce.is_woocommerce(sheet.header):
        drafts = woocommerce.read_products(sheet, currency=currency, make_skus=make_skus)
        return Source(f"WooCommerce's export, priced in {currency}", drafts)
    raise Refused([LineError(1, "", UNKNOWN)])
