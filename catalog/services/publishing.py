"""Keeping what customers read in step with what managers edit.

Each function leaves the rows of `Listing` and `ProductPage` right in the transaction
that changed the product: there is no moment when they disagree.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.documents import (
    Colours,
    breadcrumbs_to,
    build_card,
    build_page,
    build_search_text,
    place_of_picture,
)
from catalog.models import (
    Category,
    Listing,
    Product,
    ProductImage,
    ProductPage,
    Stock,
    Swatch,
    Variant,
    swatch_key,
)
from catalog.models.reading import ALL, shelf_of
from catalog.rules import availability_of, check_options
from catalog.signals import tell_published
from dynamodb.errors import ConflictError
from dynamodb.reads import get_many

Row = TypeVar("Row", Variant, ProductImage)


def publish_product(*, product: Product) -> None:
    """Bring lists, page and variants of the product up to date with it.

    `product` as read or saved in this transaction. An active product with a variant is
    listed on the shelf "all" and on those of its category and all categories above;
    any other is withdrawn. Only what differs is written. The category is as it was read
    here when this commits, or a ConflictError is raised.
    """
    before = product.published
    with transaction.atomic(savepoint=False):
        enter_category(product)
        variants = rows_of(product, Variant, product.published.get("skus", ()))
        images = rows_of(product, ProductImage, product.published.get("images", ()))
        colours, availability = read_surroundings(product, variants)
        card = build_card(product, variants, images, colours, availability)
        page = build_page(product, variants, images, colours)
        refresh_variants(product, variants, images)
        listed = product.is_active and bool(variants)
        with published_as_noted():
            write_listings(product, card, shelves_for(product) if listed else [])
            write_page(product, page if listed else None)
        record(product, card, listed, variants, images)
        tell_published(before, product.published)


def read_surroundings(product: Product, variants: list[Variant]) -> tuple[Colours, str]:
    """The colours of the options' values, and what is left of the product: one BatchGetItem."""
    options = {pair for variant in variants for pair in variant.options.items()}
    skus = [variant.sku for variant in variants]
    found = get_many({Swatch: {swatch_key(*pair) for pair in options}, Stock: skus})
    colours = {key: swatch.colour for key, swatch in found[Swatch].items()}
    return colours, hold_availability(product, skus)


def hold_availability(product: Product, skus: Iterable[str]) -> str:
    """What the product's card is to say of its stock, in this transaction.

    Where that is not what the card says, the stock stays as it was read here until the commit,
    or a ConflictError is raised: whoever moves it meanwhile looks at the card as it is, and would
    find it right. Where the card stays, sales go on: whoever moves the stock writes the card.
    """
    stock = get_many({Stock: skus})[Stock]
    availability = availability_of(sum(each.available for each in stock.values()))
    if availability != product.card.get("availability"):
        list(Stock.objects.select_for_update().filter(pk__in=list(stock)))
    return availability


def check_variants(*, product: Product) -> None:
    """The rules among variants, for those that the product was published with.

    In the transaction that publishes it: two managers who each add a fine one meet here.
    Raises django's ValidationError.
    """
    skus = product.published["skus"]
    variants = Variant.objects.in_bulk(skus)
    if wrong := check_options({sku: variants[sku].options for sku in skus}):
        raise ValidationError(wrong)


@contextmanager
def published_as_noted() -> Iterator[None]:
    """In the block, a row that customers read is there, or is not, against what the product
    notes: somebody else has published it since it was read here.

    Raises ConflictError for it, and never IntegrityError, which would say that somebody
    took this SKU or slug: those have rows of their own, which are written before.
    """
    try:
        yield
    except (IntegrityError, ProductPage.DoesNotExist) as error:
        raise ConflictError("Somebody else has published the product meanwhile.") from error


def enter_category(product: Product) -> None:
    """Hold the product's category until the commit; leave a mark if the product is new to it.

    Raises ConflictError if the category is gone: whoever chose it must choose again.
    """
    try:
        category = Category.objects.select_for_update().get(pk=product.category_id)
    except Category.DoesNotExist as error:
        raise ConflictError("The category was deleted meanwhile.") from error
    if product.published.get("category") != category.pk:
        category.mark_filled()
    product.category = category


