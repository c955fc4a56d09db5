"""The sample catalogue, as Shopify's Storefront API would be asked for it.

The order is the shop's own, the newest first: so are the products of a category and those on the
home page the same on both sides.
"""

import csv
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import catalog.sample
from benchmarks.storefronts.shapes import (
    CART,
    Node,
    Row,
    connection,
    described,
    empty_cart,
    product,
)

SAMPLE = Path(catalog.sample.__file__).parent
PICTURES = SAMPLE / "images"
#: As many as on the shop's pages: in a row of others, and on the home page.
OTHERS, BIG, NEWEST = 4, 3, 8
#: Collections that the home page is made of, which are in no list: of the newest, from and to.
OF_HOME = {
    "hidden-homepage-featured-items": slice(BIG),
    "hidden-homepage-carousel": slice(BIG, NEWEST),
}


class Catalogue:
    """What the stub answers from. `pictures` is what the address of a picture begins with."""

    def __init__(self, pictures: str, folder: Path = SAMPLE):
        self.pictures, self.folder = pictures, folder

    def rows(self, name: str) -> list[Row]:
        with (self.folder / name).open(newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def products(self) -> list[Node]:
        """All, the newest first."""
        slugs = groupby(self.rows("products.csv"), itemgetter("product_slug"))
        return [product(list(rows), self.pictures) for _, rows in slugs][::-1]

    @cached_property
    def categories(self) -> list[Row]:
        return self.rows("categories.csv")

    def below(self, slug: str) -> set[str]:
        """The category and all below it."""
        children = (each["slug"] for each in self.categories if each["parent"] == slug)
        return {slug}.union(*map(self.below, children))

    def roots(self) -> dict[str, Callable[..., Any]]:
        """What may be asked for at the root. There are no pages, and every cart is the same."""
        return {
            "products": self.search,
            "product": lambda *, handle: self.find("handle", handle),
            "productRecommendations": self.others,
            "collection": self.collection,
            "collections": lambda **_: connection(map(self.category, self.categories)),
            "menu": lambda *, handle: {"items": self.menu()},
            "pages": lambda **_: connection(()),
            "pageByHandle": lambda *, handle: None,
            "cart": lambda *, id: empty_cart() if id == CART else None,
            "cartCreate": lambda **_: {"cart": empty_cart()},
        }

    def find(self, key: str, value: str) -> Node | None:
        return next((each for each in self.products if each[key] == value), None)

    def search(self, *, query: str | None = None, **order: Any) -> Node:
        wanted = (query or "").lower()
        return arranged((each for each in self.products if wanted in each["title"].lower()), order)

    def others(self, *, productId: str) -> list[Node]:
        known = self.find("id", productId)
        if known is None:
            return []
        alike = (each for each in self.products if each["productType"] == known["productType"])
        return [each for each in alike if each is not known][:OTHERS]

    def collection(self, *, handle: str) -> Node | None:
        if handle in OF_HOME:
            found = self.products[OF_HOME[handle]]
            return described(handle, handle, "") | {"products": lambda **_: connection(found)}
        known = next((each for each in self.categories if each["slug"] == handle), None)
        return known and self.category(known)

    def category(self, row: Row) -> Node:
        slugs = self.below(row["slug"])
        inside = [each for each in self.products if each["productType"] in slugs]
        node = described(row["slug"], row["name"], row["description"])
        return node | {"products": lambda **order: arranged(inside, order)}

    def menu(self) -> list[Node]:
        roots = (each for each in self.categories if not each["parent"])
        return [{"title": each["name"], "url": f"/collections/{each['slug']}"} for each in roots]


def arranged(nodes: Iterable[Node], order: dict[str, Any]) -> Node:
    """By price, or as they are: by age, which stands for relevance too."""
    found = list(nodes)
    if order.get("sortKey") == "PRICE":
        found.sort(key=cheapest, reverse=order.get("reverse") or False)
    return connection(found[: order.get("first")])


def cheapest(node: Node) -> Decimal:
    return Decimal(node["priceRange"]["minVariantPrice"]["amount"])
