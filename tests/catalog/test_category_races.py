"""A product is saved while its category is changed or deleted: both orders, and no third.

The other manager comes between the reading and the commit, on a connection of their own.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.db.models.deletion import Collector
from django.utils import timezone

from catalog.errors import CategoryInUse
from catalog.models import Category, Listing, Product, ProductPage, Variant
from catalog.services import (
    delete_category,
    delete_product,
    open_stock,
    publish_product,
    publishing,
    save_category,
)
from dynamodb.errors import ConflictError
from outbox.models import OutboxMessage
from tests.catalog.lagging import lag_behind

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(run):
    """Run it as somebody else would: in a thread with a connection of its own."""

    def alone():
        try:
            return run()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result()


def add_product(category, meanwhile=lambda: None):
    """A new product of the category; `meanwhile` happens before its commit."""
    with transaction.atomic():
        product = Product.objects.create(
            name="Red Mug", slug="red-mug", category=category, status="active"
        )
        Variant(sku="MUG-1", product=product, price=Decimal(12)).save()
        open_stock(sku="MUG-1", available=1)
        publish_product(product=product)
        elsewhere(meanwhile)


def rename(category):
    other = Category.objects.get(pk=category.pk)
    other.slug = "cups"
    save_category(category=other)


def settle(category):
    Category.objects.filter(pk=category.pk).update(filled_at=timezone.now() - timedelta(days=1))


def remove(category):
    delete_category(category_id=category.pk)


def shelves():
    return sorted(Listing.objects.values_list("shelf", flat=True))


def test_a_rename_meanwhile(mugs):
    with pytest.raises(ConflictError):
        add_product(mugs, lambda: rename(mugs))
    add_product(Category.objects.get(slug="cups"))
    assert shelves() == ["all", "category:cups", "category:kitchen"]


def unguarded(product, contents):
    """Guard out: the category is only read."""
    product.category = Category.objects.get(pk=product.category_id)
    contents.category_id = product.category_id


def test_without_holding_the_category_the_product_would_dangle(mugs, monkeypatch):
    """A rename alone would do no harm: what customers read is made after the commit."""
    monkeypatch.setattr(publishing, "enter_category", unguarded)
    add_product(mugs, lambda: rename(mugs))
    assert shelves() == ["all", "category:cups", "category:kitchen"]
    delete_product(product_id=Product.objects.get().pk)
    cups = Category.objects.get(slug="cups")
    settle(cups)
    add_product(cups, lambda: remove(cups))
    assert not Category.objects.filter(pk=Product.objects.get().category_id).exists()


def test_a_deletion_before_the_commit(mugs):
    with pytest.raises(ConflictError):
        add_product(mugs, lambda: remove(mugs))
    assert not Product.objects.exists()
    with pytest.raises(ConflictError, match="deleted meanwhile"):
        add_product(mugs)


def test_a_product_between_the_deletion_s_look_and_its_commit(mugs, monkeypatch):
    """The look found nothing; the mark tells the deletion otherwise."""
    insert_before_the_deletion(monkeypatch, lambda: add_product(mugs))
    with pytest.raises(ConflictError):
        remove(mugs)
    assert Product.objects.get().category == mugs


def test_without_the_mark_the_product_would_dangle(mugs, monkeypatch):
    monkeypatch.setattr(Category, "mark_filled", lambda self: None)
    insert_before_the_deletion(monkeypatch, lambda: add_product(mugs))
    remove(mugs)
    assert Product.objects.get().category_id == mugs.pk
    assert not Category.objects.filter(pk=mugs.pk).exists()


def test_a_category_put_below_meanwhile(mugs, monkeypatch):
    below = Category(name="Espresso", slug="espresso", parent=mugs)
    insert_before_the_deletion(monkeypatch, lambda: save_category(category=below))
    with pytest.raises(ConflictError):
        remove(mugs)
    assert Category.objects.get(slug="espresso").parent == mugs


def test_a_category_put_below_just_before_a_rename(
    make_product, mugs, kitchen, monkeypatch, republish
):
    """GIVEN an index that does not know of it yet WHEN the category above is renamed THEN it moves
    along half a minute later, and what lies in it and below it with it."""
    below = save_category(category=Category(name="Espresso", slug="espresso", parent=mugs))
    make_product("Red Mug", category=below)
    category = Category.objects.get(pk=kitchen.pk)
    category.name = "Cooking"
    with monkeypatch.context() as patch:
        lag_behind(patch, mugs.pk, below.pk)
        save_category(category=category)
        assert names_above(below) == ["Kitchen", "Mugs"]
    told = [message.body["categories"] for message in OutboxMessage.objects.all()]
    assert [kitchen.pk] in told  # the second time, for it was filled just now
    republish()
    assert names_above(mugs) == ["Cooking"]
    assert names_above(below) == ["Cooking", "Mugs"]
    page = ProductPage.objects.get().document
    assert [each["name"] for each in page["breadcrumbs"]] == ["Cooking", "Mugs", "Espresso"]


def names_above(category):
    return [each["name"] for each in Category.objects.get(pk=category.pk).ancestors]


def insert_before_the_deletion(monkeypatch, run):
    delete = Collector.delete

    def delayed(self):
        if Category in self.data or self.fast_deletes:
            elsewhere(run)
        return delete(self)

    monkeypatch.setattr(Collector, "delete", delayed)


@pytest.mark.parametrize("what", ["kitchen", "mugs"])
def test_a_category_that_is_not_empty_stays(make_product, mugs, kitchen, what):
    make_product("Red Mug")
    category = Category.objects.get(slug=what)
    settle(category)
    with pytest.raises(CategoryInUse, match="lie in it"):
        remove(category)


def test_saving_a_category_keeps_its_mark(mugs):
    stale = Category.objects.get(pk=mugs.pk)
    mugs.mark_filled()
    stale.name = "Cups"
    save_category(category=stale)
    assert Category.objects.get(pk=mugs.pk).filled_at == mugs.filled_at


def test_publishing_again_leaves_no_new_mark(make_product, mugs):
    product = make_product("Red Mug")
    before = Category.objects.get(pk=mugs.pk).filled_at
    publish_product(product=Product.objects.get(pk=product.pk))
    assert before is not None
    assert Category.objects.get(pk=mugs.pk).filled_at == before
