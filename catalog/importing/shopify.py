"""Shopify's export of products (`products_export.csv`), in its columns of before and since 2025.

One line a variant, a product's lines together by its handle; lines with a picture alone stand
among them. https://help.shopify.com/en/manual/products/import-export/using-csv
"""

from collections.abc import Iterator, Mapping

from catalog.importing.drafts import (
    ImageDraft,
    LineError,
    ProductDraft,
    Refused,
    VariantDraft,
)
from catalog.importing.foreign import NO, YES, barcode_of, image_at, option_name, stock_of, word
from catalog.importing.lines import Line
from catalog.importing.markup import text_of
from catalog.importing.names import make_sku, slug_of_handle
from catalog.importing.reading import checked, in_groups, read_sku, with_options
from catalog.importing.sheets import Sheet

Columns = Mapping[str, str]

#: This shop's names, those of the columns they come from, before and since 2025.
COLUMNS = {
    "slug": ("Handle", "URL handle"),
    "name": ("Title", "Title"),
    "description": ("Body (HTML)", "Description"),
    "brand": ("Vendor", "Vendor"),
    "category": ("Type", "Type"),
    "taxonomy": ("Product Category", "Product category"),
    "status": ("Status", "Status"),
    "listed": ("Published", "Published on online store"),
    "gift_card": ("Gift Card", "Gift card"),
    "sku": ("Variant SKU", "SKU"),
    "price": ("Variant Price", "Price"),
    "barcode": ("Variant Barcode", "Barcode"),
    "weight_grams": ("Variant Grams", "Weight value (grams)"),
    "stock": ("Variant Inventory Qty", "Inventory quantity"),
    "image": ("Image Src", "Product image URL"),
    "image_alt": ("Image Alt Text", "Image alt text"),
    "variant_image": ("Variant Image", "Variant image URL"),
    "option_name": ("Option{} Name", "Option{} name"),
    "option_value": ("Option{} Value", "Option{} value"),
}
NEEDED = ("slug", "name", "price")
OPTIONS = (1, 2, 3)
NO_OPTION = ("title", "default title")  # how a product without options has one


def find_columns(header: list[str]) -> Columns | None:
    """The columns' names in this file; None if it is none of Shopify's."""
    for age in (0, 1):
        columns = {name: names[age] for name, names in COLUMNS.items()}
        columns |= {"file": columns["image"], "options": columns["option_value"].format(1)}
        if {columns[name] for name in NEEDED} <= set(header):
            return columns
    return None


def read_products(
    sheet: Sheet, columns: Columns, *, currency: str, make_skus: bool
) -> Iterator[ProductDraft | Refused]:
    """The products of the file, priced in `currency`: it names none."""
    sheet.require(columns[name] for name in NEEDED)
    reader = Reader(columns, currency, make_skus)
    for group in in_groups(sheet.lines(), columns["slug"]):
        if isinstance(group, Refused):
            yield group
        else:
            yield checked(group, reader.product)


class Reader:
    def __init__(self, columns: Columns, currency: str, make_skus: bool):
        self.columns, self.currency, self.make_skus = columns, currency, make_skus

    def text(self, line: Line, name: str) -> str:
        return line.text(self.columns[name])

    def product(self, lines: list[Line]) -> ProductDraft:
        first = lines[0]
        if self.text(first, "gift_card").lower() in YES:
            sentence = "Gift cards cannot be sold here."
            raise Refused([LineError(first.number, self.columns["gift_card"], sentence)])
        slug = slug_of_handle(first.required(self.columns["slug"]))
        variants = [line for line in lines if self.is_variant(line)]
        if not variants:
            first.refuse(self.columns["price"], "The product has no line with a price.")
        return ProductDraft(
            line=first.number,
            slug=slug,
            name=first.required(self.columns["name"]),
            description=text_of(self.text(first, "description")),
            brand=self.text(first, "brand"),
            category="",
            category_path=self.category_path(first),
            status=self.status(first),
            attributes={},
            variants=[self.variant(first, line, slug) for line in variants],
            images=self.images(lines),
            columns=self.columns,
            notes=[note for line in lines for note in line.notes],
        )

    def is_variant(self, line: Line) -> bool:
        """Others hold a picture alone."""
        value = self.columns["option_value"].format(1)
        return bool(self.text(line, "price") or self.text(line, "sku") or line.text(value))

    def category_path(self, first: Line) -> tuple[str, ...]:
        """By the shop's own type; where there is none, by the place in Shopify's taxonomy."""
        if own := self.text(first, "category"):
            return (own,)
        return tuple(filter(None, map(str.strip, self.text(first, "taxonomy").split(">"))))

    def status(self, first: Line) -> str:
        """Active is what customers could buy there: active, and in the online store."""
        status = self.text(first, "status").lower() or "active"
        if status in ("draft", "archived"):
            return status
        hidden = self.text(first, "listed").lower() in NO
        return "draft" if hidden or status != "active" else "active"

    def variant(self, first: Line, line: Line, slug: str) -> VariantDraft:
        options = self.options(first, line)
        made = make_sku(slug, options.values()) if self.make_skus else ""
        return VariantDraft(
            line=line.number,
            sku=read_sku(line, self.columns["sku"], made),
            options=options,
            price=line.decimal(self.columns["price"]),
            currency=self.currency,
            barcode=barcode_of(line, self.columns["barcode"]),
            weight_grams=line.rounded(self.columns["weight_grams"]),
            stock=stock_of(line, self.columns["stock"]),
        )

    def options(self, first: Line, line: Line) -> dict[str, str]:
        """Values by name; the names stand in a product's first line."""
        names = (first.text(self.columns["option_name"].format(number)) for number in OPTIONS)
        values = (line.text(self.columns["option_value"].format(number)) for number in OPTIONS)
        return {
            option_name(name): word(value)
            for name, value in zip(names, values, strict=True)
            if name and value and (name.lower(), value.lower()) != NO_OPTION
        }

    def images(self, lines: list[Line]) -> list[ImageDraft]:
        """Each picture once, in the order of the lines; last those of variants alone."""
        images: dict[str, ImageDraft] = {}
        shown: dict[str, list[Mapping[str, str]]] = {}
        for line in lines:
            if address := self.text(line, "image"):
                images.setdefault(address, image_at(line, address, self.text(line, "image_alt")))
        for line in lines:
            if address := self.text(line, "variant_image"):
                images.setdefault(address, image_at(line, address, ""))
                shown.setdefault(address, []).append(self.options(lines[0], line))
        return with_options(images, shown)
