"""From this shop's own columns to drafts. Pure: knows what a cell may hold, nothing of the shop."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from catalog.importing.drafts import (
    CategoryDraft,
    ImageDraft,
    LineError,
    ProductDraft,
    Refused,
    SwatchDraft,
    VariantDraft,
)
from catalog.importing.lines import Line
from catalog.importing.names import LONGEST_SLUG, fit_sku, make_sku, shorten
from catalog.importing.sheets import Sheet
from catalog.languages import FIELDS, other_languages
from catalog.rules import shared_options

CATEGORY_COLUMNS = ("slug", "name", "parent", "position", "description")
SWATCH_COLUMNS = ("option", "value", "colour")
PRODUCT_COLUMNS = (
    "product_slug", "name", "description", "brand", "category", "status", "attributes",
    "sku", "options", "price", "currency", "barcode", "weight_grams", "stock",
    "image", "image_alt",
)  # fmt: skip

#: Of a text in another language than the shop's first: these may be missing.
TEXT_COLUMN = re.compile(rf"({'|'.join(FIELDS)})_([a-z]{{2,3}})")

Draft = TypeVar("Draft", CategoryDraft, ProductDraft, SwatchDraft)


def read_categories(sheet: Sheet) -> Iterator[CategoryDraft | Refused]:
    """The categories of a file, or why not, in the order of the file."""
    sheet.require(CATEGORY_COLUMNS)
    for line in sheet.lines():
        yield line if isinstance(line, Refused) else checked([line], read_category)


def left_out(sheet: Sheet, columns: Iterable[str]) -> list[LineError]:
    """Of the header: columns that are none of these, nor texts in the shop's other languages."""
    notes = []
    for column in sheet.header:
        text = TEXT_COLUMN.fullmatch(column)
        if text and text[2] not in other_languages():
            known = ", ".join(other_languages()) or "none"
            sentence = f"It is left out: the shop's other languages are {known}."
            notes.append(LineError(1, column, sentence))
        elif column and not text and column not in columns:
            notes.append(LineError(1, column, "It is left out: there is no such column here."))
    return notes


def read_swatches(sheet: Sheet) -> Iterator[SwatchDraft | Refused]:
    """The colours of options' values in a file, or why not."""
    sheet.require(SWATCH_COLUMNS)
    for line in sheet.lines():
        yield line if isinstance(line, Refused) else checked([line], read_swatch)


def read_products(sheet: Sheet, *, make_skus: bool) -> Iterator[ProductDraft | Refused]:
    """The products of a file (one line a variant, a product's lines together), or why not."""
    sheet.require(PRODUCT_COLUMNS)
    for group in in_groups(sheet.lines(), "product_slug"):
        if isinstance(group, Refused):
            yield group
        else:
            yield checked(group, partial(read_product, make_skus=make_skus))


def in_groups(lines: Iterable[Line | Refused], column: str) -> Iterator[list[Line] | Refused]:
    """Lines that follow each other with the same in a column, or with nothing in it."""
    group: list[Line] = []
    for line in lines:
        if isinstance(line, Refused):
            yield line
            continue
        if group and line.text(column) not in ("", group[0].text(column)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def checked(lines: list[Line], read: Callable[[list[Line]], Draft]) -> Draft | Refused:
    """What the lines say, with all that is wrong with their cells.

    Lines that are wrong as such are not read: their cells may be in other columns.
    """
    errors = [error for line in lines for error in line.errors]
    if errors:
        return Refused(errors)
    try:
        draft = read(lines)
    except Refused as refused:
        return refused
    draft.errors.extend(error for line in lines for error in line.errors)
    return draft


def read_category(lines: list[Line]) -> CategoryDraft:
    (line,) = lines
    return CategoryDraft(
        line=line.number,
        slug=line.required("slug"),
        name=line.required("name"),
        parent=line.text("parent"),
        position=line.whole("position"),
        description=line.text("description"),
        texts=read_texts(line),
    )


def read_swatch(lines: list[Line]) -> SwatchDraft:
    (line,) = lines
    option, value, colour = (line.required(column) for column in SWATCH_COLUMNS)
    return SwatchDraft(line.number, option, value, colour.lower())


def read_product(lines: list[Line], *, make_skus: bool) -> ProductDraft:
    first = lines[0]
    slug = shorten(first.required("product_slug"), LONGEST_SLUG)
    draft = ProductDraft(
        line=first.number,
        slug=slug,
        name=first.required("name"),
        description=first.text("description"),
        brand=first.text("brand"),
        category=first.text("category"),
        status=first.text("status") or "draft",
        attributes=first.pairs("attributes"),
        texts=read_texts(first),
        variants=[read_variant(line, slug, make_skus) for line in lines],
        columns={"slug": "product_slug", "file": "image"},
        notes=[note for line in lines for note in line.notes],
    )
    draft.images = read_images(lines, draft.variants)
    return draft


def read_texts(line: Line) -> dict[str, dict[str, str]]:
    """By language and field, of the columns that there are: an empty cell is no text."""
    return {
        language: {
            field: line.text(column)
            for field in FIELDS
            if (column := f"{field}_{language}") in line.cells
        }
        for language in other_languages()
    }


def read_variant(line: Line, slug: str, make_skus: bool) -> VariantDraft:
    options = line.pairs("options")
    return VariantDraft(
        line=line.number,
        sku=read_sku(line, "sku", make_sku(slug, options.values()) if make_skus else ""),
        options=options,
        price=line.decimal("price"),
        currency=line.required("currency"),
        barcode=line.text("barcode"),
        weight_grams=line.whole("weight_grams"),
        stock=line.whole("stock"),
    )


def read_sku(line: Line, column: str, made: str) -> str:
    """The SKU, or the one that was made for the case that there is none.

    Where SKUs may be made, one that cannot be a SKU here is made one, and that is told.
    """
    sku = line.text(column) or made
    if not sku:
        line.refuse(column, "This must not be empty; or let --make-skus make one.")
    if not made or sku == (fitting := fit_sku(sku)):
        return sku
    line.note(column, f"{sku} cannot be a SKU here: it is {fitting}.")
    return fitting


def read_images(lines: list[Line], variants: list[VariantDraft]) -> list[ImageDraft]:
    """Each picture once, in the order of the lines; it shows the variants of its lines."""
    images: dict[str, ImageDraft] = {}
    shown: dict[str, list[Mapping[str, str]]] = {}
    for line, variant in zip(lines, variants, strict=True):
        if name := line.text("image"):
            images.setdefault(name, ImageDraft(line.number, name, line.text("image_alt")))
            shown.setdefault(name, []).append(variant.options)
    return with_options(images, shown)


def with_options(
    images: Mapping[str, ImageDraft], shown: Mapping[str, Iterable[Mapping[str, str]]]
) -> list[ImageDraft]:
    """The pictures; those `shown` for variants with what the options of these have in common."""
    return [
        replace(image, options=shared_options(shown[name])) if name in shown else image
        for name, image in images.items()
    ]
