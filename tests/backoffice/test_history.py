"""The history tells old and new values."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from backoffice import history
from catalog.models import Category, Product, ProductImage
from catalog.services import reserve_stock
from tests.backoffice.browser import Tab
from tests.catalog.forms import LIST, change_url
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)


def told(obj: Any) -> list[str]:
    entries = LogEntry.objects.filter(object_id=str(obj.pk)).order_by("action_time")
    return [entry.get_change_message() for entry in entries]


def test_a_form_with_its_rows(ada: Staff, mug: Product, kitchen: Category) -> None:
    tab = Tab(ada, change_url(mug)).type(category=str(kitchen.pk), status="draft", brand="")
    reserve_stock(sku="MUG-S", quantity=4)
    tab.type(variants__0__stock="30", variants__0__options="size=S")
    tab.type(variants__1__price="14.50", variants__1__options="size=L")
    tab.save()
    assert told(mug) == [
        "Changed Status “Active” → “Draft”, Category “Kitchen / Mugs” → “Kitchen” and Brand "
        "“Tide” → nothing. Changed Options nothing → “size=S” and Stock “6” → “26” for variant "
        "“MUG-S”. Changed Options nothing → “size=L” and Price “14.00” → “14.50” for variant "
        "“MUG-L”."
    ]
    page = ada.get(reverse("admin:catalog_product_history", args=[mug.pk])).content.decode()
    assert "Price “14.00” → “14.50”" in page


def test_a_row_of_the_list(ada: Staff, mug: Product) -> None:
    Tab(ada, LIST).type(form__0__status="archived", form__0__brand="Clay").save()
    assert told(mug) == ["Changed Status “Active” → “Archived” and Brand “Tide” → “Clay”."]


def test_a_long_value_is_cut(ada: Staff, mug: Product) -> None:
    Tab(ada, change_url(mug)).type(description="x" * 5000).save()
    assert told(mug) == [f"Changed Description nothing → “{'x' * 59}…”."]


def test_what_is_beyond_the_room_is_only_named(
    ada: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST", 40)
    tab = Tab(ada, change_url(mug)).type(brand="Clay", description="Round.")
    tab.type(variants__0__price="9.00").save()
    assert told(mug) == [
        "Changed Brand “Tide” → “Clay” and Description. Changed Price for variant “MUG-S”."
    ]


def test_a_picture_whose_file_is_replaced(
    ada: Staff, mug: Product, picture: Callable[..., SimpleUploadedFile]
) -> None:
    """The old and the new file, by the names under which both are stored."""
    image = ProductImage.objects.create(product=mug, file=picture(), alt="A mug")
    before = image.file.name
    Tab(ada, change_url(mug)).type(images__0__file=picture("new.png")).save()
    image.refresh_from_db()
    after = image.file.name
    assert before != after
    assert told(mug) == [f"Changed File “{before}” → “{after}” for product image “A mug”."]


def test_people_and_their_groups(superuser: Staff, customer: Any) -> None:
    old, new = Group.objects.create(name="Old"), Group.objects.create(name="New")
    customer.user.groups.add(old)
    url = reverse("admin:auth_user_change", args=[customer.user.pk])
    Tab(superuser, url).type(groups=[str(new.pk)], is_active=None).save()
    assert told(customer.user) == ["Changed Active yes → no and Groups: added New, removed Old."]


def test_no_password_is_told(superuser: Staff, customer: Any) -> None:
    url = reverse("admin:auth_user_password_change", args=[customer.user.pk])
    new = "another battery staple"
    superuser.post(url, {"password1": new, "password2": new, "usable_password": "true"})
    assert User.objects.get(pk=customer.user.pk).check_password(new)
    assert told(customer.user) == ["Changed password."]
