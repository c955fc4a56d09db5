"""What there is to see: each page with the data it is made of, as the API gives it.

What it is made of is read once, for all languages; each page tells it in the one that is active.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings

from catalog import selectors
from catalog.errors import CategoryNotFound, ProductNotFound
from catalog.selectors import Shelved
from customers.countries import COUNTRIES
from dynamodb.bookmarks import encode_key
from dynamodb.consistency import eventually_consistent
from payments.gateways.base import get_gateway
from pricing.money import minor_digits
from storefront import assets
from storefront.countries import forms
from storefront.spoken import Node, spoken_cards, spoken_nodes, spoken_product

#: Products on a page of a list, and in a row of highlights.
PER_PAGE, IN_A_ROW = 24, 4
LARGEST = 2**63 - 1  # of the keys of products
MANY = 500  # cards in one call, where all are wanted
FIXED = {
    **{kind: f"{kind}/" for kind in ("search", "cart", "checkout", "order", "account")},
    "missing": "404.html",
    "offline": "offline.html",  # which the worker keeps, for pages that it has not
}
#: Categories with a drawing of their own; others go without.
CUTOUTS = frozenset(path.stem for path in (assets.FOLDER / "pictures").glob("*.webp"))


class Page(NamedTuple):
    """One in every language: `path` is below the language's root, `kind` names its template
    and, where it has one, its module; `tell` gives the data for the template, in the active
    language, `state` is for the module. `following` is the product that a list goes on after."""

    path: str
    kind: str
    tell: Callable[[], dict[str, Any]] = dict
    state: Mapping[str, Any] = {}
    following: int | None = None
    is_listed: bool = True  # in the sitemap, and for search engines


def home_page() -> Page:
    newest, _ = listings(size=2 * IN_A_ROW)
    return Page(
        "",
        "home",
        lambda: {"newest": spoken_cards(newest), "cutouts": CUTOUTS},
        {"list": listed_at(size=2 * IN_A_ROW)},
    )


def list_page(after: int | None = None) -> Page:
    """Everything on sale, or what follows the product `after` in it."""
    found, following = listings(after=after)
    return Page(
        page_path("products/", after),
        "list",
        lambda: {"cards": spoken_cards(found), **other_pages("products/", after, following)},
        {"list": listed_at(after=after)},
        following,
        is_listed=after is None,
    )


def category_page(tree: list[Node], slug: str, after: int | None = None) -> Page:
    """Raises CategoryNotFound."""
    trail = trail_to(tree, slug)
    found, following = listings(category=slug, after=after)
    base = category_path(slug)

    def tell() -> dict[str, Any]:
        nodes = spoken_nodes(trail)
        return {
            "category": nodes[-1],
            "trail": nodes[:-1],
            "root": nodes[0],
            "cards": spoken_cards(found),
            **other_pages(base, after, following),
        }

    return Page(
        page_path(base, after),
        "list",
        tell,
        {"list": listed_at(category=slug, after=after)},
        following,
        is_listed=after is None,
    )


def product_page(slug: str) -> Page:
    """Raises ProductNotFound."""
    document = selectors.get_product_page(slug=slug)
    others, _ = listings(category=document["breadcrumbs"][-1]["slug"], size=IN_A_ROW + 1)
    others = [row for row in others if row.card["slug"] != slug][:IN_A_ROW]

    def tell() -> dict[str, Any]:
        product = spoken_product(document)
        return {
            "product": product,
            "trail": product["breadcrumbs"],
            "root": product["breadcrumbs"][0],
            "others": spoken_cards(others),
            "faces": faces(product),
            # In a template `attributes.items` is the attribute "items", if there is one.
            "details": list(product["attributes"].items()),
        }

    return Page(product_path(slug), "product", tell, {"slug": slug})


def faces(product: dict[str, Any]) -> list[dict[str, Any]]:
    """The options as the form begins, at the first variant; `product.js` goes on from there.

    The values of the first option show themselves by the pictures that are theirs alone; others
    by their colours, or by their names.
    """
    variants = product["variants"]
    chosen = variants[0]["options"]
    return [
        {
            "name": option["name"],
            "chosen": chosen.get(option["name"], ""),
            "values": [
                {
                    **value,
                    "image": picture_of(variants, option["name"], value["name"])
                    if not place and len(option["values"]) > 1
                    else None,
                }
                for value in option["values"]
            ],
        }
        for place, option in enumerate(product["options"])
    ]


def picture_of(variants: list[dict[str, Any]], option: str, value: str) -> dict[str, Any] | None:
    """The picture of the first variant with that value, if no variant with another has it: a
    product's first picture stands for all that have none of their own."""
    found = (each["image"] for each in variants if each["options"].get(option) == value)
    image = next(found, None)
    if image is None:
        return None
    values = {
        each["options"].get(option)
        for each in variants
        if each["image"] and each["image"]["url"] == image["url"]
    }
    return image if values == {value} else None


