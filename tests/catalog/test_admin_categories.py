"""Categories in the admin."""

import pytest
from django.urls import reverse

from catalog.models import Category, Listing
from tests.catalog.forms import errors_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_categories_are_edited_as_a_tree(manager, product, mugs, kitchen, republish):
    page = manager.get(reverse("admin:catalog_category_changelist")).content.decode()
    assert "padding-left: 2em" in page
    url = reverse("admin:catalog_category_change", args=[mugs.pk])
    data = {"name": "Cups", "slug": "cups", "parent": kitchen.pk, "position": 0}
    assert manager.post(url, data).status_code == 302
    republish()
    assert Listing.objects.filter(shelf="category:cups").count() == 1
    url = reverse("admin:catalog_category_change", args=[kitchen.pk])
    response = manager.post(url, {**data, "slug": "kitchen", "parent": mugs.pk})
    assert errors_of(response) == ["A category cannot lie below itself."]


def test_a_category_in_use_is_not_deleted(manager, product, mugs):
    url = reverse("admin:catalog_category_delete", args=[mugs.pk])
    assert "would require deleting the following protected" in manager.get(url).content.decode()
    manager.post(url, {"post": "yes"})
    assert Category.objects.filter(pk=mugs.pk).exists()
