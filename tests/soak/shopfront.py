"""What customers see in the end: the same as what the managers saved."""

from collections.abc import Iterator
from typing import Any

from tests.aws_lambda.edge import ADDRESS
from tests.soak.audits import Tables, plain
from tests.soak.people import Person

PRODUCTS = f"{ADDRESS}/api/v1/products/"


def audit_pages(visitor: Person, after: Tables) -> Iterator[str]:
    """Each product's page and its place in the list, against the managers' rows."""
    cards = {card["slug"]: card for card in all_cards(visitor)}
    active = set()
    for key, product in after.rows["catalog_product"].items():
        variants = [
            row for row in after.rows["catalog_variant"].values() if str(row["product_id"]) == key
        ]
        page = visitor.send("GET", f"{PRODUCTS}{product['slug']}/")
        shown = product["status"] == "active" and bool(variants)
        if page.status != (200 if shown else 404):
            yield f"{product['slug']} is {product['status']}, and its page answers {page.status}"
        if not shown or page.status != 200:
            continue
        active.add(product["slug"])
        for name in ("name", "brand", "description"):
            if page.json[name] != product[name]:
                yield f"{product['slug']} shows {name} {page.json[name]!r}, not {product[name]!r}"
        prices = {each["sku"]: plain(each["price"]["amount"]) for each in page.json["variants"]}
        stored = {row["sku"]: plain(row["price"]) for row in variants}
        if prices != stored:
            yield f"{product['slug']} shows prices {prices}, stored are {stored}"
        category = after.rows["catalog_category"][str(product["category_id"])]["name"]
        card = cards.get(product["slug"], {})
        above = [page.json["breadcrumbs"][-1]["name"], card.get("category", {}).get("name")]
        if above != [category, category]:
            yield f"{product['slug']} is shown in {above}, and lies in {category!r}"
        if (card.get("name"), card.get("brand")) != (product["name"], product["brand"]):
            yield f"{product['slug']} is listed as {card}, not as {product['name']}"
    if active != set(cards):
        yield f"listed and not active, or the other way round: {active ^ set(cards)}"


def all_cards(visitor: Person) -> Iterator[dict[str, Any]]:
    address = f"{PRODUCTS}?page_size=50"
    while address:
        page = visitor.send("GET", address).json
        yield from page["results"]
        address = page["next"]
