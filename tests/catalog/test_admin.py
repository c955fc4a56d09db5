"""The stock Django admin, as a catalog manager drives it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Listing, Product, ProductImage, ProductPage, Publication, Stock, Variant
from catalog.services import reserve_stock
from tests.catalog.forms import (
    ADD,
    LIST,
    change_url,
    errors_of,
    form,
    management,
    page_of,
    variant,
    with_one_variant,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_product_with_two_variants_and_a_picture_in_one_save(manager, mugs, picture, calls):
    data = form(
        mugs,
        **management("variants", total=2),
        **variant(0, "MUG-S", options="size=S"),
        **variant(1, "MUG-L", options="size=L", price="14.00", stock="0"),
        **management("images", total=1),
        **{"images-0-file": picture("mug.png"), "images-0-alt": "A mug", "images-0-position": 0},
    )
    with calls() as made:
        response = manager.post(ADD, data)
    assert response.status_code == 302, errors_of(response)
    commits = [call.operation for call in made if call.operation == "TransactWriteItems"]
    assert commits == ["TransactWriteItems"] * 2  # the save, and what customers read of it
    product = Product.objects.get(slug="red-mug")
    assert product.attributes == {"material": "Clay"}
    assert [(v.pk, v.options, str(v.price)) for v in product.variants.all()] == [
        ("MUG-S", {"size": "S"}, "12.00"),
        ("MUG-L", {"size": "L"}, "14.00"),
    ]
    assert {s.pk: s.available for s in Stock.objects.all()} == {"MUG-S": 5, "MUG-L": 0}
    image = product.images.get()
    assert str(image.file.name).startswith("products/")
    assert str(image.file.name).endswith(".png")
    assert Listing.objects.get(shelf="all").card["image"] == {
        "file": image.file.name,
        "alt": "A mug",
        "width": 8,
        "height": 8,
        "ground": "#ff0000",
        "renditions": [],
    }
    assert Variant.objects.get(pk="MUG-S").image == image.file.name


def test_the_list_finds_filters_and_shows(manager, make_product, mugs, product):
    make_product("Blue Pan", status="draft")
    page = manager.get(LIST).content.decode()
    assert "Red Mug" in page
    assert "Blue Pan" in page
    assert "12.00 EUR" in page
    found = manager.get(LIST, {"q": "red"}).content.decode()
    assert "Red Mug" in found
    assert "Blue Pan" not in found
    drafts = manager.get(LIST, {"status__exact": "draft"}).content.decode()
    assert "Blue Pan" in drafts
    assert "Red Mug" not in drafts
    inside = manager.get(LIST, {"category__id__exact": mugs.pk}).content.decode()
    assert "Red Mug" in inside


def test_editing_is_seen_by_customers_and_in_the_history(manager, guest, product):
    assert 'value="MUG-1"' in manager.get(change_url(product)).content.decode()
    response = manager.post(
        change_url(product), with_one_variant(product, name="Crimson Mug", price="9.00")
    )
    assert response.status_code == 302, errors_of(response)
    card = guest.get("/api/v1/products/").json()["results"][0]
    assert (card["name"], card["price_from"]["amount"]) == ("Crimson Mug", "9.00")
    history = manager.get(reverse("admin:catalog_product_history", args=[product.pk]))
    assert "Changed Name" in history.content.decode()


def test_stock_changes_by_the_difference_to_what_was_shown(manager, product):
    # GIVEN a form that showed 5, and a buyer who took 2 meanwhile
    page = page_of(manager, product)
    reserve_stock(sku="MUG-1", quantity=2)
    # WHEN the manager adds ten
    manager.post(change_url(product), with_one_variant(product, _page=page, stock="15"))
    # THEN ten are added to the three that are left
    stock = Stock.objects.get(pk="MUG-1")
    assert (stock.available, stock.reserved) == (13, 2)


def test_stock_that_was_not_touched_stays(manager, product):
    page = page_of(manager, product)
    reserve_stock(sku="MUG-1", quantity=2)
    data = with_one_variant(product, _page=page, name="Other", stock="5")
    assert manager.post(change_url(product), data).status_code == 302
    assert Stock.objects.get(pk="MUG-1").available == 3


def test_stock_that_was_sold_meanwhile_cannot_be_taken_away(manager, product):
    page = page_of(manager, product)
    reserve_stock(sku="MUG-1", quantity=4)
    data = with_one_variant(product, _page=page, stock="0")
    response = manager.post(change_url(product), data)
    assert errors_of(response) == ["Meanwhile only 1 are left: look again."]
    assert Stock.objects.get(pk="MUG-1").available == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"sku": "MUG-9"}, "A SKU never changes. Delete this variant and add another."),
        ({"price": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"price": "x"}, "Enter a number."),
        ({"currency": "eur"}, "A currency is three capital letters: EUR."),
        ({"stock": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"stock": "9" * 30}, "Ensure this value is less than or equal to 10000000."),
        ({"stock": "x"}, "Enter a whole number."),
        ({"barcode": "4006381333932"},
         "The barcode's last digit does not fit the others: a typing error?"),
        ({"options": "size"}, "Write names and values, as in colour=Red; size=M: not size."),
    ],
)  # fmt: skip
def test_a_wrong_variant_is_a_form_error(manager, product, values, error):
    response = manager.post(change_url(product), with_one_variant(product, **values))
    assert errors_of(response) == [error]
    assert [v.pk for v in Variant.objects.all()] == ["MUG-1"]


def test_a_sku_of_another_product_is_a_form_error(manager, product, mugs):
    data = form(
        mugs, slug="other", **management("variants", total=1), **variant(0, "MUG-1", price="1.00")
    )
    response = manager.post(ADD, data)
    assert errors_of(response) == ["Variant with this SKU already exists."]
    assert str(Variant.objects.get(pk="MUG-1").price) == "12.00"


def test_variants_have_the_shop_s_currency(manager, mugs):
    """No other is ever sold, so that no two variants of a product can differ in it."""
    data = form(
        mugs,
        **management("variants", total=2),
        **variant(0, "A", options="size=S"),
        **variant(1, "B", options="size=M", currency="USD"),
    )
    assert errors_of(manager.post(ADD, data)) == ["This shop sells in EUR only."]
    assert not Variant.objects.exists()


def test_a_file_that_is_no_picture_is_a_form_error(manager, mugs):
    upload = SimpleUploadedFile("mug.png", b"<script>")
    data = form(mugs, **management("images", total=1), **{"images-0-file": upload})
    assert errors_of(manager.post(ADD, {**data, "images-0-position": 0})) == [
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
    ]
    assert not Product.objects.exists()


def test_a_picture_is_asked_for_again_after_a_mistake(manager, mugs, picture):
    data = form(mugs, **management("images", total=1), name="")
    again = manager.post(ADD, {**data, "images-0-file": picture("mug.png"), "images-0-position": 0})
    assert errors_of(again) == ["This field is required."]
    text = again.content.decode()
    assert "Choose the file again." in text and "object-fit" not in text


def test_editing_in_the_list(manager, product):
    response = manager.post(
        LIST,
        {
            **management("form", total=1, initial=1),
            "form-0-id": product.pk,
            "form-0-status": "archived",
            "form-0-brand": "Clay",
            "_save": "Save",
        },
    )
    assert response.status_code == 302
    assert not Listing.objects.exists()
    assert Variant.objects.get(pk="MUG-1").for_sale is False
    assert Publication.objects.get().card["brand"] == "Clay"


@pytest.mark.parametrize(("action", "listed"), [("publish", 3), ("archive", 0)])
def test_actions(manager, product, action, listed):
    response = manager.post(LIST, {"action": action, "_selected_action": [product.pk]})
    assert response.status_code == 302
    assert Listing.objects.count() == listed


def test_a_variant_is_deleted_with_its_stock(manager, product):
    data = with_one_variant(product, **{"variants-0-DELETE": "on"})
    assert manager.post(change_url(product), data).status_code == 302
    assert not Variant.objects.exists()
    assert not Stock.objects.exists()
    assert not ProductPage.objects.exists()


def test_deleting_asks_first_and_leaves_nothing(manager, product):
    url = reverse("admin:catalog_product_delete", args=[product.pk])
    assert "Are you sure" in manager.get(url).content.decode()
    assert Product.objects.exists()
    assert manager.post(url, {"post": "yes"}).status_code == 302
    for model in (Product, Variant, Stock, Listing, ProductPage, ProductImage):
        assert not model.objects.exists()
    assert LogEntry.objects.filter(action_flag=3).count() == 1


def test_deleting_several(manager, make_product, product):
    other = make_product("Blue Mug")
    data = {"action": "delete_selected", "_selected_action": [product.pk, other.pk]}
    assert "Are you sure" in manager.post(LIST, data).content.decode()
    assert manager.post(LIST, {**data, "post": "yes"}).status_code == 302
    for model in (Product, Variant, Stock, Listing, ProductPage):
        assert not model.objects.exists()


def test_a_conflict_is_tried_again_and_said_once(manager, product, monkeypatch):
    from catalog.admin.products import ProductAdmin
    from dynamodb.errors import ConflictError

    tries: list[object] = []

    def conflicting(self, *args, **kwargs):
        response = original(self, *args, **kwargs)
        tries.append(response)
        if len(tries) < 3:
            raise ConflictError("somebody was faster")
        return response

    original = ProductAdmin.response_change
    monkeypatch.setattr(ProductAdmin, "response_change", conflicting)
    data = with_one_variant(product, name="Other", stock="6")
    response = manager.post(change_url(product), data, follow=True)
    assert len(tries) == 3
    assert len(response.context["messages"]) == 1
    assert Stock.objects.get(pk="MUG-1").available == 6


def test_what_cannot_be_saved_is_explained(manager, product, monkeypatch):
    from catalog.admin.products import ProductAdmin
    from dynamodb.errors import TransactionTooLarge

    def refuse(self, *args, **kwargs):
        raise TransactionTooLarge("101 writes")

    monkeypatch.setattr(ProductAdmin, "response_change", refuse)
    data = with_one_variant(product, name="Other")
    response = manager.post(change_url(product), data)
    assert errors_of(response) == [
        "That is too much for one save. Nothing was saved; do it in parts."
    ]
    assert response.context["adminform"].form["name"].value() == "Other"
    assert list(response.context["messages"]) == []
    assert Product.objects.get().name == "Red Mug"


@pytest.mark.parametrize("url", [LIST, ADD, reverse("admin:catalog_category_changelist")])
def test_staff_without_the_group_may_not(clerk, url):
    assert clerk.get(url).status_code == 403


def test_a_guest_is_asked_to_sign_in(client, db):
    assert client.get(LIST).status_code == 302
