"""Products by the hundred thousand, to measure with. No picture, no real text."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from catalog.models import (
    Category,
    Listing,
    Product,
    ProductContents,
    ProductPage,
    Publication,
    Stock,
    Variant,
)
from catalog.models.reading import ALL, shelf_of
from catalog.projections.documents import (
    FORMAT,
    breadcrumbs_to,
    build_card,
    build_pages,
    build_search_text,
)
from catalog.projections.projecting import digest_of
from catalog.validators import gtin_check_digit
from dynamodb.rows.ids import new_id
from pricing.money import Money

NOUNS = ("mug", "lamp", "chair", "shirt", "notebook", "planter", "cushion", "clock")
COLOURS = ("Red", "Blue", "Green", "Sand", "Black")


def make_rows(*, size: int, categories: list[Category]) -> Iterator[list[Model]]:
    """For each of `size` products the rows it consists of, as publishing would write them."""
    for number in range(size):
        yield rows_of_product(number, new_id(), categories[number % len(categories)])


def rows_of_product(number: int, product_id: int, category: Category) -> list[Model]:
    noun = NOUNS[number % len(NOUNS)]
    moment = timezone.now() - timedelta(seconds=1)
    product = Product(
        pk=product_id,
        name=f"{noun.capitalize()} no. {number}",
        slug=f"{noun}-{product_id}",
        description=f"A {noun} like {number % 997} others, made for measuring.",
        brand=f"Brand {number % 50}",
        category=category,
        attributes={"series": str(number % 20)},
        status=Product.Status.ACTIVE,
        created_at=moment,
        updated_at=moment,
        version=product_id,
    )
    variants = [make_variant(product, number, place) for place in range(1 + number % 3)]
    stock = {variant.sku: Stock(variant_id=variant.sku, available=100) for variant in variants}
    links = breadcrumbs_to(category)
    shelves = [ALL, *(shelf_of(link["slug"]) for link in links)]
    card = build_card(product, variants, [], {}, "in_stock")
    (page,) = build_pages(product, variants, [], {}, {})
    publication = Publication(
        product_id=product_id,
        version=product_id,
        format=FORMAT,
        slug=product.slug,
        shelves=shelves,
        digests=[digest_of(page)],
        card=card,
        search_text=build_search_text(product, variants),
    )
    return [
        product,
        *variants,
        *stock.values(),
        ProductContents(product_id=product_id, category_id=category.pk, skus=list(stock)),
        publication,
        *(
            Listing(shelf=shelf, position=product_id, product_id=product_id, card=card)
            for shelf in shelves
        ),
        ProductPage(slug=product.slug, product_id=product_id, document=page),
    ]


def make_variant(product: Product, number: int, place: int) -> Variant:
    price = Money(Decimal(499 + (number * 37) % 20_000) / 100, settings.SHOP_CURRENCY)
    digits = f"29{(number * 3 + place) % 10**10:010d}"
    return Variant(
        sku=f"BULK-{product.pk}-{place}",
        product=product,
        options={"colour": COLOURS[place]},
        price=price.quantized().amount,
        currency=price.currency,
        barcode=f"{digits}{gtin_check_digit(digits)}",
        weight_grams=100 + number % 900,
        position=place,
        product_name=product.name,
        product_slug=product.slug,
        for_sale=True,
    )
