"""The tree of categories: order, moves, limits; and its endpoint."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse

from catalog.models import Category, Listing, ProductPage
from catalog.selectors import get_category_tree, list_categories
from catalog.services import save_category
from tests.catalog.conftest import settle_categories


def add(slug, parent=None, position=0):
    return save_category(
        category=Category(name=slug.title(), slug=slug, parent=parent, position=position)
    )


def slugs():
    return [category.slug for category in list_categories()]


def test_the_tree_is_read_parents_first_and_by_position(db):
    last = add("a", position=9)
    first = add("b", position=1)
    add("b-2", position=1)
    add("z", parent=first)
    add("y", parent=last)
    assert slugs() == ["b", "z", "b-2", "a", "y"]


def test_a_category_knows_the_way_from_the_root(mugs, kitchen):
    assert mugs.ancestors == [{"id": kitchen.pk, "name": "Kitchen", "slug": "kitchen"}]
    assert str(mugs) == "Kitchen / Mugs"
    assert mugs.depth == 1


def test_a_move_takes_along_what_lies_below(mugs, kitchen):
    deep = add("espresso", parent=mugs)
    other = add("gifts", position=5)
    mugs.parent = other
    save_category(category=mugs)
    deep.refresh_from_db()
    assert [link["slug"] for link in deep.ancestors] == ["gifts", "mugs"]
    assert slugs() == ["kitchen", "gifts", "mugs", "espresso"]


@pytest.mark.django_db(transaction=True)
def test_a_rename_is_seen_on_products_below(make_product, kitchen, republish):
    make_product("Red Mug")
    settle_categories()
    kitchen.slug, kitchen.name = "cooking", "Cooking"
    save_category(category=kitchen)
    assert republish() == 2
    assert set(Listing.objects.values_list("shelf", flat=True)) == {
        "all",
        "category:cooking",
        "category:mugs",
    }
    page = ProductPage.objects.get(pk="red-mug")
    assert page.document["breadcrumbs"] == [
        {"name": "Cooking", "slug": "cooking"},
        {"name": "Mugs", "slug": "mugs"},
    ]


@pytest.mark.parametrize("parent", ["kitchen", "mugs"])
def test_no_category_lies_below_itself(mugs, kitchen, parent):
    kitchen.parent = Category.objects.get(slug=parent)
    with pytest.raises(ValidationError, match="below itself"):
        save_category(category=kitchen)


def test_the_tree_is_six_deep_at_most(db):
    parent = None
    for name in "abcdef":
        parent = add(name, parent=parent)
    with pytest.raises(ValidationError, match="at most 6 deep"):
        add("g", parent=parent)


def test_a_move_counts_what_lies_below(db):
    parent = None
    for name in "abcd":
        parent = add(name, parent=parent)
    tall = add("x")
    add("z", parent=add("y", parent=tall))
    tall.parent = parent
    with pytest.raises(ValidationError, match="at most 6 deep"):
        save_category(category=tall)


def test_a_taken_slug_is_refused(kitchen):
    with pytest.raises(ValidationError, match="already exists"):
        add("kitchen")


def test_a_category_in_use_is_not_deleted(make_product, mugs, kitchen):
    make_product("Red Mug")
    with pytest.raises(ProtectedError):
        mugs.delete()
    with pytest.raises(ProtectedError):
        kitchen.delete()


def test_the_endpoint_shows_the_whole_tree(guest, mugs, kitchen):
    response = guest.get(reverse("category-list"))
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=60"
    assert response.json() == {
        "results": [
            {
                "id": kitchen.pk,
                "name": "Kitchen",
                "slug": "kitchen",
                "description": "",
                "children": [
                    {
                        "id": mugs.pk,
                        "name": "Mugs",
                        "slug": "mugs",
                        "description": "",
                        "children": [],
                    }
                ],
            }
        ]
    }


def test_an_empty_tree(guest, db):
    assert guest.get(reverse("category-list")).json() == {"results": []}
    assert get_category_tree() == []
