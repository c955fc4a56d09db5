"""Making a change of a product seen.

The transaction that changes it notes which rows it has, gives it a new version and tells of it.
What customers read is made after the commit (`catalog.projections`), by whoever saved, and by the
event's subscriber should that one die.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils.translation import gettext

from catalog.events import ProductChanged
from catalog.models import Category, Product, ProductContents, ProductImage, Variant
from catalog.models.product import MAX_IMAGES, MAX_VARIANTS
from catalog.projections import Projected, count_availability, project_product, read_rows
from catalog.projections.documents import PAGE_SIZE
from catalog.rules import check_options
from catalog.services.stock import open_stock
from catalog.staging import Row, apply_staged, is_too_large, stage_rows
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.reads import get_many
from outbox.events import Delivery, Event
from outbox.services import acknowledge, emit

SUBSCRIBER = "catalog.projections"
LONGEST_TEXTS = 300_000  # bytes that people have typed of a page
PATIENCE = timedelta(seconds=30)  # until somebody else makes what customers read


def publish_product(
    *, product: Product, staged: Sequence[Row] = (), stock: Mapping[str, int] | None = None
) -> None:
    """Have customers see the product as it is when this commits, right after that.

    To be called in the transaction that has changed it, its variants, their stock or its pictures;
    `staged` rows are stored here, and applied after the commit. The category is as it was read
    here when this commits, or a ConflictError is raised. Raises ValidationError for more variants
    or pictures than a product can have.
    """
    with transaction.atomic(savepoint=False):
        renew_version(product)
        if staged:
            stage_rows(product, staged, stock or {})
        contents = note_contents(product, staged)
        enter_category(product, contents)
        store_contents(contents)
        tell_changed(product.pk)


def save_product(
    *, product: Product, rows: Sequence[Row], stock: Mapping[str, int] | None = None
) -> None:
    """Save and publish a product with these new and changed rows of it, however many they are.

    In one transaction, or, where they are more than one holds, decided in one: customers see all of
    it or nothing. `stock` is what new variants begin with.
    """
    first = stock or {}
    check_length(product, rows)
    with transaction.atomic(savepoint=False):
        product.save()
        for row in rows:
            row.product = product
        if is_too_large(rows):
            publish_product(product=product, staged=rows, stock=first)
            return
        for row in rows:
            created = row._state.adding
            row.save()
            if created and isinstance(row, Variant):
                open_stock(sku=row.sku, available=first.get(row.sku, 0))
        publish_product(product=product)


def check_length(product: Product, rows: Iterable[Row]) -> None:
    """Raises DataError for more text than a page or a part of it can have: an item of 400 KB."""
    texts: list[Any] = [product.description, product.texts, product.attributes]
    texts += [row.alt for row in rows if isinstance(row, ProductImage)]
    options = [row.options for row in rows if isinstance(row, Variant)]
    parts = [options[place : place + PAGE_SIZE] for place in range(0, len(options), PAGE_SIZE)]
    first, *others = parts or [[]]
    for part in ([*texts, *first], *others):
        if len(json.dumps(part, ensure_ascii=False).encode()) > LONGEST_TEXTS:
            raise DataError("Too large for a page: 400 KB.")


def tell_changed(product_id: int) -> None:
    """Have customers see it after the commit, and tell the event, should that fail or be killed.

    Whoever saved does it and takes the event, which is sent to its subscriber only when it was not
    taken in time. What fails is in the log: what is saved is saved.
    """
    event = ProductChanged(product_id)
    message = emit(event, after=PATIENCE)

    def bring_up() -> None:  # no partial: Django's log of what one raises asks for its name
        bring_up_product(product_id=product_id)
        if message is not None:
            at, key = message.created_at, message.pk
            own: Delivery[Event] = Delivery(event, SUBSCRIBER, key, at, key)
            retry_on_conflict(partial(acknowledge, delivery=own))

    transaction.on_commit(bring_up, robust=True)


def bring_up_product(*, product_id: int) -> None:
    """Finish the product's save, and have customers see it."""
    if project_product(product_id=product_id) is Projected.WAITS:
        apply_staged(product_id=product_id)
        project_product(product_id=product_id)


