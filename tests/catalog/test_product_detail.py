"""GET /api/v1/products/<slug>/"""

import pytest
from django.core.files.storage import default_storage

from catalog.models import ProductImage, ProductPage, Stock, Variant
from catalog.services import reserve_stock
from tests.catalog.conftest import give_options, publish

URL = "/api/v1/products/{}/"


def test_the_whole_page(guest, make_product, picture):
    product = make_product(
        "Red Mug",
        {"MUG-1": "12.00", "MUG-2": "14.00"},
        stock=3,
        brand="Tide",
        description="Red.",
        attributes={"material": "Clay"},
    )
    image = ProductImage(product=product, file=picture(), alt="A red mug")
    image.save()
    publish(product)
    reserve_stock(sku="MUG-2", quantity=3)
    response = guest.get(URL.format("red-mug"))
    assert response.status_code == 200
    shown = {
        "url": image.file.url,
        "alt": "A red mug",
        "width": 8,
        "height": 8,
        "ground": "#ff0000",
        "renditions": [],
    }
    assert response.json() == {
        "id": product.pk,
        "slug": "red-mug",
        "name": "Red Mug",
        "brand": "Tide",
        "description": "Red.",
        "attributes": {"material": "Clay"},
        "breadcrumbs": [
            {"name": "Kitchen", "slug": "kitchen"},
            {"name": "Mugs", "slug": "mugs"},
        ],
        "images": [shown],
        "options": [],
        "variants": [
            {
                "sku": "MUG-1",
                "options": {},
                "price": {"amount": "12.00", "currency": "EUR"},
                "barcode": "",
                "weight_grams": 0,
                "image": shown,
                "available": 3,
                "in_stock": True,
            },
            {
                "sku": "MUG-2",
                "options": {},
                "price": {"amount": "14.00", "currency": "EUR"},
                "barcode": "",
                "weight_grams": 0,
                "image": shown,
                "available": 0,
                "in_stock": False,
            },
        ],
        "further": None,
    }


def test_each_variant_has_its_picture(guest, make_product, picture):
    product = make_product("Mug", {"MUG-1": "12.00", "MUG-2": "12.00", "MUG-3": "12.00"})
    give_options({f"MUG-{n}": {"colour": c} for n, c in enumerate(("Red", "Blue", "Green"), 1)})
    for place, options in enumerate(({}, {"colour": "blue"}, {"colour": "Red"})):
        ProductImage(product=product, file=picture(), position=place, options=options).save()
    publish(product)
    page = guest.get(URL.format("mug")).json()
    urls = [image["url"] for image in page["images"]]
    assert [variant["image"]["url"] for variant in page["variants"]] == [urls[2], urls[1], urls[0]]
    names = [Variant.objects.get(pk=f"MUG-{n}").image for n in (1, 2, 3)]
    assert [default_storage.url(name) for name in names] == [urls[2], urls[1], urls[0]]


def test_a_page_of_before_there_was_all_that(guest, make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00"})
    document = ProductPage.objects.get(pk="red-mug").document
    del document["options"], document["variants"][0]["image"]
    ProductPage.objects.filter(pk="red-mug").update(document=document)
    page = guest.get(URL.format("red-mug")).json()
    assert (page["id"], page["options"], page["variants"][0]["image"]) == (product.pk, [], None)


def test_a_variant_without_stock_has_none(guest, make_product):
    make_product("Red Mug", {"MUG-1": "12.00"})
    Stock.objects.filter(pk="MUG-1").delete()
    variant = guest.get(URL.format("red-mug")).json()["variants"][0]
    assert (variant["available"], variant["in_stock"]) == (0, False)


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_active_is_not_found(guest, make_product, status):
    make_product("Red Mug", status=status)
    assert guest.get(URL.format("red-mug")).status_code == 404


@pytest.mark.parametrize("slug", ["nothing", "0", "-1", "1.5", "Käse", "%00", "x" * 3000])
def test_an_unknown_product(guest, db, slug):
    response = guest.get(URL.format(slug))
    assert response.status_code == 404
    assert response.json()["code"] == "product_not_found"
    assert response["Content-Type"] == "application/problem+json"


def test_a_page_of_variants_that_there_is_not(guest, make_product):
    make_product("Red Mug")
    answer = guest.get("/api/v1/products/red-mug/variants/", {"page": "2"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == (
        "There is no such page of variants, or no such product. Follow next from 1."
    )


@pytest.mark.parametrize(
    "page", ["", "0", "-1", "1.0", " 1", "one", "22", "\u0663", "0" * 9 + "1" + "9" * 9, "9" * 5000]
)
def test_a_page_of_variants_that_there_cannot_be(guest, make_product, page):
    make_product("Red Mug")
    answer = guest.get("/api/v1/products/red-mug/variants/", {"page": page})
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"page": ["A whole number from 1 to 21."]},
    )
