"""From CSV text to drafts. Pure: knows what a cell may hold, nothing of the shop."""

import csv
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from catalog.importing.drafts import (
    CategoryDraft,
    ImageDraft,
    LineError,
    ProductDraft,
    Refused,
    VariantDraft,
)
from catalog.pairs import parse_pairs

CATEGORY_COLUMNS = ("slug", "name", "parent", "position", "description")
PRODUCT_COLUMNS = (
    "product_slug", "name", "description", "brand", "category", "status", "attributes",
    "sku", "options", "price", "currency", "barcode", "weight_grams", "stock",
    "image", "image_alt",
)  # fmt: skip

T = TypeVar("T")


class Line:
    """One line of a file; collects what is wrong with its cells."""

    def __init__(self, number: int, cells: dict[str, Any]):
        self.number = number
        self.cells = cells
        self.errors: list[LineError] = []

    def text(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def required(self, column: str) -> str:
        text = self.text(column)
        if not text:
            self.refuse(column, "This must not be empty.")
        return text

    def whole(self, column: str) -> int:
        """A whole number from 0; empty is 0."""
        text = self.text(column) or "0"
        if text.isascii() and text.isdecimal() and len(text) <= 9:
            return int(text)
        self.refuse(column, f"{text} is not a whole number from 0.")
        return 0

    def decimal(self, column: str) -> Decimal:
        text = self.required(column)
        try:
            number = Decimal(text or "0")
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
        self.refuse(column, f"{text} is not a number such as 12.50.")
        return Decimal(0)

    def pairs(self, column: str) -> dict[str, str]:
        try:
            return parse_pairs(self.text(column))
        except ValidationError as error:
            self.refuse(column, " ".join(error.messages))
            return {}

    def refuse(self, column: str, message: str) -> None:
        self.errors.append(LineError(self.number, column, message))


def read_categories(file: Iterable[str]) -> Iterator[CategoryDraft | Refused]:
    """The categories of a file, or why not, in the order of the file."""
    for line in read_lines(file, CATEGORY_COLUMNS):
        yield checked(line, read_category)


def read_products(file: Iterable[str]) -> Iterator[ProductDraft | Refused]:
    """The products of a file (one line a variant, a product's lines together), or why not."""
    group: list[Line] = []
    for line in read_lines(file, PRODUCT_COLUMNS):
        if group and line.text("product_slug") not in ("", group[0].text("product_slug")):
            yield read_product(group)
            group = []
        group.append(line)
    if group:
        yield read_product(group)


def read_lines(file: Iterable[str], columns: tuple[str, ...]) -> Iterator[Line]:
    reader = csv.DictReader(file)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise Refused([LineError(1, column, "This column is missing.") for column in missing])
    for cells in reader:
        yield Line(reader.line_num, cells)


def checked(line: Line, read: Callable[[Line], T]) -> T | Refused:
    draft = read(line)
    return Refused(line.errors) if line.errors else draft


def read_category(line: Line) -> CategoryDraft:
    return CategoryDraft(
        line=line.number,
        slug=line.required("slug"),
        name=line.required("name"),
        parent=line.text("parent"),
        position=line.whole("position"),
        description=line.text("description"),
    )


def read_product(lines: list[Line]) -> ProductDraft | Refused:
    first = lines[0]
    draft = ProductDraft(
        line=first.number,
        slug=first.required("product_slug"),
        name=first.required("name"),
        description=first.text("description"),
        brand=first.text("brand"),
        category=first.required("category"),
        status=first.text("status") or "draft",
        attributes=first.pairs("attributes"),
        variants=[read_variant(line) for line in lines],
        images=read_images(lines),
    )
    errors = [error for line in lines for error in line.errors]
    return Refused(errors) if errors else draft


def read_variant(line: Line) -> VariantDraft:
    return VariantDraft(
        line=line.number,
        sku=line.required("sku"),
        options=line.pairs("options"),
        price=line.decimal("price"),
        currency=line.required("currency"),
        barcode=line.text("barcode"),
        weight_grams=line.whole("weight_grams"),
        stock=line.whole("stock"),
    )


def read_images(lines: list[Line]) -> list[ImageDraft]:
    """Each picture once, in the order of the lines."""
    images: dict[str, ImageDraft] = {}
    for line in lines:
        if name := line.text("image"):
            images.setdefault(name, ImageDraft(line.number, name, line.text("image_alt")))
    return list(images.values())