def take_change(*, delivery: Delivery[Event], product_id: int) -> None:
    """The same, for who hears of a change: because the one that saved has died, perhaps when all
    but the second look at the stock was done."""
    bring_up_product(product_id=product_id)
    count_availability(product_id=product_id)
    retry_on_conflict(partial(acknowledge, delivery=delivery))


def renew_version(product: Product) -> None:
    """Give it the next version. Nobody else does until the commit; a large save that is being
    finished is waited for, by a ConflictError.
    """
    stored = Product.objects.select_for_update().get(pk=product.pk)
    if stored.staged:
        raise ConflictError(f"A large save of {stored} is being finished.")
    product.version = (stored.version or 0) + 1
    product.save(update_fields=["version"])


def note_contents(product: Product, staged: Iterable[Row] = ()) -> ProductContents:
    """Which rows it has, those included that are on their way; not stored yet."""
    contents = ProductContents.objects.filter(pk=product.pk).first()
    if contents is None:
        contents = ProductContents(product_id=product.pk, category_id=0)
    contents.skus = keys_of(product, Variant, contents.skus, staged)
    contents.images = keys_of(product, ProductImage, contents.images, staged)
    check_sizes(len(contents.skus), len(contents.images))
    return contents


def keys_of(
    product: Product, model: type[Row], known: Sequence[Any], staged: Iterable[Row]
) -> list[Any]:
    """The index knows what this transaction has written, and lags in all else; so where it and the
    note of before differ, rows are looked up by key."""
    rows: Any = model._default_manager
    indexed: list[Any] = list(rows.filter(product=product).values_list("pk", flat=True))
    doubtful = set(indexed) ^ set(known)
    found = get_many({model: doubtful})[model] if doubtful else {}
    mine = {key for key, row in found.items() if row.product_id == product.pk}
    kept = [key for key in (*known, *indexed) if key not in doubtful or key in mine]
    coming = [row.pk for row in staged if isinstance(row, model)]
    return list(dict.fromkeys([*kept, *coming]))


def check_sizes(variants: int, images: int) -> None:
    if variants > MAX_VARIANTS:
        sentence = gettext("A product has at most {most} variants, not {count}.")
        raise ValidationError(sentence.format(most=MAX_VARIANTS, count=variants))
    if images > MAX_IMAGES:
        sentence = gettext("A product has at most {most} pictures, not {count}.")
        raise ValidationError(sentence.format(most=MAX_IMAGES, count=images))


def store_contents(contents: ProductContents) -> None:
    """Most saves change none of it, and write nothing here. What was read is known: no call."""
    stored = ProductContents.objects.filter(pk=contents.pk).first()
    columns = ("category_id", "skus", "images")
    if stored is None:
        contents.save(force_insert=True)
    elif any(getattr(stored, name) != getattr(contents, name) for name in columns):
        contents.save(update_fields=columns)


def check_variants(*, product: Product) -> None:
    """The rules among all variants of the product, in the transaction that publishes it: two
    managers who each add a fine one meet here. Raises django's ValidationError."""
    options = {variant.sku: variant.options for variant in read_rows(product, Variant)}
    if wrong := check_options(options):
        raise ValidationError(wrong)


def enter_category(product: Product, contents: ProductContents) -> None:
    """Hold the product's category until the commit; leave a mark if the product is new to it.

    Raises ConflictError if the category is gone: whoever chose it must choose again.
    """
    try:
        category = Category.objects.select_for_update().get(pk=product.category_id)
    except Category.DoesNotExist as error:
        raise ConflictError("The category was deleted meanwhile.") from error
    if contents.category_id != category.pk:
        category.mark_filled()
    contents.category_id = category.pk
    product.category = category


def set_status(*, product_id: int, status: Product.Status) -> None:
    """Activate, withdraw or archive a product. Raises Product.DoesNotExist."""
    with transaction.atomic(savepoint=False):
        product = Product.objects.get(pk=product_id)
        product.status = status
        product.save(update_fields=["status", "updated_at"])
        publish_product(product=product)
