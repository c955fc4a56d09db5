"""Products and what belongs to them in the shapes of https://shopify.dev/docs/api/storefront.

Money is a decimal in a text with its currency, a list a connection of edges.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

PIXELS = 1200  # of each side of a picture
CART = "gid://shopify/Cart/empty"
CHANGED = "2026-11-01T00:00:00Z"
Row = dict[str, str]
Node = dict[str, Any]


def product(rows: list[Row], pictures: str) -> Node:
    """A product of its variants' rows, of which the first describes it."""
    first, slug = rows[0], rows[0]["product_slug"]
    options = [options_of(row) for row in rows]
    prices = sorted((row["price"] for row in rows), key=Decimal)
    images = {row["image"]: picture(row, pictures) for row in rows if row["image"]}
    return {
        **described(slug, first["name"], first["description"]),
        "id": f"gid://shopify/Product/{slug}",
        "productType": first["category"],
        "availableForSale": any(int(row["stock"]) for row in rows),
        "descriptionHtml": f"<p>{first['description']}</p>",
        "options": [
            {
                "id": f"gid://shopify/ProductOption/{slug}-{name}",
                "name": name,
                "values": list(dict.fromkeys(each[name] for each in options)),
            }
            for name in options[0]
        ],
        "priceRange": {
            "minVariantPrice": money(prices[0], first["currency"]),
            "maxVariantPrice": money(prices[-1], first["currency"]),
        },
        "variants": connection(map(variant, rows, options)),
        "featuredImage": next(iter(images.values()), None),
        "images": connection(images.values()),
        "tags": [],
    }


def variant(row: Row, options: dict[str, str]) -> Node:
    return {
        "id": f"gid://shopify/ProductVariant/{row['sku']}",
        "title": " / ".join(options.values()),
        "availableForSale": int(row["stock"]) > 0,
        "selectedOptions": [{"name": name, "value": value} for name, value in options.items()],
        "price": money(row["price"], row["currency"]),
    }


def options_of(row: Row) -> dict[str, str]:
    """Of "colour=Rust; size=M"; a variant without any has Shopify's own."""
    pairs = (each.split("=", 1) for each in row["options"].split(";") if each)
    return {name.strip().capitalize(): value for name, value in pairs} or {"Title": "Default Title"}


def picture(row: Row, pictures: str) -> Node:
    return {
        "url": pictures + row["image"],
        "altText": row["image_alt"],
        "width": PIXELS,
        "height": PIXELS,
    }


def described(handle: str, title: str, description: str) -> Node:
    """What products and collections have in common."""
    return {
        "handle": handle,
        "title": title,
        "description": description,
        "seo": {"title": title, "description": description},
        "updatedAt": CHANGED,
    }


def empty_cart() -> Node:
    """A visitor's, whom Commerce gives one on the first page."""
    nothing = dict.fromkeys(
        ("subtotalAmount", "totalAmount", "totalTaxAmount"), money("0.00", "EUR")
    )
    return {
        "id": CART,
        "checkoutUrl": "/checkout",
        "cost": nothing,
        "lines": connection(()),
        "totalQuantity": 0,
    }


def money(amount: str, currency: str) -> Node:
    return {"amount": amount, "currencyCode": currency}


def connection(nodes: Iterable[Node]) -> Node:
    return {"edges": [{"node": each} for each in nodes]}
