"""How managers find products: by every word of them, by category, at what cost."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from catalog.models import Category, Product, Variant
from catalog.services import publish_product, save_category
from tests.catalog.forms import LIST

pytestmark = pytest.mark.django_db(transaction=True)

CATEGORIES = reverse("admin:catalog_category_changelist")


def found(manager: Any, text: str, **more: Any) -> list[str]:
    page = manager.get(LIST, {"q": text, **more})
    assert page.status_code == 200
    return [product.name for product in page.context["cl"].result_list]


@pytest.fixture
def street(make_product: Callable[..., Product]) -> Product:
    product = make_product(
        "Café Straße", {"STR-01.A": "12.00", "STR-02.B": "13.00"}, brand="ÅNGSTRÖM & Søn"
    )
    Variant.objects.filter(pk="STR-01.A").update(
        options={"Größe": "Übergroß"}, barcode="4006381333931"
    )
    publish_product(product=product)
    make_product("Tea Bowl")
    return product


@pytest.mark.parametrize(
    "text",
    [
        "CAFE",
        "café",
        "cafe\u0301",
        "strasse",
        "STRASSE",
        "angstrom",
        "ångström",
        "son",
        "SØN",
        "caf",
        "trass",
        "strasse cafe",
        "str-01.a",
        "STR-02",
        "4006381333931",
        "381333",
        "ubergross",
        "Übergroß café 4006",
    ],
)
def test_found_by_each_word_whatever_case_and_accents(manager, street, text):
    assert found(manager, text) == ["Café Straße"]


@pytest.mark.parametrize("text", ["strasse tea", "größe", "cafex", "%", "_ _", "'", "🙂"])
def test_not_found(manager, street, text):
    assert found(manager, text) == []


def test_nothing_typed_is_no_search(manager, street):
    assert found(manager, "  ") == ["Tea Bowl", "Café Straße"]


def test_search_within_a_filter(manager, street, make_product):
    make_product("Café Table", status="draft")
    assert found(manager, "cafe") == ["Café Table", "Café Straße"]
    assert found(manager, "cafe", status__exact="draft") == ["Café Table"]


def test_what_was_renamed_is_found_by_its_new_name_only(manager, street):
    street.name = "Kännchen"
    street.slug = "x"
    street.save()
    publish_product(product=street)
    assert found(manager, "kannchen") == ["Kännchen"]
    assert found(manager, "strasse") == []


def test_a_category_means_what_is_below_it(manager, kitchen, mugs, make_product):
    cups = save_category(category=Category(name="Cups", slug="cups", parent=mugs))
    other = save_category(category=Category(name="Kitchenware", slug="kitchen-ware", position=1))
    for category in (kitchen, mugs, cups, other):
        make_product(f"In {category.slug}", category=category)

    def below(key: object) -> list[str]:
        page = manager.get(LIST, {"category__id__exact": key})
        return [product.name for product in page.context["cl"].result_list]

    assert below(kitchen.pk) == ["In cups", "In mugs", "In kitchen"]
    assert below(mugs.pk) == ["In cups", "In mugs"]
    assert below(cups.pk) == ["In cups"]
    assert below(other.pk) == ["In kitchen-ware"]
    assert below(1) == below("x") == below("1' OR") == []


def test_a_category_with_very_many_below_it(manager, kitchen, make_product):
    """More than are asked for one by one."""
    for number in range(12):
        slug = f"below-{number}"
        below = save_category(category=Category(name=slug, slug=slug, parent=kitchen))
        make_product(f"In {slug}", category=below)
    make_product("Elsewhere", category=save_category(category=Category(name="A", slug="a")))
    page = manager.get(LIST, {"category__id__exact": kitchen.pk})
    assert [product.name for product in page.context["cl"].result_list] == [
        f"In below-{number}" for number in reversed(range(12))
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [("MÜGS", ["Mügs"]), ("mugs", ["Mügs"]), ("kit", ["Kitchen"]), ("cups", ["Mügs"]), ("x", [])],
)
def test_categories_too(manager, kitchen, text, names):
    save_category(category=Category(name="Mügs", slug="cups", parent=kitchen))
    page = manager.get(CATEGORIES, {"q": text})
    assert [category.name for category in page.context["cl"].result_list] == names


def asked(calls: Any, manager: Any, url: str, query: dict[str, Any]) -> list[str]:
    """The calls to the catalogue's tables, and that none of all calls reads a whole table."""
    with calls() as made:
        assert manager.get(url, query).status_code == 200
    assert [call.table for call in made if call.operation == "Scan"] == []
    return [
        f"{call.operation} {call.index or call.table.rpartition('_')[2]}"
        for call in made
        if "catalog_" in call.table
    ]


TREE = "Query category_tree"  # the filter's choices, and what is below


FOUND = "BatchGetItem product"  # 100 of those that were found: to count them, and to show them
SEARCH = "Query publication_search"
SKU = "GetItem variant"  # where no words are found, it may be a whole SKU
CARDS = "BatchGetItem publication"
ROOTS = "GetItem category"  # of the page's rows
EXPECTED: dict[int, dict[str, list[str]]] = {
    60: {
        "": [TREE, "Query product_all", "Query product_newest", "BatchGetItem category", CARDS],
        "status__exact=active": [
            TREE, "Query product_status", "Query product_status", "BatchGetItem category",
            CARDS,
        ],
        "q=lamp 7": [TREE, SEARCH, FOUND, FOUND, ROOTS, CARDS],
        "q=no such thing": [TREE, SEARCH, SKU],
        "category": [
            TREE, *["Query product_category"] * 4, "BatchGetItem category", CARDS
        ],
    },
    2_000: {
        "": [
            TREE, "Query product_all", "Query product_newest", "BatchGetItem category",
            CARDS,
        ],
        "status__exact=active": [
            TREE, "Query product_status", "Query product_status", "BatchGetItem category",
            CARDS,
        ],
        "q=lamp 7": [TREE, SEARCH, *[FOUND] * 4, ROOTS, CARDS],
        "q=no such thing": [TREE, SEARCH, SKU],
        "category": [
            TREE, *["Query product_category"] * 2, ROOTS, "Query product_category", ROOTS, CARDS,
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("size", EXPECTED)
def test_the_calls_of_each_look_up(size, manager, kitchen, mugs, calls):
    """GIVEN a catalogue of that size WHEN a manager looks THEN each list has its exact calls."""
    call_command("load_catalogue", size=size, stdout=StringIO(), stderr=StringIO())
    for query, expected in EXPECTED[size].items():
        name, _, value = query.partition("=")
        asked_for = {"category__id__exact": kitchen.pk} if name == "category" else {name: value}
        assert asked(calls, manager, LIST, asked_for if name else {}) == expected, query
    assert asked(calls, manager, CATEGORIES, {"q": "mugs"}) == [TREE, ROOTS, ROOTS]
