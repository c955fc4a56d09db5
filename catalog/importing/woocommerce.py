"""WooCommerce's own export of products, in English.

A line for each product, and one for each variation of a variable product, anywhere in the file:
it names its parent by SKU or by `id:` and a number.
https://github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema
"""

import html
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from catalog.importing.drafts import ImageDraft, LineError, ProductDraft, Refused, VariantDraft
from catalog.importing.foreign import barcode_of, image_at, option_name, stock_of, word
from catalog.importing.lines import Line
from catalog.importing.markup import text_of
from catalog.importing.names import LONGEST_SLUG, make_sku, shorten, slug_of_name
from catalog.importing.reading import checked, read_sku, with_options
from catalog.importing.sheets import Sheet

NEEDED = ("ID", "Type", "SKU", "Name", "Regular price")
COLUMNS = {
    "slug": "Name", "name": "Name", "description": "Description", "brand": "Brands",
    "category": "Categories", "status": "Published", "attributes": "Attribute 1 value(s)",
    "sku": "SKU", "options": "Attribute 1 value(s)", "price": "Regular price",
    "barcode": "GTIN, UPC, EAN, or ISBN", "stock": "Stock", "image": "Images", "file": "Images",
}  # fmt: skip
WEIGHTS = {
    "Weight (kg)": Decimal(1000),
    "Weight (g)": Decimal(1),
    "Weight (lbs)": Decimal("453.59237"),
    "Weight (oz)": Decimal("28.349523125"),
}
SIMPLE, VARIABLE, VARIATION = "simple", "variable", "variation"
ESCAPED = re.compile(r"'(?=[=+@\t\r-])")  # against formulas in spreadsheets
COMMA = re.compile(r"(?<!\\),")
CENTS = re.compile(r"\d+,\d{1,2}", re.ASCII)  # as it writes prices where commas are decimal
NO_CATEGORY = "Uncategorized"


def is_woocommerce(header: list[str]) -> bool:
    return set(NEEDED) <= set(header)


def read_products(
    sheet: Sheet, *, currency: str, make_skus: bool
) -> Iterator[ProductDraft | Refused]:
    """The products of the file, priced in `currency`: it names none."""
    sheet.require(NEEDED)
    lines: list[Line] = []
    for line in sheet.lines():
        if isinstance(line, Refused):
            yield line
        else:
            lines.append(unescaped(line))
    yield from Export(lines, currency, make_skus).products()


def unescaped(line: Line) -> Line:
    line.cells = {
        name: cell[1:] if ESCAPED.match(cell) else cell for name, cell in line.cells.items()
    }
    return line


def kind_of(line: Line) -> str:
    """The first of its types: the others say that nothing is shipped."""
    return line.text("Type").split(",")[0].strip().lower()


