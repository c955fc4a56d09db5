"""The large catalogue for measuring."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Listing, Product, ProductPage, Stock, Variant
from catalog.projections import project_product
from catalog.services import publish_product
from catalog.synthetic import make_rows


def test_rows_are_as_publishing_would_write_them(mugs, written):
    for rows in make_rows(size=3, categories=[mugs]):
        for row in rows:
            row.save(force_insert=True)
    counted = [model.objects.count() for model in (Product, Variant, Stock, Listing, ProductPage)]
    assert counted == [3, 6, 6, 9, 3]
    product = Product.objects.all()[0]
    with written() as statements:
        publish_product(product=product)
        project_product(product_id=product.pk)
    assert {statement.split('"')[1] for statement in statements} == {
        "catalog_product",  # its version
        "outbox_outboxmessage",
        "catalog_publication",
    }


def test_prices_can_be_paid_in_the_shop_s_currency(mugs, settings):
    settings.SHOP_CURRENCY = "JPY"
    rows = [row for rows in make_rows(size=3, categories=[mugs]) for row in rows]
    prices = [row.price for row in rows if isinstance(row, Variant)]
    assert [str(price) for price in prices] == ["5", "5", "5", "6", "6", "6"]


@pytest.mark.django_db(transaction=True)
def test_the_command_adds_products_that_can_be_browsed(guest, mugs):
    call_command("load_catalogue", size=30, stdout=StringIO())
    first = guest.get("/api/v1/products/?page_size=1").json()["results"][0]
    assert first["name"] == "Planter no. 29"
    page = guest.get(f"/api/v1/products/{first['slug']}/").json()
    assert [variant["available"] for variant in page["variants"]] == [100, 100, 100]


def test_a_size_of_nothing_is_refused(db):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("load_catalogue", size=0)
