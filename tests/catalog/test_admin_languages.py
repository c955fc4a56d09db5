"""What managers write in the shop's other languages."""

import json
import re
from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.models import Category, Product, ProductPage
from tests.cart.races import at_once
from tests.catalog.forms import LIST, change_url, errors_of, page_of, with_one_variant
from tests.conftest import Staff, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CATEGORIES = reverse("admin:catalog_category_changelist")


def category_url(category: Category) -> str:
    return reverse("admin:catalog_category_change", args=[category.pk])


def test_a_product(manager: Staff, product: Product) -> None:
    data = with_one_variant(product, name_de=" Roter Becher ", description_de="Rund.")
    assert manager.post(change_url(product), data).status_code == 302
    texts = {"de": {"name": "Roter Becher", "description": "Rund."}}
    assert Product.objects.get().texts == texts
    assert ProductPage.objects.get().document["texts"] == texts
    page = manager.get(change_url(product)).content.decode()
    assert re.search(r'name="name_de" value="Roter Becher"[^>]* maxlength="200"', page)
    assert re.search(r"<details>\s*<summary>\s*<h2[^>]*>\s*Deutsch", page)

    emptied = with_one_variant(product, name_de="", description_de="Rund.")
    assert manager.post(change_url(product), emptied).status_code == 302
    assert Product.objects.get().texts == {"de": {"description": "Rund."}}


def test_two_who_translate_different_fields_undo_nothing(manager: Staff, product: Product) -> None:
    """GIVEN two open forms WHEN each saves another field THEN both are there; a third that was open
    too and says something else is refused."""
    first, second, third = (page_of(manager, product) for _ in range(3))
    url = change_url(product)
    manager.post(url, with_one_variant(product, _page=first, name_de="Becher", description_de=""))
    manager.post(url, with_one_variant(product, _page=second, name_de="", description_de="Rund."))
    assert Product.objects.get().texts == {"de": {"name": "Becher", "description": "Rund."}}
    late = with_one_variant(product, _page=third, name_de="Tasse", description_de="")
    assert errors_of(manager.post(url, late)) == [
        "Yours: “Tasse”. Meanwhile nothing became “Becher”.",
        "This was changed since the page was shown. Nothing of it was saved: save again to have "
        "yours, or write the other.",
    ]
    assert Product.objects.get().texts == {"de": {"name": "Becher", "description": "Rund."}}


def test_two_who_save_at_the_same_moment(manager: Staff, product: Product) -> None:
    """The later one reads again what the other has written."""
    other = Staff(manager.user)
    url, open_page = change_url(product), page_of(manager, product)
    name = with_one_variant(product, _page=open_page, name_de="Becher", description_de="")
    lead = with_one_variant(product, _page=page_of(other, product), description_de="Rund.")
    answers = at_once(lambda: manager.post(url, name), lambda: other.post(url, lead))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Product.objects.get().texts == {"de": {"name": "Becher", "description": "Rund."}}


def test_the_history_names_the_language(manager: Staff, product: Product) -> None:
    data = with_one_variant(product, name_de="Roter Becher")
    manager.post(change_url(product), data, headers={"Accept-Language": "de"})
    (changed, *_) = json.loads(LogEntry.objects.get().change_message)
    assert "Name (Deutsch) nothing → “Roter Becher”" in changed["changed"]["fields"]


def test_what_is_too_long(manager: Staff, product: Product, mugs: Category) -> None:
    data = with_one_variant(product, name_de="x" * 201, description_de="y" * 50_001)
    assert errors_of(manager.post(change_url(product), data)) == [
        "Ensure this value has at most 200 characters (it has 201).",
        "Ensure this value has at most 50000 characters (it has 50001).",
    ]
    answer = manager.post(
        category_url(mugs), {"name": "Mugs", "slug": "mugs", "name_de": "x" * 101}
    )
    assert "Ensure this value has at most 100 characters (it has 101)." in errors_of(answer)


def test_a_category(manager: Staff, mugs: Category, kitchen: Category) -> None:
    data = {"name": "Mugs", "slug": "mugs", "parent": kitchen.pk, "position": 0}
    answer = manager.post(category_url(mugs), {**data, "name_de": "Becher", "description_de": ""})
    assert answer.status_code == 302
    assert Category.objects.get(pk=mugs.pk).texts == {"de": {"name": "Becher"}}
    found = manager.get(CATEGORIES, {"q": "bech"}).context["cl"].result_list
    assert [each.slug for each in found] == ["mugs"]


def test_a_new_one(manager: Staff) -> None:
    data = {"name": "Pans", "slug": "pans", "position": 0, "name_de": "Pfannen"}
    assert manager.post(reverse("admin:catalog_category_add"), data).status_code == 302
    assert Category.objects.get().texts == {"de": {"name": "Pfannen"}}


def test_a_language_that_the_shop_has_no_more(
    manager: Staff, product: Product, mugs: Category, kitchen: Category
) -> None:
    """Its texts are in nobody's way, and go with the next save."""
    for model in (Category, Product):
        model.objects.filter(pk__in=[mugs.pk, product.pk]).update(texts={"fr": {"name": "Tasse"}})
    assert manager.post(change_url(product), with_one_variant(product)).status_code == 302
    assert Product.objects.get().texts is None
    data = {"name": "Mugs", "slug": "mugs", "parent": kitchen.pk, "position": 1}
    assert manager.post(category_url(mugs), data).status_code == 302
    assert Category.objects.get(pk=mugs.pk).texts is None


def test_who_may_only_look_sees_them(product: Product) -> None:
    Product.objects.update(texts={"de": {"name": "Roter Becher"}})
    user = make_user("looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_product"))
    page = Staff(user).get(change_url(product)).content.decode()
    assert '<div class="readonly">Roter Becher</div>' in page


def test_products_are_found_by_words_of_every_language(
    manager: Staff, make_product: Callable[..., Product]
) -> None:
    make_product("Red Mug", texts={"de": {"name": "Roter Becher", "description": "Keramik"}})
    for text, names in {"mug": ["Red Mug"], "bech rot": ["Red Mug"], "keramik": []}.items():
        found = manager.get(LIST, {"q": text}).context["cl"].result_list
        assert [each.name for each in found] == names
