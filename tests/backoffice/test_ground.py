"""Every model of the admin stands on the same ground."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

import backoffice.addresses  # noqa: F401 - registers all pages
from backoffice.ground import TransactionalAdmin
from catalog.models import Product, Variant
from catalog.services import delete_product
from tests.backoffice.browser import Tab, said
from tests.catalog.forms import LIST, change_url
from tests.conftest import Staff, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_models() -> None:
    others = {
        model.__name__
        for model, each in admin.site._registry.items()
        if not isinstance(each, TransactionalAdmin)
    }
    assert others == set()


def test_who_may_only_look_sees_pages(ada: Staff, mug: Product) -> None:
    looking = make_user("looking", is_staff=True)
    looking.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    staff = Staff(looking)
    assert 'name="_page"' in staff.get(LIST).content.decode()
    assert 'name="_page"' in staff.get(change_url(mug)).content.decode()
    assert staff.post(change_url(mug), {"name": "Other"}).status_code == 403


def test_who_may_not_change_the_rows_changes_the_rest(ada: Staff, mug: Product) -> None:
    """Rows that may only be looked at do not come back, and are not undone."""
    editor = make_user("editor", is_staff=True)
    names = ["view_product", "change_product", "view_variant", "view_productimage"]
    editor.user_permissions.set(Permission.objects.filter(codename__in=names))
    tab = Tab(Staff(editor), change_url(mug))
    Tab(ada, change_url(mug)).type(variants__0__price="9.00").save()
    assert tab.type(name="Crimson Mug").save().status_code == 302
    assert Product.objects.get().name == "Crimson Mug"
    assert sorted(str(v.price) for v in Variant.objects.all()) == ["14.00", "9.00"]


def test_an_action_on_what_is_gone(ada: Staff, mug: Product) -> None:
    tab = Tab(ada, LIST)
    delete_product(product_id=mug.pk)
    data = {"action": "archive", "index": "0", "_selected_action": [mug.pk]}
    assert said(ada.post(LIST, {**tab.fields, **data}, follow=True)) == [
        "What you chose is not in this list any more: nothing was done."
    ]


def test_a_list_of_somebody_else_is_refused(ada: Staff, bob: Staff, mug: Product) -> None:
    ours = Tab(ada, LIST).type(form__0__brand="Ours", _page=Tab(bob, LIST).fields["_page"])
    assert ours.save_and_look() == [
        "This list was not made for you here, or too long ago. Nothing was saved: this is a new "
        "one."
    ]
    assert Product.objects.get().brand == "Tide"


def test_a_popup_is_answered_again(ada: Staff, superuser: Staff) -> None:
    """Adding a category from a product's form: the window closes, also the second time."""
    url = reverse("admin:catalog_category_add") + "?_popup=1"
    tab = Tab(superuser, url).type(name="Gifts", slug="gifts")
    first, second = tab.save(), tab.save()
    assert "popup_response" in first.content.decode()
    assert first.content == second.content
