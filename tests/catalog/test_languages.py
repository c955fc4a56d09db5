"""Names and descriptions in the language that is asked for, from row to answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from rest_framework.test import APIClient

from catalog.languages import choose, merge_texts, told
from catalog.models import Category, Listing, Product, ProductPage, Publication, Variant
from catalog.projections import Projected, project_product
from catalog.services import publish_product, save_category
from tests.catalog.conftest import publish

pytestmark = pytest.mark.django_db(transaction=True)
GERMAN = {"Accept-Language": "de-AT, en;q=0.5"}
CUP = {"de": {"name": "Roter Becher", "description": "Rund."}}


@pytest.fixture
def german(mugs: Category, make_product: Callable[..., Product]) -> Product:
    """A mug in two languages, below a kitchen that is in one and in mugs that are in two."""
    mugs.texts = {"de": {"name": "Becher", "description": "Mit Henkel."}}
    save_category(category=mugs)
    return make_product("Red Mug", {"MUG-1": "12.00"}, description="Round.", texts=CUP)


def get(guest: APIClient, address: str, **headers: str) -> Any:
    answer = guest.get(f"/api/v1/{address}", headers=headers)
    assert answer.status_code == 200
    return answer


# Answers -------------------------------------------------------------------------------


def test_a_product(guest: APIClient, german: Product) -> None:
    """The kitchen has no German name: it keeps its own."""
    page = get(guest, "products/red-mug/", **GERMAN).json()
    assert (page["name"], page["description"]) == ("Roter Becher", "Rund.")
    assert page["breadcrumbs"] == [
        {"name": "Kitchen", "slug": "kitchen"},
        {"name": "Becher", "slug": "mugs"},
    ]
    page = get(guest, "products/red-mug/").json()
    assert (page["name"], page["description"]) == ("Red Mug", "Round.")
    assert [link["name"] for link in page["breadcrumbs"]] == ["Kitchen", "Mugs"]
    assert "texts" not in page


def test_a_list(guest: APIClient, german: Product, make_product: Callable[..., Product]) -> None:
    make_product("Pan")
    pan, mug = get(guest, "products/?lang=de").json()["results"]
    assert (pan["name"], mug["name"]) == ("Pan", "Roter Becher")
    assert pan["category"] == mug["category"] == {"name": "Becher", "slug": "mugs"}
    assert "texts" not in mug
    first = get(guest, "products/?lang=de&page_size=1").json()
    (mug,) = guest.get(first["next"]).json()["results"]
    assert mug["name"] == "Roter Becher"


def test_the_tree(guest: APIClient, german: Product, kitchen: Category, mugs: Category) -> None:
    assert get(guest, "categories/", **GERMAN).json()["results"] == [
        {
            "id": kitchen.pk,
            "name": "Kitchen",
            "slug": "kitchen",
            "description": "",
            "children": [
                {
                    "id": mugs.pk,
                    "name": "Becher",
                    "slug": "mugs",
                    "description": "Mit Henkel.",
                    "children": [],
                }
            ],
        }
    ]


def test_a_name_without_a_description(
    guest: APIClient, make_product: Callable[..., Product]
) -> None:
    make_product("Red Mug", description="Round.", texts={"de": {"name": "Roter Becher"}})
    page = get(guest, "products/red-mug/", **GERMAN).json()
    assert (page["name"], page["description"]) == ("Roter Becher", "Round.")


def test_no_language_costs_a_call_more(guest: APIClient, german: Product, calls: Any) -> None:
    made = []
    for address in ("products/", "products/?category=mugs", "products/red-mug/", "categories/"):
        with calls() as seen:
            get(guest, address, **GERMAN)
        made.append([call.operation for call in seen])
    assert made == [["Query"], ["Query"], ["GetItem", "GetItem"], ["Query"]]


@pytest.mark.parametrize("address", ["products/", "products/red-mug/", "categories/"])
def test_a_cache_is_told_what_the_answer_depends_on(
    guest: APIClient, german: Product, address: str
) -> None:
    answer, named = get(guest, address, **GERMAN), get(guest, f"{address}?lang=de")
    assert (answer["Content-Language"], answer["Vary"]) == ("de", "Accept, Accept-Language")
    assert (named["Content-Language"], named["Vary"]) == ("de", "Accept")


def test_variants_have_no_words_of_a_language(guest: APIClient, german: Product) -> None:
    """What options are called is in one language: the answer is one for everybody."""
    answer = get(guest, "products/red-mug/variants/", **GERMAN)
    assert ("Content-Language" in answer, answer["Vary"]) == (False, "Accept")


# Documents -----------------------------------------------------------------------------


def test_what_documents_carry(german: Product) -> None:
    card, page = Listing.objects.get(shelf="all").card, ProductPage.objects.get().document
    assert card["texts"] == {"de": {"name": "Roter Becher"}}
    assert card["category"]["texts"] == {"de": {"name": "Becher"}}
    assert page["texts"] == CUP
    assert [link.get("texts") for link in page["breadcrumbs"]] == [
        None,
        {"de": {"name": "Becher"}},
    ]
    assert Variant.objects.get().product_names == {"de": "Roter Becher"}
    assert Publication.objects.get().search_text == "red mug red-mug roter becher mug-1"


def test_one_language_pays_nothing(product: Product) -> None:
    """And what was made before there were others is right as it is."""
    card, page = Listing.objects.get(shelf="all").card, ProductPage.objects.get().document
    assert "texts" not in f"{card}{page}"
    assert Variant.objects.get().product_names is None
    assert project_product(product_id=product.pk) is Projected.CURRENT


def test_a_text_that_goes_leaves_nothing(guest: APIClient, german: Product) -> None:
    german.texts = None
    german.save()
    publish(german)
    assert get(guest, "products/red-mug/", **GERMAN).json()["name"] == "Red Mug"
    assert Variant.objects.get().product_names is None
    assert "texts" not in Listing.objects.get(shelf="all").card


def test_a_category_s_new_name_reaches_what_lies_below(
    guest: APIClient, german: Product, kitchen: Category, republish: Callable[[], int]
) -> None:
    kitchen.texts = {"de": {"name": "Küche"}}
    save_category(category=kitchen)
    assert republish() > 0
    links = get(guest, "products/red-mug/", **GERMAN).json()["breadcrumbs"]
    assert [link["name"] for link in links] == ["Küche", "Becher"]


def test_a_category_s_description_is_nobody_else_s(
    german: Product, mugs: Category, republish: Callable[[], int]
) -> None:
    republish()
    mugs.texts = {"de": {"name": "Becher", "description": "Ohne Henkel."}}
    save_category(category=mugs)
    assert republish() == 0


def test_what_a_save_costs_is_what_it_was(german: Product, calls: Any) -> None:
    """GIVEN texts WHEN nothing of them changes THEN no copy is written again."""
    with calls() as made:
        publish_product(product=german)
    assert [call.operation for call in made].count("TransactWriteItems") == 2


# Rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "mistakes"),
    [
        ({"de": {"name": "x" * 201}},
         {"name_de": ["Ensure this value has at most 200 characters (it has 201)."]}),
        ({"de": {"description": "x" * 50_001}},
         {"description_de": ["Ensure this value has at most 50000 characters (it has 50001)."]}),
        ({"de": {"name": " "}},
         {"name_de": ["A text is a name or a description that is not empty."]}),
        ({"de": {"name": 1}},
         {"name_de": ["A text is a name or a description that is not empty."]}),
        ({"de": {"brand": "Flut"}},
         {"brand_de": ["A text is a name or a description that is not empty."]}),
        ({"fr": {"name": "Tasse"}}, {"texts": ["Write texts by one of these languages: de."]}),
        ({"en": {"name": "Mug"}}, {"texts": ["Write texts by one of these languages: de."]}),
        ({"de": "Becher"}, {"texts": ["Write texts by one of these languages: de."]}),
        (["Becher"], {"texts": ["Write texts by one of these languages: de."]}),
    ],
)  # fmt: skip
def test_what_texts_may_be(product: Product, texts: Any, mistakes: dict[str, list[str]]) -> None:
    product.texts = texts
    with pytest.raises(ValidationError) as raised:
        product.full_clean()
    assert raised.value.message_dict == mistakes


def test_all_mistakes_are_told_at_once(mugs: Category) -> None:
    mugs.name, mugs.texts = "", {"de": {"name": "x" * 101}}
    with pytest.raises(ValidationError) as raised:
        save_category(category=mugs)
    assert raised.value.message_dict == {
        "name": ["This field cannot be blank."],
        "name_de": ["Ensure this value has at most 100 characters (it has 101)."],
    }


def test_texts_are_merged_by_field() -> None:
    known = {"de": {"name": "Becher", "description": "Rund."}, "fr": {"name": "Tasse"}}
    assert merge_texts(known, {"de": {"name": "Tasse"}}) == {
        "de": {"name": "Tasse", "description": "Rund."}
    }
    assert merge_texts(known, {"de": {"name": ""}}) == {"de": {"description": "Rund."}}
    assert merge_texts(None, {"de": {"name": "", "description": ""}}) is None


def test_without_a_language_it_is_the_first() -> None:
    document = {"name": "Mug", "texts": {"de": {"name": "Becher"}}}
    with translation.override(None):
        assert (told(document), choose("Mug", {"de": "Becher"})) == ({"name": "Mug"}, "Mug")
    with translation.override("de"):
        assert (told(document), choose("Mug", {"de": "Becher"})) == ({"name": "Becher"}, "Becher")
