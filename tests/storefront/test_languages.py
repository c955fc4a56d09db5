"""Each language's pages have that language's names, of what was read once for all."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from catalog.models import Category, Product
from catalog.services import save_category
from storefront.places import Folder
from storefront.publishing import publish
from tests.catalog.conftest import kitchen, make_product, mugs

__all__ = ["kitchen", "make_product", "mugs"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def becher(mugs: Category, make_product: Callable[..., Product]) -> Product:
    """Mugs in two languages, below a kitchen in one; another mug has no German description."""
    mugs.texts = {"de": {"name": "Becher", "description": "Mit Henkel."}}
    save_category(category=mugs)
    make_product(
        "Blue Mug", {"MUG-BLUE": "9.00"}, description="Deep.", texts={"de": {"name": "Krug"}}
    )
    texts = {"de": {"name": "Roter Becher", "description": "Rund."}}
    return make_product("Red Mug", {"MUG-RED": "12.00"}, description="Round.", texts=texts)


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def texts_of(html: str, element: str, css_class: str = "") -> list[tuple[str, str]]:
    """The language that each such element is marked with, and what is in it."""
    named = rf' class="{css_class}"' if css_class else ""
    found = re.findall(rf"<{element}{named}(?: lang=\"(\w+)\")?>(?:<p>)?([^<]*)<", html)
    return [(language, text) for language, text in found]


def test_a_product(client: Client, becher: Product) -> None:
    german, english = page(client, "/de/products/red-mug/"), page(client, "/products/red-mug/")
    assert texts_of(german, "h1") == [("", "Roter Becher")]
    assert texts_of(german, "div", "description") == [("", "Rund.")]
    assert texts_of(german, "span", "card-name") == [("", "Krug")]
    assert "<title>Roter Becher · Corner Shop</title>" in german
    assert '"name":"Roter Becher","description":"Rund."' in german
    assert re.findall(r'/de/categories/\w+/"( lang="en")?>(\w+)</a></li>', german) == [
        (' lang="en"', "Kitchen"),
        ("", "Becher"),
    ]
    assert texts_of(english, "h1") == [("", "Red Mug")]
    assert texts_of(english, "div", "description") == [("", "Round.")]
    assert "Becher" not in english


def test_a_text_that_is_not_in_the_language_says_so(client: Client, becher: Product) -> None:
    german = page(client, "/de/products/blue-mug/")
    assert texts_of(german, "h1") == [("", "Krug")]
    assert texts_of(german, "div", "description") == [("en", "Deep.")]


def test_lists(client: Client, becher: Product) -> None:
    for path in ("/de/", "/de/products/", "/de/categories/kitchen/"):
        names = texts_of(page(client, path), "span", "card-name")
        assert names == [("", "Roter Becher"), ("", "Krug")]
    german = page(client, "/de/categories/mugs/")
    assert texts_of(german, "h1") == [("", "Becher")]
    assert texts_of(german, "p", "lead") == [("", "Mit Henkel.")]
    assert texts_of(page(client, "/de/categories/kitchen/"), "h1") == [("en", "Kitchen")]


def test_names_are_searched_in_the_page_s_language(client: Client, becher: Product) -> None:
    def found(path: str) -> list[tuple[str, str]]:
        return [(card["name"], card["lang"]) for card in client.get(path).json()]

    assert found("/de/names/ro.json") == [("Roter Becher", "de")]
    assert found("/names/ro.json") == []
    assert found("/names/mu.json") == [("Red Mug", "en"), ("Blue Mug", "en")]
    assert found("/de/names/mu.json") == []


def test_files_are_what_the_shop_answers(
    client: Client, becher: Product, tmp_path: Path, calls: Any
) -> None:
    """And the catalogue is read once, however many languages there are."""
    with calls() as made:
        publish(Folder(tmp_path))
    assert [call.operation for call in made] == [
        "Query",  # the tree
        "Query",  # all cards
        "Query",  # the home page
        "Query",  # all products
        "Query",  # the kitchen
        "Query",  # mugs
        *(["GetItem", "GetItem", "Query"] * 2),  # a product, its stock, and what is like it
    ]
    for path in ("products/red-mug/", "de/products/red-mug/", "de/categories/mugs/", "de/"):
        assert (tmp_path / path / "index.html").read_text() == page(client, f"/{path}")
    names = (tmp_path / "de" / "names" / "ro.json").read_bytes()
    assert names == client.get("/de/names/ro.json").content