class Export:
    """A whole file: variations may stand before their product."""

    def __init__(self, lines: list[Line], currency: str, make_skus: bool):
        self.lines, self.currency, self.make_skus = lines, currency, make_skus
        self.slugs: set[str] = set()
        self.parents = {
            name: line
            for line in lines
            if kind_of(line) == VARIABLE
            for name in (f"id:{line.text('ID')}", line.text("SKU"))
            if name
        }
        self.variations: dict[int, list[Line]] = {}
        for line in lines:
            parent = self.parents.get(line.text("Parent"))
            if kind_of(line) == VARIATION and parent is not None:
                self.variations.setdefault(parent.number, []).append(line)

    def products(self) -> Iterator[ProductDraft | Refused]:
        for line in self.lines:
            kind = kind_of(line)
            if kind == SIMPLE:
                yield checked([line], self.simple)
            elif kind == VARIABLE:
                variations = self.variations.get(line.number, [])
                yield checked([line, *variations], self.variable)
            elif kind != VARIATION:
                sentence = f"A product of the type {kind or '(none)'} cannot be sold here."
                yield Refused([*line.errors, LineError(line.number, "Type", sentence)])
            elif line.text("Parent") not in self.parents:
                sentence = f"There is no variable product {line.text('Parent')} in the file."
                yield Refused([*line.errors, LineError(line.number, "Parent", sentence)])

    def simple(self, lines: list[Line]) -> ProductDraft:
        (line,) = lines
        return self.product(line, [(line, {})], options_of(line))

    def variable(self, lines: list[Line]) -> ProductDraft:
        parent, *variations = lines
        sold = [line for line in variations if is_published(line)]
        for line in variations:
            if line not in sold:
                line.note("Published", "A variation that is not sold there is left out.")
        if not sold:
            parent.refuse("Type", "The product has no variation.")
        options = [(line, options_of(line)) for line in sold]
        chosen = {name for _line, values in options for name in values}
        told = {name: text for name, text in options_of(parent).items() if name not in chosen}
        draft = self.product(parent, options, told)
        draft.notes += [note for line in variations if line not in sold for note in line.notes]
        return draft

    def product(
        self, line: Line, variants: list[tuple[Line, dict[str, str]]], attributes: dict[str, str]
    ) -> ProductDraft:
        name = html.unescape(line.required("Name"))
        slug = self.slug(line, name)
        drafts = [self.variant(each, line, options, slug) for each, options in variants]
        lines = [line, *(each for each, _options in variants if each is not line)]
        return ProductDraft(
            line=line.number,
            slug=slug,
            name=name,
            description=description_of(line),
            brand=values_in(line.text("Brands"))[0] if line.text("Brands") else "",
            category="",
            category_path=category_path(line),
            status="active" if is_published(line) else "draft",
            attributes=attributes,
            variants=drafts,
            images=images_of(lines),
            columns={**COLUMNS, "weight_grams": weight_column(line)},
            notes=[note for each in lines for note in each.notes],
        )

    def slug(self, line: Line, name: str) -> str:
        """Of the name; where another product of the file has that, with its number there."""
        slug = slug_of_name(name)
        if slug in self.slugs:
            slug = shorten(f"{slug}-{line.text('ID')}", LONGEST_SLUG)
        self.slugs.add(slug)
        return slug

    def variant(self, line: Line, parent: Line, options: dict[str, str], slug: str) -> VariantDraft:
        made = make_sku(slug, options.values()) if self.make_skus else ""
        if line.text("Sale price"):
            line.note("Sale price", "It is left out: the regular price counts.")
        if CENTS.fullmatch(line.text("Regular price")):
            line.cells["Regular price"] = line.text("Regular price").replace(",", ".")
        return VariantDraft(
            line=line.number,
            sku=read_sku(line, "SKU", made),
            options=options,
            price=line.decimal("Regular price"),
            currency=self.currency,
            barcode=barcode_of(line, "GTIN, UPC, EAN, or ISBN"),
            weight_grams=weight_of(line) or weight_of(parent),
            stock=stock_of(line, "Stock", sold_out=line.text("In stock?") == "0"),
        )


def is_published(line: Line) -> bool:
    """1; others are drafts (-1) or private (0)."""
    return line.text("Published") in ("1", "")


def weight_column(line: Line) -> str:
    return next((column for column in WEIGHTS if column in line.cells), "Weight (kg)")


def weight_of(line: Line) -> int:
    """In grams."""
    column = weight_column(line)
    return line.rounded(column, WEIGHTS[column])


def values_in(text: str) -> list[str]:
    """What commas separate; one that belongs to a value has a backslash."""
    parts = (part.strip().replace("\\,", ",") for part in COMMA.split(text))
    return [html.unescape(part) for part in parts if part]


def options_of(line: Line) -> dict[str, str]:
    """The attributes by name, several values with commas."""
    options: dict[str, str] = {}
    number = 1
    while f"Attribute {number} name" in line.cells:
        name = line.text(f"Attribute {number} name")
        values = values_in(line.text(f"Attribute {number} value(s)"))
        if name and values:
            options[option_name(html.unescape(name))] = word(", ".join(values))
        number += 1
    return options


def category_path(line: Line) -> tuple[str, ...]:
    """Of several the one that lies deepest, the first of them."""
    paths = [tuple(map(str.strip, text.split(">"))) for text in values_in(line.text("Categories"))]
    known = [path for path in paths if path != (NO_CATEGORY,)]
    deepest = max(known, key=len, default=())
    if any(path != deepest[: len(path)] for path in known):
        line.note("Categories", "A product lies in one category: the deepest was taken.")
    return deepest


def description_of(line: Line) -> str:
    text = line.text("Description") or line.text("Short description")
    # Lines end in a backslash and an n, as the export writes them.
    return text_of(re.sub(r"(?<!\\)\\n", "\n", text).replace("\\\\n", "\\n"))


def images_of(lines: list[Line]) -> list[ImageDraft]:
    """Each picture once: the product's, then the variations', which show these."""
    images: dict[str, ImageDraft] = {}
    shown: dict[str, list[Mapping[str, str]]] = {}
    for line in lines:
        for address in values_in(line.text("Images")):
            images.setdefault(address, image_at(line, address, ""))
            if kind_of(line) == VARIATION:
                shown.setdefault(address, []).append(options_of(line))
    return with_options(images, shown)
