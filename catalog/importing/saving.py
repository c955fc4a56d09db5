"""From drafts to rows: the same checks as in the admin, and nothing written twice."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model

from catalog.importing.choices import Choices
from catalog.importing.drafts import (
    CategoryDraft,
    ImageDraft,
    LineError,
    Mistakes,
    ProductDraft,
    Refused,
    SwatchDraft,
    VariantDraft,
)
from catalog.importing.filing import Filing
from catalog.importing.together import contradictions
from catalog.languages import merge_texts
from catalog.models import Category, Product, ProductImage, Swatch, Variant, swatch_key
from catalog.models.product import MAX_IMAGES
from catalog.projections import read_rows
from catalog.rules import shared_options
from catalog.services import save_category, save_product, save_swatch
from dynamodb.conflicts import retry_on_conflict

OVER = f"A product has at most {MAX_IMAGES} pictures, and {{}} is one more."


class Outcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def import_category(
    draft: CategoryDraft,
    *,
    dry_run: bool = False,
    expected: Collection[str] = (),
    repeated: Iterable[LineError] = (),
) -> Outcome:
    """Create or update one category by its slug. Raises Refused with all that is wrong.

    `expected`: slugs of categories that a dry run takes for made; `repeated` what else in the
    file contradicts the draft.
    """
    mistakes = Mistakes(draft.errors)
    mistakes.add(repeated)
    category = Category.objects.filter(slug=draft.slug).first() or Category(slug=draft.slug)
    parent = Category.objects.filter(slug=draft.parent).first() if draft.parent else None
    if draft.parent and parent is None and draft.parent not in expected:
        mistakes.add([LineError(draft.line, "parent", f"There is no category {draft.parent}.")])
    values = {
        "name": draft.name,
        "parent": parent,
        "position": draft.position,
        "description": draft.description,
        "texts": merge_texts(category.texts, draft.texts),
    }
    outcome = assign(category, values)
    mistakes.add(check(category, draft.line))
    mistakes.refuse_any()
    if outcome is not Outcome.UNCHANGED and not dry_run:
        save_category(category=category)
    return outcome


def import_swatch(draft: SwatchDraft, *, dry_run: bool = False) -> Outcome:
    """Create or update the colour of an option's value. Raises Refused with all that is wrong."""
    mistakes = Mistakes(draft.errors)
    known = Swatch.objects.filter(pk=swatch_key(draft.option, draft.value)).first()
    swatch = known or Swatch(option=draft.option, value=draft.value)
    outcome = assign(swatch, {"colour": draft.colour})
    mistakes.add(check(swatch, draft.line))
    mistakes.refuse_any()
    if outcome is not Outcome.UNCHANGED and not dry_run:
        save_swatch(swatch=swatch)
    return outcome


def import_product(
    draft: ProductDraft, *, choices: Choices, filing: Filing, repeated: Iterable[LineError] = ()
) -> tuple[Outcome, list[LineError]]:
    """Create or update one product by its slug, in one transaction.

    Raises Refused with all that is wrong; `repeated` is what else in the file contradicts the
    draft. Variants and pictures that the draft does not name are kept. Stock is set for new
    SKUs only: for others the shop knows better. A picture already there (by content)
    is not stored again. Also returns what is to be said of the draft.
    """
    entry = ProductImport(draft, choices, filing, repeated)
    outcome = retry_on_conflict(entry.run)
    return outcome, [*draft.notes, *entry.notes]


