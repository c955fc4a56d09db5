"""What is deleted is not sold any more, also while an index lags and somebody adds to it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from catalog.models import (
    Product,
    ProductContents,
    ProductImage,
    ProductPage,
    Publication,
    Stock,
    Variant,
)
from catalog.services import (
    delete_product,
    deletion,
    open_stock,
    publish_product,
    save_product,
    set_status,
)
from catalog.services.publishing import note_contents
from tests.cart.races import at_once
from tests.cart.shoppers import Shopper
from tests.catalog.deaths import death, follow_up
from tests.catalog.lagging import lag_behind
from tests.orders.shopping import check_out, fill_cart

pytestmark = pytest.mark.django_db(transaction=True)


def add_variant(product: Product) -> None:
    """A second variant, MUG-2, on sale."""
    with transaction.atomic():
        Variant(sku="MUG-2", product=product, price=Decimal(9), position=1).save()
        open_stock(sku="MUG-2", available=1)
        publish_product(product=Product.objects.get(pk=product.pk))
    assert Variant.objects.get(pk="MUG-2").for_sale


def delete_in_the_admin(manager: Any, product: Product) -> Any:
    url = reverse("admin:catalog_product_delete", args=[product.pk])
    return manager.post(url, {"post": "yes"})


@pytest.fixture
def buyer(guest):
    return Shopper(guest.post("/api/v1/cart/").headers["Cart-Token"])


def test_a_variant_that_was_just_added(manager, product, buyer, monkeypatch):
    add_variant(product)
    fill_cart(buyer, {"MUG-2": 1})
    lag_behind(monkeypatch, "MUG-2")
    assert delete_in_the_admin(manager, product).status_code == 302
    assert not Variant.objects.filter(pk__in=["MUG-1", "MUG-2"]).exists()
    assert not Stock.objects.filter(pk__in=["MUG-1", "MUG-2"]).exists()
    line = buyer.get("/api/v1/cart/").json()["lines"][0]
    assert line["problem"] == {"code": "unavailable", "detail": "No longer for sale."}
    refused = check_out(buyer)
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        {"cart": ["No longer for sale: MUG-2. Remove and try again."]},
    )
    refused = buyer.post("/api/v1/cart/lines/", {"sku": "MUG-2", "quantity": 1})
    assert refused.json()["errors"] == {"sku": ["There is no article MUG-2 for sale."]}


def test_by_the_index_alone_it_would_be_sold(manager, product, buyer, monkeypatch):
    """The same with the guard taken out: what the product has noted is not asked."""
    add_variant(product)
    fill_cart(buyer, {"MUG-2": 1})
    lag_behind(monkeypatch, "MUG-2")
    ProductContents.objects.filter(pk=product.pk).update(skus=["MUG-1"])
    assert delete_in_the_admin(manager, product).status_code == 302
    assert check_out(buyer).status_code == 202


def test_archived_while_the_index_lags(product, monkeypatch):
    add_variant(product)
    lag_behind(monkeypatch, "MUG-2")
    set_status(product_id=product.pk, status=Product.Status.ARCHIVED)
    assert Variant.objects.get(pk="MUG-2").for_sale is False


def between_look_and_commit(monkeypatch, run):
    """`run` is done once, by somebody else, after the deletion has read what there is."""
    note, left = note_contents, [run]

    def delayed(product):
        contents = note(product)
        if left:
            at_once(left.pop())
        return contents

    monkeypatch.setattr(deletion, "note_contents", delayed)


def test_a_variant_that_is_added_meanwhile(product, monkeypatch):
    lag_behind(monkeypatch, "MUG-2")
    between_look_and_commit(monkeypatch, lambda: add_variant(product))
    delete_product(product_id=product.pk)
    assert not Variant.objects.filter(pk="MUG-2").exists()


def test_without_the_version_it_would_be_left_for_sale(product, monkeypatch):
    monkeypatch.setattr(deletion, "renew_version", lambda product: None)
    between_look_and_commit(monkeypatch, lambda: add_variant(product))
    delete_product(product_id=product.pk)
    assert Variant.objects.get(pk="MUG-2").for_sale


def test_the_admin_tries_again(manager, product, monkeypatch):
    between_look_and_commit(monkeypatch, lambda: add_variant(product))
    assert delete_in_the_admin(manager, product).status_code == 302
    assert not Variant.objects.filter(pk__in=["MUG-1", "MUG-2"]).exists()


def save_shirt(category, count):
    product = Product(name="Shirt", slug="shirt", category=category, status="active")
    rows = [
        Variant(sku=f"S-{n}", options={"size": str(n)}, price=9, position=n) for n in range(count)
    ]
    save_product(product=product, rows=rows)
    return product


@pytest.mark.parametrize("count", [45, 46])
def test_a_death_at_every_write(mugs, guest, monkeypatch, count):
    """GIVEN as many variants as go at once, or one more, WHEN their deletion dies anywhere, and is
    asked for again after its events THEN nothing is left; and no page lacked some of them."""
    product = save_shirt(mugs, count)
    with death(monkeypatch) as writes:
        delete_product(product_id=product.pk)
    for number in range(len(writes)):
        product = save_shirt(mugs, count)
        with pytest.raises(KeyboardInterrupt), death(monkeypatch, number, "before"):
            delete_product(product_id=product.pk)
        follow_up()
        seen = guest.get("/api/v1/products/shirt/").status_code
        assert (seen, Variant.objects.count()) in ((200, count), (404, Variant.objects.count()))
        if Product.objects.exists():
            delete_product(product_id=product.pk)
        for model in (Product, Variant, Stock, ProductContents, Publication, ProductPage):
            assert not model._default_manager.exists(), writes[number]
    # All at once, or archived before and in a part: each is seen by customers and told.
    assert len(writes) == (3 if count == 45 else 7)


def test_a_death_after_somebody_published_it_again(mugs, guest, monkeypatch):
    """GIVEN a large product that is being deleted WHEN somebody activates it in between THEN it is
    archived once more before further variants go: no page has variants that there are not."""
    product = save_shirt(mugs, 99)
    part, seen = deletion.delete_part, []

    def interrupted(product_id):
        part(product_id)
        seen.append(guest.get("/api/v1/products/shirt/").status_code)
        if len(seen) == 1:
            at_once(lambda: set_status(product_id=product_id, status=Product.Status.ACTIVE))
            seen.append(guest.get("/api/v1/products/shirt/").status_code)
        else:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(deletion, "delete_part", interrupted)
        delete_product(product_id=product.pk)
    assert (seen, Variant.objects.count()) == ([404, 200, 404], 59)
    delete_product(product_id=product.pk)
    assert not ProductContents.objects.exists()


def test_pictures_go_by_key_too(product, picture, monkeypatch):
    image = ProductImage(product=product, file=picture())
    image.save()
    publish_product(product=Product.objects.get(pk=product.pk))
    lag_behind(monkeypatch, image.pk)
    delete_product(product_id=product.pk)
    assert not ProductImage.objects.filter(pk=image.pk).exists()
