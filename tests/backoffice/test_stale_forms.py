"""A form that was opened before somebody else's save undoes nothing of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from backoffice import forms
from backoffice.forms import CLASH
from catalog.models import Category, Product, ProductImage, ProductPage, Stock, Variant
from catalog.services import reserve_stock
from tests.backoffice.browser import Tab, errors_of, said
from tests.catalog.forms import change_url
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)


def available(sku: str) -> int:
    return Stock.objects.get(pk=sku).available


def test_each_keeps_what_they_changed(ada: Staff, bob: Staff, mug: Product) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(
        name="Crimson Mug",
        variants__0__price="9.00",
        variants__0__options="size=S",
        variants__1__options="size=XL",
    ).save()

    assert ours.type(brand="Clay", variants__0__barcode="4006381333931").save().status_code == 302

    found = Product.objects.get()
    assert (found.name, found.brand) == ("Crimson Mug", "Clay")
    small = Variant.objects.get(pk="MUG-S")
    assert (small.price, small.barcode) == (Decimal("9.00"), "4006381333931")
    assert Variant.objects.get(pk="MUG-L").options == {"size": "XL"}
    assert ProductPage.objects.get().document["name"] == "Crimson Mug"


def test_without_the_merge_the_second_save_undoes_the_first(
    ada: Staff, bob: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms.MergedForm, "merge", lambda self, shown, absent=False: None)
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(name="Crimson Mug", variants__0__price="9.00").save()
    ours.type(brand="Clay").save()
    found = Product.objects.get()
    assert (found.name, found.brand) == ("Red Mug", "Clay")
    assert Variant.objects.get(pk="MUG-S").price == Decimal("12.00")


def test_the_same_field_asks_with_both_values(ada: Staff, bob: Staff, mug: Product) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(status="archived", variants__0__price="9.00", description="Theirs").save()

    response = ours.type(name="Ours", status="draft", variants__0__price="14.50").save()

    assert errors_of(response) == [
        "Yours: “Draft”. Meanwhile “Active” became “Archived”.",
        CLASH,
        "Yours: “14.50”. Meanwhile “12.00” became “9.00”.",
        CLASH,
    ]
    found = Product.objects.get()
    assert (found.name, found.status) == ("Red Mug", "archived")

    # Shown again, the form has what this person typed, and elsewhere what is stored now.
    ours.show(response)
    assert ours.fields["name"] == ["Ours"]
    assert ours.fields["description"] == ["Theirs"]
    assert ours.fields["variants-0-price"] == ["14.50"]
    assert ours.save().status_code == 302
    found = Product.objects.get()
    assert (found.name, found.status, found.description) == ("Ours", "draft", "Theirs")
    assert Variant.objects.get(pk="MUG-S").price == Decimal("14.50")


def test_both_said_the_same(ada: Staff, bob: Staff, mug: Product) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(name="Crimson Mug").save()
    assert ours.type(name="Crimson Mug", brand="Clay").save().status_code == 302
    found = Product.objects.get()
    assert (found.name, found.brand) == ("Crimson Mug", "Clay")


def test_lines_and_long_texts_count_as_shown(ada: Staff, bob: Staff, mug: Product) -> None:
    """A browser sends other ends of lines than it was shown, and no spaces at the end."""
    Product.objects.update(description="First line.\nSecond line.\n" + "x" * 500 + "\n")
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(description="Theirs").save()
    assert ours.type(brand="Clay").save().status_code == 302
    assert Product.objects.get().description == "Theirs"


def test_a_product_that_was_deleted_meanwhile(ada: Staff, bob: Staff, mug: Product) -> None:
    ours = Tab(ada, change_url(mug))
    bob.post(reverse("admin:catalog_product_delete", args=[mug.pk]), {"post": "yes"})
    messages = ours.type(name="Crimson Mug").save_and_look()
    assert messages == [f"product with ID “{mug.pk}” doesn’t exist. Perhaps it was deleted?"]
    assert not Product.objects.exists()


# Rows -----------------------------------------------------------------------------------


def test_a_row_that_was_added_meanwhile_stays(ada: Staff, bob: Staff, mug: Product) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    added = {
        "sku": "MUG-M",
        "price": "13.00",
        "currency": "EUR",
        "stock": "3",
        "position": "0",
        "options": "size=M",
    }
    theirs.type(variants__TOTAL_FORMS="3")
    theirs.type(variants__0__options="size=S", variants__1__options="size=L")
    theirs.type(**{f"variants__2__{name}": value for name, value in added.items()})
    theirs.type(variants__2__weight_grams="1").save()

    # There are more rows than this page has shown: the prices must not be shifted.
    response = ours.type(variants__0__price="9.00", variants__1__price="x").save()
    assert errors_of(response) == ["Enter a number."]
    ours.show(response)
    assert [ours.fields[f"variants-{n}-sku"] for n in range(3)] == [["MUG-S"], ["MUG-L"], ["MUG-M"]]
    assert ours.type(variants__1__price="15.00").save().status_code == 302
    prices = {variant.pk: str(variant.price) for variant in Variant.objects.all()}
    assert prices == {"MUG-S": "9.00", "MUG-M": "13.00", "MUG-L": "15.00"}
    assert available("MUG-M") == 3


def test_a_row_that_was_deleted_meanwhile_does_not_come_back(
    ada: Staff, bob: Staff, mug: Product
) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(variants__0__DELETE="on").save()
    assert ours.type(name="Ours", variants__1__price="15.00").save().status_code == 302
    assert [(v.pk, str(v.price)) for v in Variant.objects.all()] == [("MUG-L", "15.00")]
    assert Product.objects.get().name == "Ours"


def test_a_row_that_was_changed_here_and_deleted_there(
    ada: Staff, bob: Staff, mug: Product
) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(variants__0__DELETE="on").save()
    response = ours.type(name="Ours", variants__0__price="9.00", variants__0__stock="20").save()
    assert errors_of(response) == [
        "Since this page was shown, variant MUG-S was deleted, where you changed Price, Stock. "
        "Nothing was saved. Save again without it, or add it anew."
    ]
    assert Product.objects.get().name == "Red Mug"
    ours.show(response)
    assert ours.save().status_code == 302
    assert Product.objects.get().name == "Ours"
    assert [variant.pk for variant in Variant.objects.all()] == ["MUG-L"]


def test_deleting_a_row_that_was_changed_meanwhile_asks(
    ada: Staff, bob: Staff, mug: Product
) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(variants__0__price="9.00").save()
    response = ours.type(variants__0__DELETE="on").save()
    assert errors_of(response) == [
        "Since this page was shown, Price of MUG-S was changed, which you delete. Nothing was "
        "saved. Save again to delete it all the same."
    ]
    ours.show(response)
    assert ours.save().status_code == 302
    assert [variant.pk for variant in Variant.objects.all()] == ["MUG-L"]


def test_pictures_are_rows_too(ada: Staff, bob: Staff, mug: Product, picture: Any) -> None:
    first, second = (ProductImage(product=mug, file=picture(), position=n) for n in range(2))
    first.save()
    second.save()
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    theirs.type(images__0__DELETE="on", images__1__alt="Theirs").save()
    assert ours.type(images__1__position="7").save().status_code == 302
    (image,) = ProductImage.objects.all()
    assert (image.pk, image.alt, image.position) == (second.pk, "Theirs", 7)


# Stock ----------------------------------------------------------------------------------


def test_two_who_both_say_thirty(ada: Staff, bob: Staff, mug: Product) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    assert theirs.type(variants__0__stock="30").save().status_code == 302
    reserve_stock(sku="MUG-S", quantity=2)
    response = ours.type(variants__0__stock="30").save()
    assert errors_of(response) == ["Yours: “30”. Meanwhile “10” became “28”.", CLASH]
    assert available("MUG-S") == 28
    ours.show(response)
    assert ours.save().status_code == 302
    assert available("MUG-S") == 30


def test_what_was_sold_while_the_form_was_open_asks_nobody(ada: Staff, mug: Product) -> None:
    ours = Tab(ada, change_url(mug))
    reserve_stock(sku="MUG-S", quantity=4)
    assert ours.type(variants__0__stock="30", name="Ours").save().status_code == 302
    assert available("MUG-S") == 26


def test_a_count_that_sales_happen_to_have_reached(ada: Staff, mug: Product) -> None:
    """Three were missing when ten were shown; three others were sold meanwhile."""
    ours = Tab(ada, change_url(mug))
    reserve_stock(sku="MUG-S", quantity=3)
    assert ours.type(variants__0__stock="7").save().status_code == 302
    assert available("MUG-S") == 4


def test_a_form_shown_again_counts_from_what_was_shown_first(ada: Staff, mug: Product) -> None:
    ours = Tab(ada, change_url(mug))
    reserve_stock(sku="MUG-S", quantity=4)
    response = ours.type(variants__0__stock="30", variants__0__price="x").save()
    ours.show(response)
    assert ours.type(variants__0__price="12.00").save().status_code == 302
    assert available("MUG-S") == 26


def test_a_sku_that_was_deleted_and_added_anew_is_another(
    ada: Staff, bob: Staff, mug: Product
) -> None:
    ours = Tab(ada, change_url(mug))
    Tab(bob, change_url(mug)).type(variants__0__DELETE="on").save()
    again = {
        "sku": "MUG-S",
        "price": "12.00",
        "currency": "EUR",
        "stock": "10",
        "position": "0",
        "options": "size=S",
    }
    theirs = Tab(bob, change_url(mug)).type(variants__TOTAL_FORMS="2")
    theirs.type(**{f"variants__1__{name}": value for name, value in again.items()})
    theirs.type(variants__0__options="size=L", variants__1__weight_grams="0")
    assert theirs.save().status_code == 302
    response = ours.type(variants__0__stock="30").save()
    assert errors_of(response) == ["Yours: “30”. Meanwhile “10” became “10”.", CLASH]
    assert available("MUG-S") == 10


# Other models ---------------------------------------------------------------------------


def test_a_category(ada: Staff, bob: Staff, mugs: Category) -> None:
    url = reverse("admin:catalog_category_change", args=[mugs.pk])
    ours, theirs = Tab(ada, url), Tab(bob, url)
    theirs.type(name="Cups").save()
    assert ours.type(description="Ours").save().status_code == 302
    found = Category.objects.get(pk=mugs.pk)
    assert (found.name, found.description) == ("Cups", "Ours")
    response = theirs.type(name="Beakers", description="Theirs").save()
    # Their page is from before their own save, too.
    assert errors_of(response) == [
        "Yours: “Beakers”. Meanwhile “Mugs” became “Cups”.",
        "Yours: “Theirs”. Meanwhile nothing became “Ours”.",
        CLASH,
    ]


def test_a_user_and_their_groups(superuser: Staff, customer: Any, mugs: Category) -> None:
    group = Group.objects.create(name="Clerks")
    other = Staff(User.objects.create_superuser("other"))
    url = reverse("admin:auth_user_change", args=[customer.user.pk])
    ours, theirs = Tab(superuser, url), Tab(other, url)
    theirs.type(groups=[str(group.pk)], is_active=None, date_joined_0="2020-01-01").save()
    assert ours.type(first_name="Ada").save().status_code == 302
    found = User.objects.get(pk=customer.user.pk)
    assert (found.first_name, found.is_active, found.date_joined.year) == ("Ada", False, 2020)
    assert [each.name for each in found.groups.all()] == ["Clerks"]
    assert customer.user.password not in ours.html.split('name="_page"')[1]


def test_a_group_s_permissions(superuser: Staff, mugs: Category) -> None:
    group = Group.objects.create(name="Clerks")
    add, _, delete = names = ("add_logentry", "change_logentry", "delete_logentry")
    found = {each.codename: each for each in Permission.objects.filter(codename__in=names)}
    one, two = found[add], found[delete]
    other = Staff(User.objects.create_superuser("other"))
    url = reverse("admin:auth_group_change", args=[group.pk])
    ours, theirs = Tab(superuser, url), Tab(other, url)
    theirs.type(permissions=[str(one.pk)]).save()
    assert ours.type(name="Sellers").save().status_code == 302
    assert [each.pk for each in group.permissions.all()] == [one.pk]
    error, ask = errors_of(theirs.type(permissions=[str(two.pk)]).save())
    assert error == (
        "Yours: “Administration | log entry | Can delete log entry”. Meanwhile nothing became "
        "“Administration | log entry | Can add log entry”."
    )
    assert ask == str(CLASH)


def test_a_page_of_somebody_else_is_refused(ada: Staff, bob: Staff, mug: Product) -> None:
    ours, theirs = Tab(ada, change_url(mug)), Tab(bob, change_url(mug))
    ours.type(_page=theirs.fields["_page"], name="Ours")
    response = ada.post(ours.url, {**ours.fields, "_save": "Save"}, follow=True)
    assert said(response) == [
        "This page was not made for you here, or too long ago. Nothing was saved: this is a new "
        "one."
    ]
    assert Product.objects.get().name == "Red Mug"