def delete_product(*, product_id: int) -> None:
    """Delete the product with its variants, stock, pictures and all that customers read.

    Raises Product.DoesNotExist, and ConflictError when somebody publishes it meanwhile.
    Reads all it needs itself, so it can be run again.

    Every variant that was ever made for sale is named by the product's last publication. So
    they go by key, whatever an index knows yet, and the product must be as it was read here:
    no variant can be put on sale between the look and the commit.
    """
    with transaction.atomic(savepoint=False):
        product = Product.objects.select_for_update().get(pk=product_id)
        tell_published(product.published)
        write_listings(product, {}, [])
        write_page(product, None)
        delete_rows(product, Variant, product.published.get("skus", ()))
        delete_rows(product, ProductImage, product.published.get("images", ()))
        product.delete()


def set_status(*, product_id: int, status: Product.Status) -> None:
    """Activate, withdraw or archive a product. Raises Product.DoesNotExist."""
    with transaction.atomic(savepoint=False):
        product = Product.objects.get(pk=product_id)
        product.status = status
        product.save(update_fields=["status", "updated_at"])
        publish_product(product=product)


def rows_of(product: Product, model: type[Row], known: Iterable[Any]) -> list[Row]:
    """The product's rows of a model by position, as they are and not as the index has them.

    An index follows its table by moments. So it only says which rows there are, helped
    by the keys of the last publication; the rows themselves are read by key.
    """
    indexed: Iterable[Any] = model._default_manager.filter(product=product).values_list(
        "pk", flat=True
    )
    keys: list[Any] = list({*indexed, *known})
    rows = model._default_manager.in_bulk(keys).values()
    own = [row for row in rows if row.product_id == product.pk]
    return sorted(own, key=lambda row: (row.position, row.pk))


def delete_rows(product: Product, model: type[Row], known: Iterable[Any]) -> None:
    keys = [row.pk for row in rows_of(product, model, known)]
    model._default_manager.filter(pk__in=keys).delete()


def refresh_variants(product: Product, variants: list[Variant], images: list[ProductImage]) -> None:
    """Copy onto each variant what a cart shows of its product, and its own picture's name."""
    for variant in variants:
        place = place_of_picture(variant, images)
        copies = {
            "product_name": product.name,
            "product_slug": product.slug,
            "image": "" if place is None else images[place].file.name,
            "for_sale": product.is_active,
        }
        if any(getattr(variant, name) != value for name, value in copies.items()):
            for name, value in copies.items():
                setattr(variant, name, value)
            variant.save(update_fields=list(copies))


def shelves_for(product: Product) -> list[str]:
    return [ALL, *(shelf_of(link["slug"]) for link in breadcrumbs_to(product.category))]


def write_listings(product: Product, card: dict[str, Any], wanted: list[str]) -> None:
    """Put the card on the wanted shelves, and take it from the others it was on."""
    present = set(product.published.get("shelves", ()))
    for shelf in sorted(present - set(wanted)):
        Listing.objects.filter(shelf=shelf, position=product.pk).delete()
    for shelf in wanted:
        if shelf not in present:
            Listing.objects.create(
                shelf=shelf, position=product.pk, product_id=product.pk, card=card
            )
        elif card != product.card:
            Listing.objects.filter(shelf=shelf, position=product.pk).update(card=card)


def write_page(product: Product, document: dict[str, Any] | None) -> None:
    """Keep the page under the product's slug, and none under the slug it had before."""
    old_slug = product.published.get("slug")
    new_slug = None if document is None else product.slug
    if old_slug is not None and old_slug != new_slug:
        ProductPage.objects.filter(pk=old_slug).delete()
    if new_slug is None or document is None:
        return
    if old_slug != new_slug:
        ProductPage.objects.create(slug=new_slug, product_id=product.pk, document=document)
        return
    page = ProductPage.objects.get(pk=new_slug)
    if page.document != document:
        page.document = document
        page.save(update_fields=["document"])


def record(
    product: Product,
    card: dict[str, Any],
    listed: bool,
    variants: list[Variant],
    images: list[ProductImage],
) -> None:
    """Note on the product what is published of it: the next publication starts from here."""
    published = {
        "slug": product.slug if listed else None,
        "category": product.category_id,
        "shelves": shelves_for(product) if listed else [],
        "skus": [variant.sku for variant in variants],
        "images": [image.pk for image in images],
    }
    search_text = build_search_text(product, variants)
    if (product.card, product.published, product.search_text) != (card, published, search_text):
        # Held whole: who counts the stock meanwhile counts the variants that are noted here, and
        # writes the card.
        Product.objects.select_for_update().get(pk=product.pk)
        product.card, product.published, product.search_text = card, published, search_text
        product.save(update_fields=["card", "published", "search_text"])
