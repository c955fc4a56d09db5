"""From drafts to rows: the same checks as in the admin, and nothing written twice."""

import hashlib
from collections.abc import Collection
from enum import Enum
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model

from catalog.importing.drafts import (
    CategoryDraft,
    ImageDraft,
    LineError,
    ProductDraft,
    Refused,
    VariantDraft,
)
from catalog.models import Category, Product, ProductImage, Variant
from catalog.models.product import MAX_IMAGES, MAX_VARIANTS
from catalog.services import open_stock, publish_product, save_category
from catalog.services.publishing import rows_of
from dynamodb.conflicts import retry_on_conflict


class Outcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def import_category(
    draft: CategoryDraft, *, dry_run: bool = False, expected: Collection[str] = ()
) -> Outcome:
    """Create or update one category by its slug. Raises Refused.

    `expected`: slugs of categories that a dry run takes for made.
    """
    category = Category.objects.filter(slug=draft.slug).first() or Category(slug=draft.slug)
    parent = Category.objects.filter(slug=draft.parent).first() if draft.parent else None
    if draft.parent and parent is None and draft.parent not in expected:
        raise Refused([LineError(draft.line, "parent", f"There is no category {draft.parent}.")])
    values = {
        "name": draft.name,
        "parent": parent,
        "position": draft.position,
        "description": draft.description,
    }
    outcome = assign(category, values)
    check(category, draft.line)
    if outcome is not Outcome.UNCHANGED and not dry_run:
        save_category(category=category)
    return outcome


def import_product(
    draft: ProductDraft,
    *,
    images: Path | None = None,
    dry_run: bool = False,
    expected: Collection[str] = (),
) -> Outcome:
    """Create or update one product by its slug, in one transaction. Raises Refused.

    Variants and pictures that the draft does not name are kept. Stock is set for new
    SKUs only: for others the shop knows better. A picture already there (by content)
    is not stored again. `expected` as for `import_category`.
    """
    return retry_on_conflict(ProductImport(draft, images, dry_run, expected).run)


class ProductImport:
    """One product on its way in; `run` may be called again after a conflict."""

    def __init__(
        self, draft: ProductDraft, folder: Path | None, dry_run: bool, expected: Collection[str]
    ):
        self.draft, self.folder = draft, folder
        self.dry_run, self.expected = dry_run, expected

    def run(self) -> Outcome:
        self.errors: list[LineError] = []
        with transaction.atomic(savepoint=False):
            product, outcome = self.product()
            changes = [*self.variants(product), *self.pictures(product)]
            if outcome is Outcome.UNCHANGED and changes:
                outcome = Outcome.UPDATED
            wanted = outcome is not Outcome.UNCHANGED and not self.dry_run
            if wanted and not self.errors:
                self.save(product, changes)
        if self.errors:
            raise Refused(self.errors)
        return outcome

    def product(self) -> tuple[Product, Outcome]:
        draft = self.draft
        product = Product.objects.filter(slug=draft.slug).first() or Product(slug=draft.slug)
        category = Category.objects.filter(slug=draft.category).first()
        if category is None and draft.category not in self.expected:
            self.refuse(draft.line, "category", f"There is no category {draft.category}.")
        values = {
            "name": draft.name,
            "description": draft.description,
            "brand": draft.brand,
            "category_id": None if category is None else category.pk,
            "status": draft.status,
            "attributes": draft.attributes,
        }
        outcome = assign(product, values)
        self.check(product, draft.line, exclude={"category"}, columns={"slug": "product_slug"})
        return product, outcome

    def variants(self, product: Product) -> list[Model]:
        """The variants that are new or different."""
        drafts = self.draft.variants
        known = Variant.objects.in_bulk([draft.sku for draft in drafts])
        if len(drafts) > MAX_VARIANTS:
            self.refuse(self.draft.line, "sku", f"A product has at most {MAX_VARIANTS} variants.")
        if len({draft.currency for draft in drafts}) > 1:
            self.refuse(self.draft.line, "currency", "All variants have the same currency.")
        rows = [
            self.variant(product, draft, known.get(draft.sku), place)
            for place, draft in enumerate(drafts)
        ]
        if len({draft.sku for draft in drafts}) < len(drafts):
            self.refuse(self.draft.line, "sku", "The same SKU is there twice.")
        return [row for row in rows if row is not None]

    def variant(
        self, product: Product, draft: VariantDraft, known: Variant | None, place: int
    ) -> Variant | None:
        if known is not None and known.product_id != product.pk:
            self.refuse(draft.line, "sku", f"{draft.sku} belongs to {known.product_slug}.")
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

    def pictures(self, product: Product) -> list[Model]:
        """The pictures that are new or described anew."""
        if len(self.draft.images) > MAX_IMAGES:
            self.refuse(self.draft.line, "image", f"A product has at most {MAX_IMAGES} pictures.")
        stored = [] if product.pk is None else rows_of(product, ProductImage, ())
        known = {image.digest: image for image in stored}
        rows = [self.picture(draft, known, at) for at, draft in enumerate(self.draft.images)]
        return [row for row in rows if row is not None]

    def picture(
        self, draft: ImageDraft, known: dict[str, ProductImage], place: int
    ) -> ProductImage | None:
        content = self.read(draft)
        if content is None:
            return None
        digest = hashlib.sha256(content).hexdigest()
        row = known.get(digest) or ProductImage(
            digest=digest, file=ContentFile(content, name=Path(draft.name).name)
        )
        outcome = assign(row, {"alt": draft.alt, "position": place})
        self.check(row, draft.line, exclude={"product"}, columns={"file": "image"})
        return None if outcome is Outcome.UNCHANGED else row

    def read(self, draft: ImageDraft) -> bytes | None:
        """The file from the folder, and from nowhere else."""
        path = None if self.folder is None else (self.folder / draft.name).resolve()
        if path is None or self.folder is None or not path.is_relative_to(self.folder.resolve()):
            self.refuse(draft.line, "image", f"{draft.name} is not in the folder of pictures.")
        elif not path.is_file():
            self.refuse(draft.line, "image", f"There is no file {draft.name}.")
        else:
            return path.read_bytes()
        return None

    def save(self, product: Product, changes: list[Any]) -> None:
        product.save()
        stock = {draft.sku: draft.stock for draft in self.draft.variants}
        for row in changes:
            created = row._state.adding
            row.product = product
            row.save()
            if created and isinstance(row, Variant):
                open_stock(sku=row.sku, available=stock[row.sku])
        publish_product(product=product)

    def check(self, row: Model, line: int, **rules: Any) -> None:
        try:
            check(row, line, **rules)
        except Refused as refused:
            self.errors += refused.errors

    def refuse(self, line: int, column: str, message: str) -> None:
        self.errors.append(LineError(line, column, message))


def assign(row: Model, values: dict[str, Any]) -> Outcome:
    """Set the values; says what saving the row would do."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if row._state.adding:
        return Outcome.CREATED
    return Outcome.UPDATED if changed else Outcome.UNCHANGED


def check(
    row: Model, line: int, columns: dict[str, str] | None = None, exclude: set[str] | None = None
) -> None:
    """The model's own rules. Raises Refused with the columns at fault."""
    try:
        row.full_clean(exclude=exclude, validate_unique=False)
    except ValidationError as error:
        names = columns or {}
        raise Refused(
            [
                LineError(line, names.get(name, name), sentence)
                for name, sentences in error.message_dict.items()
                for sentence in sentences
            ]
        ) from error
