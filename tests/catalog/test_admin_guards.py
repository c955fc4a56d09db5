"""What the admin refuses to save or delete, and says why."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from catalog.admin import categories
from catalog.models import Category, Product, Stock
from catalog.services import save_category
from tests.catalog.forms import (
    ADD,
    change_url,
    errors_of,
    form,
    management,
    page_of,
    variant,
    with_one_variant,
)
from tests.conftest import Staff, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def settle(category: Category) -> None:
    """As if what was put into the category had been put there yesterday."""
    Category.objects.filter(pk=category.pk).update(filled_at=timezone.now() - timedelta(days=1))


def test_what_only_saving_finds_wrong_is_explained(manager, product, mugs, kitchen, monkeypatch):
    """Another manager takes the slug between the form's look and the saving."""

    def taken(*, category: Category) -> Category:
        raise ValidationError({"slug": "Category with this Slug already exists."})

    monkeypatch.setattr(categories, "save_category", taken)
    url = reverse("admin:catalog_category_change", args=[mugs.pk])
    data = {"name": "Cups", "slug": "cups", "parent": kitchen.pk, "position": 0}
    response = manager.post(url, data)
    assert errors_of(response) == ["Nothing was saved: Category with this Slug already exists."]
    assert response.context["adminform"].form["name"].value() == "Cups"


def test_an_empty_category_is_deleted(manager, mugs, kitchen):
    settle(kitchen)
    for category in (mugs, kitchen):
        url = reverse("admin:catalog_category_delete", args=[category.pk])
        assert manager.post(url, {"post": "yes"}).status_code == 302
    assert not Category.objects.exists()


def test_several_empty_categories_are_deleted(manager, mugs, kitchen):
    other = save_category(category=Category(name="Gifts", slug="gifts"))
    url = reverse("admin:catalog_category_changelist")
    keys = [other.pk, mugs.pk]
    data = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert manager.post(url, data).status_code == 302
    assert [category.pk for category in Category.objects.all()] == [kitchen.pk]


def test_a_category_that_was_just_filled_is_not_deleted(manager, mugs, kitchen):
    """An index that lags would call it empty."""
    mugs.mark_filled()
    url = reverse("admin:catalog_category_delete", args=[mugs.pk])
    assert messages_of(manager.post(url, {"post": "yes"}, follow=True)) == [
        "The category is in use, or was until a moment ago: it was not deleted."
    ]
    assert Category.objects.filter(pk=mugs.pk).exists()


def test_a_description_of_50_000_characters(manager, product):
    data = with_one_variant(product, description="x" * 50_000)
    assert manager.post(change_url(product), data).status_code == 302
    response = manager.post(change_url(product), {**data, "description": "x" * 50_001})
    assert errors_of(response) == ["Ensure this value has at most 50000 characters (it has 50001)."]
    assert len(Product.objects.get().description) == 50_000


def test_what_is_too_large_to_store_is_explained(manager, product):
    data = with_one_variant(product, attributes=f"material={'x' * 500_000}")
    response = manager.post(change_url(product), data)
    assert errors_of(response) == ["Too large to store. Nothing was saved; shorten the texts."]
    assert Product.objects.get().attributes == {}


@pytest.fixture
def editor(db) -> Staff:
    """May do all with products, but not touch the stock."""
    user = make_user("editor", is_staff=True)
    permissions = Permission.objects.filter(content_type__app_label="catalog")
    user.user_permissions.set(permissions.exclude(codename="change_stock"))
    return Staff(user)


@pytest.mark.parametrize("opened", [True, False])
def test_stock_wants_its_own_permission(editor, product, opened):
    """Whatever the form says was shown: the difference to it is what would be applied."""
    page = {"_page": page_of(editor, product)} if opened else {}
    data = with_one_variant(product, name="Other", stock="50", **page)
    assert editor.post(change_url(product), data).status_code == 302
    assert Product.objects.get().name == "Other"
    assert Stock.objects.get(pk="MUG-1").available == 5


def test_a_new_variant_without_that_permission_has_no_stock(editor, mugs):
    data = form(mugs, **management("variants", total=1), **variant(0, "MUG-1", stock="50"))
    assert editor.post(ADD, data).status_code == 302
    assert Stock.objects.get(pk="MUG-1").available == 0
