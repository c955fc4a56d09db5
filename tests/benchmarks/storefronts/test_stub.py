"""The stub's answers to what a storefront asks of Shopify."""

from typing import Any

from benchmarks.storefronts.catalogue import Catalogue
from benchmarks.storefronts.selecting import answer
from benchmarks.storefronts.shapes import CART

PICTURES = "http://stub/pictures/"
CATALOGUE = Catalogue(PICTURES)


def ask(query: str, **variables: Any) -> Any:
    return answer(query, variables, CATALOGUE.roots())["data"]


def handles(connection: Any) -> list[str]:
    return [each["node"]["handle"] for each in connection["edges"]]


def test_a_product_has_what_was_asked_for_and_no_more() -> None:
    query = """
      query one($handle: String!) {
        product(handle: $handle) { ...whole seo { title } }
      }
      fragment whole on Product {
        id name: title availableForSale tags
        options { name values }
        priceRange { minVariantPrice { amount currencyCode } }
        featuredImage { url altText width }
      }
    """
    assert ask(query, handle="harbour-mug") == {
        "product": {
            "id": "gid://shopify/Product/harbour-mug",
            "name": "Harbour Mug",
            "availableForSale": True,
            "tags": [],
            "options": [{"name": "Colour", "values": ["Ink Blue", "Foam White", "Rust"]}],
            "priceRange": {"minVariantPrice": {"amount": "14.50", "currencyCode": "EUR"}},
            "featuredImage": {
                "url": f"{PICTURES}harbour-mug-ink-blue.webp",
                "altText": "Harbour Mug in Ink Blue",
                "width": 1200,
            },
            "seo": {"title": "Harbour Mug"},
        }
    }


def test_variants_have_their_options_and_pictures() -> None:
    query = """{ product(handle: "harbour-mug") {
      variants(first: 250) {
        edges { node { id title selectedOptions { name value } price { amount } } }
      }
      images(first: 20) { edges { node { url } } }
    } }"""
    found = ask(query)["product"]

    assert [each["node"]["title"] for each in found["variants"]["edges"]] == [
        "Ink Blue",
        "Foam White",
        "Rust",
    ]
    assert found["variants"]["edges"][2]["node"] == {
        "id": "gid://shopify/ProductVariant/HARB-MUG-RUST",
        "title": "Rust",
        "selectedOptions": [{"name": "Colour", "value": "Rust"}],
        "price": {"amount": "14.50"},
    }
    assert found["images"]["edges"][1]["node"]["url"] == f"{PICTURES}harbour-mug-foam-white.webp"


def test_a_category_has_the_products_of_those_below_it() -> None:
    query = """query list($handle: String!, $sortKey: Keys, $reverse: Boolean) {
      collection(handle: $handle) {
        title
        products(sortKey: $sortKey, reverse: $reverse, first: 100) { edges { node { handle } } }
      }
    }"""
    found = ask(query, handle="kitchen")["collection"]
    dearest = ask(query, handle="mugs-and-cups", sortKey="PRICE", reverse=True)["collection"]

    assert found["title"] == "Kitchen & Table"
    assert len(handles(found["products"])) == 14
    assert len(handles(ask(query, handle="desk")["collection"]["products"])) == 10
    assert handles(dearest["products"])[0] == "ridge-mug"
    assert ask(query, handle="nothing") == {"collection": None}


def test_home_is_made_of_the_newest_eight() -> None:
    query = """query list($handle: String!) {
      collection(handle: $handle) { products(first: 100) { edges { node { handle } } } }
    }"""
    newest = handles(ask("{ products(first: 8) { edges { node { handle } } } }")["products"])
    parts = ("hidden-homepage-featured-items", "hidden-homepage-carousel")
    home = [handles(ask(query, handle=part)["collection"]["products"]) for part in parts]

    assert home == [newest[:3], newest[3:]]
    assert len(newest) == 8


def test_others_are_of_the_same_category_and_not_the_product_itself() -> None:
    query = "query others($id: ID!) { productRecommendations(productId: $id) { handle } }"

    found = ask(query, id="gid://shopify/Product/harbour-mug")["productRecommendations"]

    assert [each["handle"] for each in found] == [
        "tea-bowl-cup",
        "cappuccino-cup",
        "espresso-cup",
        "camp-mug",
    ]


def test_menu_lists_and_names() -> None:
    menu = """query menu($handle: String!) { menu(handle: $handle) { items { title url } } }"""
    every = "{ collections(first: 100, sortKey: TITLE) { edges { node { handle } } } }"
    search = '{ products(query: "mug") { edges { node { handle } } } }'

    assert ask(menu, handle="any")["menu"]["items"][0] == {
        "title": "Kitchen & Table",
        "url": "/collections/kitchen",
    }
    assert len(ask(menu, handle="any")["menu"]["items"]) == 5
    assert len(handles(ask(every)["collections"])) == 15
    assert handles(ask(search)["products"]) == [
        "harbour-mug",
        "camp-mug",
        "ridge-mug",
        "morning-mug",
    ]
    assert len(handles(ask("{ products { edges { node { handle } } } }")["products"])) == 62


def test_a_visitor_gets_an_empty_cart_and_finds_it_again() -> None:
    made = ask("mutation { cartCreate { cart { id totalQuantity lines(first: 9) { edges } } } }")
    find = "query find($id: ID!) { cart(id: $id) { totalQuantity ... on Cart { id } } }"

    assert made == {
        "cartCreate": {"cart": {"id": CART, "totalQuantity": 0, "lines": {"edges": []}}}
    }
    assert ask(find, id=CART) == {"cart": {"totalQuantity": 0, "id": CART}}
    assert ask(find, id="gid://shopify/Cart/other") == {"cart": None}


def test_there_are_no_pages() -> None:
    query = '{ pages(first: 100) { edges { node { id } } } pageByHandle(handle: "about") { id } }'

    assert ask(query) == {"pages": {"edges": []}, "pageByHandle": None}


def test_a_field_that_there_is_not_is_an_error() -> None:
    said = answer('{ product(handle: "harbour-mug") { colour } }', {}, CATALOGUE.roots())

    assert said == {"errors": [{"message": "Field 'colour' doesn't exist."}]}


def test_every_product_has_a_picture_that_is_there() -> None:
    names = [each["featuredImage"]["url"].removeprefix(PICTURES) for each in CATALOGUE.products]

    assert [name for name in names if not (CATALOGUE.folder / "images" / name).is_file()] == []