class ProductImport:
    """One product on its way in; `run` may be called again after a conflict."""

    category_id: int | None = None

    def __init__(
        self, draft: ProductDraft, choices: Choices, filing: Filing, repeated: Iterable[LineError]
    ):
        self.draft, self.choices, self.found = draft, choices, [*repeated]
        may_be_made = not (draft.errors or self.found)
        try:
            self.category_id = filing.category_id(draft, make=may_be_made)
        except Refused as refused:
            self.found += refused.errors

    def run(self) -> Outcome:
        self.mistakes = Mistakes(self.draft.errors)
        self.mistakes.add(self.found)
        self.notes: list[LineError] = []
        with transaction.atomic(savepoint=False):
            product, outcome = self.product()
            changes = [*self.variants(product), *self.pictures(product)]
            if outcome is Outcome.UNCHANGED and changes:
                outcome = Outcome.UPDATED
            wanted = outcome is not Outcome.UNCHANGED and not self.choices.dry_run
            if wanted and not self.mistakes.errors:
                self.save(product, changes)
        self.mistakes.refuse_any()
        return outcome

    def product(self) -> tuple[Product, Outcome]:
        draft = self.draft
        product = Product.objects.filter(slug=draft.slug).first() or Product(slug=draft.slug)
        values = {
            "name": draft.name,
            "description": draft.description,
            "brand": draft.brand,
            "category_id": self.category_id,
            "status": draft.status,
            "attributes": draft.attributes,
            "texts": merge_texts(product.texts, draft.texts),
        }
        outcome = assign(product, values)
        self.check(product, draft.line, exclude={"category"})
        return product, outcome

    def variants(self, product: Product) -> list[Model]:
        """The variants that are new or different."""
        drafts = self.draft.variants
        known = Variant.objects.in_bulk([draft.sku for draft in drafts if draft.sku])
        rows = [
            self.variant(product, draft, known.get(draft.sku), place)
            for place, draft in enumerate(drafts)
        ]
        self.check_together(self.kept(product, known))
        return [row for row in rows if row is not None]

    def variant(
        self, product: Product, draft: VariantDraft, known: Variant | None, place: int
    ) -> Variant | None:
        if known is not None and known.product_id != product.pk:
            self.refuse(draft.line, "sku", f"{draft.sku} belongs to {known.product.slug}.")
            return None
        row = known or Variant(sku=draft.sku)
        values = {
            "options": draft.options,
            "price": draft.price,
            "currency": draft.currency,
            "barcode": draft.barcode,
            "weight_grams": draft.weight_grams,
            "position": place,
        }
        outcome = assign(row, values)
        self.check(row, draft.line, exclude={"product"})
        return None if outcome is Outcome.UNCHANGED else row

    def kept(self, product: Product, named: Collection[str]) -> list[Variant]:
        """The product's variants that the draft does not name, if that can be known."""
        if product.pk is None or not all(draft.sku for draft in self.draft.variants):
            return []
        return [row for row in read_rows(product, Variant) if row.sku not in named]

    def check_together(self, kept: list[Variant]) -> None:
        """What a product's variants must be to each other, those included that are kept."""
        for field, sentence in contradictions(self.draft, kept, self.mistakes.unread):
            self.refuse(self.draft.line, field, sentence)

    def pictures(self, product: Product) -> list[Model]:
        """The pictures that are new or described anew."""
        known = {image.digest: image for image in self.stored(product)}
        files = self.files()
        room = MAX_IMAGES - len(known.keys() - files.keys())
        rows = []
        for place, (digest, (draft, content)) in enumerate(files.items()):
            if place < room:
                file = ContentFile(content, name=Path(draft.name).name)
                row = known.get(digest) or ProductImage(digest=digest, file=file)
                rows.append(self.picture(draft, row, place))
            else:
                self.tell(draft, OVER.format(draft.name))
        return [row for row in rows if row is not None]

    def files(self) -> dict[str, tuple[ImageDraft, bytes]]:
        """What the pictures' files hold, by its digest; no more than a product can have."""
        files: dict[str, tuple[ImageDraft, bytes]] = {}
        for draft in self.draft.images:
            if len(files) == MAX_IMAGES:
                self.tell(draft, OVER.format(draft.name))
            elif (content := self.read(draft)) is not None:
                digest = hashlib.sha256(content).hexdigest()
                first = files.get(digest, (draft, content))[0]
                shared = shared_options([first.options, draft.options])
                files[digest] = replace(first, options=shared), content
        return files

    def stored(self, product: Product) -> list[ProductImage]:
        if product.pk is None:
            return []
        return read_rows(product, ProductImage)

    def picture(self, draft: ImageDraft, row: ProductImage, place: int) -> ProductImage | None:
        outcome = assign(row, {"alt": draft.alt, "options": dict(draft.options), "position": place})
        self.check(row, draft.line, exclude={"product"})
        return None if outcome is Outcome.UNCHANGED else row

    def read(self, draft: ImageDraft) -> bytes | None:
        """The file from the folder, and from nowhere else: no address is ever called."""
        folder = self.choices.images
        path = None if folder is None else (folder / draft.name).resolve()
        if path is None or folder is None or not path.is_relative_to(folder.resolve()):
            self.tell(draft, f"{draft.name} is not in the folder of pictures.")
        elif not path.is_file():
            self.tell(draft, f"There is no file {draft.name}.")
        else:
            return path.read_bytes()
        return None

    def tell(self, draft: ImageDraft, sentence: str) -> None:
        """Of a picture that is left out: an error, unless it was known by its address alone."""
        if draft.is_address:
            column = self.draft.column("image")
            self.notes.append(LineError(draft.line, column, f"{sentence} It is left out."))
        else:
            self.refuse(draft.line, "image", sentence)

    def save(self, product: Product, changes: list[Any]) -> None:
        stock = {draft.sku: draft.stock for draft in self.draft.variants}
        save_product(product=product, rows=changes, stock=stock)

    def check(self, row: Model, line: int, exclude: set[str]) -> None:
        for error in check(row, line, exclude=exclude):
            self.refuse(error.line, error.column, error.message)

    def refuse(self, line: int, name: str, message: str) -> None:
        self.mistakes.add([LineError(line, self.draft.column(name), message)])


def assign(row: Model, values: dict[str, Any]) -> Outcome:
    """Set the values; says what saving the row would do."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if row._state.adding:
        return Outcome.CREATED
    return Outcome.UPDATED if changed else Outcome.UNCHANGED


def check(row: Model, line: int, exclude: set[str] | None = None) -> Iterator[LineError]:
    """What the model's own rules say against the row, by field."""
    try:
        row.full_clean(exclude=exclude, validate_unique=False)
    except ValidationError as error:
        for name, mistakes in error.error_dict.items():
            yield from (LineError(line, name, in_words(row, name, each)) for each in mistakes)


def in_words(row: Model, name: str, mistake: ValidationError) -> str:
    """What is wrong with a field's value; of one of a few, which those are."""
    if mistake.code != "invalid_choice":
        return " ".join(mistake.messages)
    field: Any = row._meta.get_field(name)
    return f"{getattr(row, name)} is none of {', '.join(value for value, _ in field.choices)}."
