"""What customers read is what managers wrote."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from catalog.models import Listing, Product, ProductImage, ProductPage, Publication, Stock, Variant
from catalog.projections import project_product
from catalog.services import delete_product, publish_product, save_category, set_status
from outbox.models import OutboxMessage
from pricing.money import CurrencyMismatch

pytestmark = pytest.mark.django_db(transaction=True)


def shelves():
    return sorted(Listing.objects.values_list("shelf", flat=True))


def fresh(product):
    return Product.objects.get(pk=product.pk)


def test_an_active_product_is_on_every_shelf_above_it(make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00", "MUG-2": "9.50"}, brand="Tide")
    assert shelves() == ["all", "category:kitchen", "category:mugs"]
    listing = Listing.objects.get(shelf="all", position=product.pk)
    assert listing.card == {
        "id": product.pk,
        "slug": "red-mug",
        "name": "Red Mug",
        "brand": "Tide",
        "category": {"name": "Mugs", "slug": "mugs"},
        "price_from": {"amount": "9.50", "currency": "EUR"},
        "price_varies": True,
        "image": None,
        "options": [],
        "availability": "in_stock",
    }


def test_the_page_holds_all_but_stock(make_product):
    product = make_product(
        "Red Mug", {"MUG-1": "12.00"}, description="Red.", attributes={"material": "Clay"}
    )
    assert ProductPage.objects.get(pk="red-mug").document == {
        "id": product.pk,
        "slug": "red-mug",
        "name": "Red Mug",
        "brand": "",
        "description": "Red.",
        "attributes": {"material": "Clay"},
        "breadcrumbs": [
            {"name": "Kitchen", "slug": "kitchen"},
            {"name": "Mugs", "slug": "mugs"},
        ],
        "images": [],
        "options": [],
        "variants": [
            {
                "sku": "MUG-1",
                "options": {},
                "price": {"amount": "12.00", "currency": "EUR"},
                "barcode": "",
                "weight_grams": 0,
                "image": None,
            }
        ],
    }


def test_variants_carry_what_a_cart_shows(make_product, picture):
    product = make_product("Red Mug", {"MUG-1": "12.00"})
    image = ProductImage(product=product, file=picture())
    image.save()
    publish_product(product=fresh(product))
    variant = Variant.objects.get(pk="MUG-1")
    assert (variant.product_name, variant.product_slug) == ("Red Mug", "red-mug")
    assert (variant.image, variant.for_sale) == (image.file.name, True)


@pytest.mark.parametrize(("kind", "content_type"), [("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_picture_is_stored_as_what_it_is(make_product, picture, kind, content_type):
    """Not as what the uploader calls it: a browser would run it as a page."""
    upload = picture("a.html", kind)
    upload.content_type = "text/html"
    image = ProductImage(product=make_product("Red Mug"), file=upload)
    image.save()
    storage: Any = default_storage
    assert storage.bucket.Object(image.file.name).content_type == content_type


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_active_is_not_shown_and_not_for_sale(make_product, status):
    product = make_product("Red Mug", {"MUG-1": "12.00"})
    set_status(product_id=product.pk, status=Product.Status(status))
    assert shelves() == []
    assert not ProductPage.objects.exists()
    assert Variant.objects.get(pk="MUG-1").for_sale is False
    card = Publication.objects.get(pk=product.pk).card
    assert card["price_from"] == {"amount": "12.00", "currency": "EUR"}


def test_a_product_without_variants_is_not_shown(make_product):
    make_product("Red Mug", {})
    assert shelves() == []


def test_taking_the_last_variant_withdraws_it(make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00"})
    Variant.objects.get(pk="MUG-1").delete()
    publish_product(product=fresh(product))
    assert shelves() == []
    assert not ProductPage.objects.exists()


def test_a_new_category_moves_it_between_shelves(make_product, kitchen):
    product = fresh(make_product("Red Mug"))
    product.category = kitchen
    product.save()
    publish_product(product=product)
    assert shelves() == ["all", "category:kitchen"]


def test_a_new_slug_moves_its_page(make_product):
    product = fresh(make_product("Red Mug"))
    product.slug = "crimson-mug"
    product.save()
    publish_product(product=product)
    assert [page.pk for page in ProductPage.objects.all()] == ["crimson-mug"]
    assert Listing.objects.get(shelf="all", position=product.pk).card["slug"] == "crimson-mug"


def test_a_new_price_is_shown_everywhere(make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00"})
    Variant.objects.filter(pk="MUG-1").update(price=Decimal("8.00"))
    publish_product(product=fresh(product))
    assert Listing.objects.get(shelf="all", position=product.pk).card["price_from"] == {
        "amount": "8.00",
        "currency": "EUR",
    }
    page = ProductPage.objects.get(pk="red-mug")
    assert page.document["variants"][0]["price"]["amount"] == "8.00"


def test_publishing_what_is_published_writes_two_versions(make_product, written):
    """The product's own, and, when nothing else was to be written, the note's."""
    product = fresh(make_product("Red Mug"))
    with written() as statements:
        publish_product(product=product)
    assert [statement.split('"')[1] for statement in statements] == [
        "catalog_product",
        "outbox_outboxmessage",
        "catalog_publication",
        "outbox_outboxmessage",
    ]


def test_variants_of_two_currencies_cannot_be_published(make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00", "MUG-2": "12.00"})
    Variant.objects.filter(pk="MUG-2").update(currency="USD")
    before = Listing.objects.get(shelf="all").card
    publish_product(product=fresh(product))
    assert Listing.objects.get(shelf="all").card == before
    with pytest.raises(CurrencyMismatch):
        project_product(product_id=product.pk)
    assert OutboxMessage.objects.get().open == "catalog.projections"


def test_deleting_leaves_nothing(make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00"})
    make_product("Blue Mug", {"MUG-2": "12.00"})
    delete_product(product_id=product.pk)
    assert [listing.position for listing in Listing.objects.filter(shelf="all")] == [
        Product.objects.get(slug="blue-mug").pk
    ]
    assert [page.pk for page in ProductPage.objects.all()] == ["blue-mug"]
    assert [stock.pk for stock in Stock.objects.all()] == ["MUG-2"]
    assert [variant.pk for variant in Variant.objects.all()] == ["MUG-2"]


def test_a_sku_is_not_taken_from_another_product(make_product):
    make_product("Red Mug", {"MUG-1": "12.00"})
    other = make_product("Blue Mug", {})
    with pytest.raises(IntegrityError), transaction.atomic():
        Variant(sku="MUG-1", product=other, price=Decimal(1)).save()
    assert Variant.objects.get(pk="MUG-1").product.slug == "red-mug"


def test_moving_a_category_without_change_publishes_nothing(make_product, mugs):
    make_product("Red Mug")
    assert save_category(category=mugs).tree_path == "00001-kitchen!00000-mugs"
