"""What a migration does to a catalogue that is there already."""

from importlib import import_module

import pytest
from django.apps import apps

from catalog.models import Product
from tests.catalog.forms import LIST

pytestmark = pytest.mark.django_db(transaction=True)

MIGRATION = "catalog.migrations.0004_product_search"


def test_products_from_before_are_found_when_the_worker_has_been_there(manager, product, republish):
    Product.objects.update(search_text="")
    import_module(MIGRATION).have_all_published_again(apps, None)
    assert list(manager.get(LIST).context["cl"].result_list) == [product]
    assert list(manager.get(LIST, {"q": "mug-1"}).context["cl"].result_list) == []
    assert republish() == 2  # a message for each category
    assert list(manager.get(LIST, {"q": "mug-1"}).context["cl"].result_list) == [product]


def test_an_empty_catalogue_asks_for_nothing(db, republish):
    import_module(MIGRATION).have_all_published_again(apps, None)
    assert republish() == 0