def fixed_page(kind: str) -> Page:
    """One that its module fills: carts and orders are nobody's but their owners'."""
    data, state = filled_with(kind)
    return Page(FIXED[kind], kind, lambda: data, state, is_listed=False)


def filled_with(kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data and the state of a fixed page."""
    if kind == "checkout":
        countries = {"countries": forms(), "methods": list(get_gateway().methods)}
        return {"countries": sorted(COUNTRIES)}, countries
    if kind == "cart":
        return {}, {"free_from": shop_facts()["free_from"]}
    return {}, {}


def listings(
    *, category: str | None = None, after: int | None = None, size: int = PER_PAGE
) -> tuple[list[Shelved], int | None]:
    """A page of a list, and after which product the next one begins.

    Raises ProductNotFound for an `after` that is nobody's.
    """
    if after is not None and after > LARGEST:
        raise ProductNotFound
    with eventually_consistent():  # browsers keep the page for a minute anyway
        found = selectors.list_cards(category=category, after=after, limit=size + 1)
    shown = found[:size]
    following = shown[-1].position if len(found) > size else None
    return shown, following


def all_listings() -> Iterator[Shelved]:
    """The whole catalogue, newest first, a page of the list after the other."""
    after: int | None = None
    while True:
        found, after = listings(after=after, size=MANY)
        yield from found
        if after is None:
            return


def whole_list(part: Callable[[int | None], Page]) -> Iterator[Page]:
    """The pages of a list, each made of what follows the last."""
    after: int | None = None
    while True:
        page = part(after)
        yield page
        after = page.following
        if after is None:
            return


def listed_at(
    *, category: str | None = None, after: int | None = None, size: int = PER_PAGE
) -> str:
    """The same part of the list in the API, below its root: for what has changed since."""
    query: dict[str, Any] = {"category": category, "page_size": size}
    if after is not None:
        query["cursor"] = encode_key(after)
    return "products/?" + urlencode({name: value for name, value in query.items() if value})


def product_path(slug: str) -> str:
    return f"products/{slug}/"


def category_path(slug: str) -> str:
    return f"categories/{slug}/"


def other_pages(base: str, after: int | None, following: int | None) -> dict[str, Any]:
    """Where a page of a list leads on to, and back."""
    return {
        "next": following and page_path(base, following),
        "first": after and base,
    }


def page_path(base: str, after: int | None) -> str:
    """By the product it follows, and not by a number: what comes new moves no page."""
    return base if after is None else f"{base}from/{after}/"


def trail_to(tree: list[Node], slug: str) -> list[Node]:
    """The categories from a root to this one. Raises CategoryNotFound."""
    for node in tree:
        if node["slug"] == slug:
            return [node]
        try:
            return [node, *trail_to(node["children"], slug)]
        except CategoryNotFound:
            continue
    raise CategoryNotFound


def all_nodes(tree: list[Node]) -> Iterator[Node]:
    for node in tree:
        yield node
        yield from all_nodes(node["children"])


def shop_facts() -> dict[str, Any]:
    """What is said of the shop on every page."""
    return {
        "name": settings.SHOP_NAME,
        "shipping": in_shop_currency(settings.SHOP_SHIPPING),
        "free_from": in_shop_currency(settings.SHOP_FREE_SHIPPING_FROM),
    }


def in_shop_currency(amount: Decimal | str) -> dict[str, str]:
    """As the API gives money."""
    currency = settings.SHOP_CURRENCY
    return {"amount": f"{Decimal(amount):.{minor_digits(currency)}f}", "currency": currency}
