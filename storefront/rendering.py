"""From a page to its HTML, and with which policy a browser may run it."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from storefront import assets
from storefront.pages import Page, shop_facts
from storefront.spoken import Node, spoken_nodes
from storefront.texts import LANGUAGES, Text, say, texts_of

#: The words that every module may say; each page's own are added.
COMMON = "common"
MODULES = {
    "list": "list",
    "home": "list",
    "product": "product",
    "search": "search",
    "cart": "cart",
    "checkout": "checkout",
    "order": "order",
    "account": "account",
}
PLAIN = "basket"  # the module of pages without one of their own: the cart's sign
LISTS = ("home", "list", "search")
TITLES = {
    "list": "list.everything",
    "search": "search.title",
    "cart": "cart.title",
    "checkout": "checkout.title",
    "order": "order.find",
    "account": "account.title",
    "missing": "missing.title",
    "offline": "offline.title",
}


@dataclass
class Palette:
    """The colours of a page's pictures: a strict policy allows no style on an element, so
    each is a class, whose rules stand with the page's style."""

    used: set[str] = field(default_factory=set)

    def name(self, colour: str) -> str:
        """The class for "#f3ece1"; none for no colour."""
        if not colour:
            return ""
        self.used.add(colour.lower())
        return f"c-{colour.lower().removeprefix('#')}"

    def rules(self) -> str:
        return "".join(f".c-{each[1:]}{{--c:{each}}}" for each in sorted(self.used))


def render(page: Page, language: str, tree: list[Node]) -> str:
    """The whole HTML of a page, `tree` being the catalogue's categories."""
    palette, hurried = Palette(), list[str]()  # what the body asks of the head
    with translation.override(language):
        data, nodes = page.tell(), spoken_nodes(tree)
    context: dict[str, Any] = {
        **titles(page, language, data),
        **data,
        "page": page,
        "language": language,
        "palette": palette,
        "hurried": hurried,
        "tree": nodes,
        "first_language": LANGUAGES[0],  # options and attributes are in no other
        "shop": shop_facts(),
        "structured": structured(page, data),
        "root_path": root_of(language),
        "assets": assets.address(),
    }
    body = render_to_string(f"storefront/{page.kind}.html", context)
    main = mark_safe(body)  # noqa: S308  a template's, escaped there
    context |= head(page, language, palette)
    return render_to_string("storefront/base.html", {**context, "main": main})


def titles(page: Page, language: str, data: dict[str, Any]) -> dict[str, str]:
    """What a browser's tab and a search engine show."""
    shop = settings.SHOP_NAME
    if page.kind == "home":
        return {"title": shop, "description": say(language, "home.description", shop=shop)}
    thing = data.get("product") or data.get("category") or {}
    name = thing.get("name") or say(language, TITLES[page.kind])
    return {"title": f"{name} · {shop}", "description": thing.get("description", "")[:160]}


def structured(page: Page, data: dict[str, Any]) -> Any:
    """A product for search engines: https://schema.org/Product, with an offer a variant.

    Without stock: that is of the moment, and the page is not.
    """
    if page.kind != "product":
        return ""
    product = data["product"]
    content = {
        "@context": "https://schema.org",
        "@type": "ProductGroup",
        "name": product["name"],
        "description": product["description"],
        "productGroupID": product["slug"],
        "brand": {"@type": "Brand", "name": product["brand"]},
        "hasVariant": [
            {
                "@type": "Product",
                "sku": variant["sku"],
                "name": ", ".join([product["name"], *variant["options"].values()]),
                **({"gtin": variant["barcode"]} if variant["barcode"] else {}),
                "offers": {
                    "@type": "Offer",
                    "price": variant["price"]["amount"],
                    "priceCurrency": variant["price"]["currency"],
                },
            }
            for variant in product["variants"]
        ],
    }
    return in_html(content)


def in_html(content: Any) -> Any:
    """JSON for a script element, which no text in it can break out of."""
    text = orjson.dumps(content).decode()
    return mark_safe(text.replace("<", "\\u003c"))  # noqa: S308


def head(page: Page, language: str, palette: Palette) -> dict[str, Any]:
    style = assets.style(page.kind) + palette.rules()
    module = MODULES.get(page.kind, PLAIN)
    return {
        "style": mark_safe(style),  # noqa: S308  our own file, and colours that are checked
        "policy": policy(style),
        "has_own_style": page.kind in assets.INSIDE,
        "prefetches": ["product"] if page.kind in LISTS else [],
        "module": module,
        "preloads": [each for each in assets.with_imports(module) if each != module],
        "state": state(page, language),
        "alternates": {each: public(root_of(each) + page.path) for each in LANGUAGES},
        "languages": {each: root_of(each) + page.path for each in LANGUAGES},
        "canonical": public(root_of(language) + page.path),
    }


def state(page: Page, language: str) -> Any:
    """What the modules know: language, addresses, words, and what the page is of."""
    texts = texts_of(language)
    content = {
        "language": language,
        "root": root_of(language),
        "api": f"{settings.FORCE_SCRIPT_NAME or ''}/api/v1/",
        "texts": said_by_modules(texts, page.kind),
        **page.state,
    }
    return in_html(content)


def said_by_modules(texts: dict[str, dict[str, Text]], kind: str) -> dict[str, Text]:
    """The page's own words, and of those that all pages share what its modules name."""
    said = assets.words_of(MODULES.get(kind, PLAIN))
    common = {name: text for name, text in texts[COMMON].items() if name in said}
    own = texts.get(kind, {})
    if kind in ("home", "list"):
        own = {}
    elif kind == "product":
        own = {name: text for name, text in own.items() if name in said}
    return common | own


def root_of(language: str) -> str:
    """The path of a language's home: the first has none of its own."""
    base = settings.FORCE_SCRIPT_NAME or ""
    return f"{base}/" if language == LANGUAGES[0] else f"{base}/{language}/"


def public(path: str) -> str:
    """The path as an address; on a laptop, which has no public one, the path."""
    if not settings.PUBLIC_URL:
        return path
    parts = urlsplit(settings.PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}{path}"


def policy(style: str) -> str:
    """The Content-Security-Policy: nothing from elsewhere but the pictures, nothing inline but
    this very style."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    pictures = urlsplit(default_storage.url("x"))
    elsewhere = f" {pictures.scheme}://{pictures.netloc}" if pictures.netloc else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'sha256-{digest}'",
            f"img-src 'self' data:{elsewhere}",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
        )
    )
