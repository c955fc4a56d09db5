"""The pages as they are made: their calls, their policy, and whatever the catalogue holds."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from catalog.models import Category, Product, ProductImage, Variant
from catalog.services import open_stock, publish_product
from storefront import assets
from storefront.pages import PER_PAGE
from tests.catalog.conftest import kitchen, make_product, mugs, picture

__all__ = ["kitchen", "make_product", "mugs", "picture"]

pytestmark = pytest.mark.django_db(transaction=True)
FIXED = ("search/", "cart/", "checkout/", "order/", "account/", "offline.html")


@pytest.mark.parametrize("size", [60, 10_001])
def test_calls_of_each_page(
    client: Client, size: int, calls: Callable[[], Any], mugs: Category
) -> None:
    """The same in a small and in a large catalogue."""
    call_command("load_catalogue", size=size, stdout=StringIO(), stderr=StringIO())
    slug = Product.objects.order_by("-id").first().slug  # type: ignore[union-attr]
    for path, expected in {
        "/": ["Query", "Query"],
        "/products/": ["Query", "Query"],
        f"/categories/{mugs.slug}/": ["Query", "Query"],
        f"/de/products/{slug}/": ["Query", "GetItem", "BatchGetItem", "Query"],
        **{f"/{each}": ["Query"] for each in FIXED},
    }.items():
        with calls() as made:
            assert client.get(path).status_code == 200
        assert (path, [call.operation for call in made]) == (path, expected)


def test_the_policy_names_the_very_style(client: Client) -> None:
    page = client.get("/").content.decode()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert style is not None and policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    rules = dict(each.split(" ", 1) for each in html.unescape(policy[1]).split("; "))
    assert rules["style-src"] == f"'self' 'sha256-{digest}'"
    assert rules["script-src"] == "'self'"
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy[1]
    assert " style=" not in page and "<script>" not in page


def test_a_value_shows_itself_by_a_picture_of_its_own(
    client: Client, make_product: Callable[..., Product], picture: Callable[..., Any]
) -> None:
    """The first picture stands for Sand, which has none: that is no picture of Sand."""
    product = make_product("Mug", {"MUG-1": "1.00", "MUG-2": "1.00", "MUG-3": "1.00"})
    for number, colour in enumerate(("Red", "Blue", "Sand"), 1):
        Variant.objects.filter(pk=f"MUG-{number}").update(options={"colour": colour})
    for place, colour in enumerate(("Red", "Blue")):
        options = {"colour": colour}
        ProductImage(product=product, file=picture(), position=place, options=options).save()
    publish_product(product=Product.objects.get(pk=product.pk))
    page = client.get("/products/mug/").content.decode()
    shown = re.findall(r'name="option-0" value="(\w+)"[^>]*><span class="(\w+)">', page)
    assert shown == [("Red", "pill"), ("Blue", "face"), ("Sand", "pill")]


def test_nobody_writes_a_page_with_a_name(
    client: Client, make_product: Callable[..., Product]
) -> None:
    """Names, descriptions and options end up in HTML, attributes, JSON and JSON-LD."""
    nasty = """</script><script>alert(1)</script>"'<img src=x onerror=alert(1)>"""
    product = make_product(nasty[:60], {"NASTY": "1.00"}, stock=1)
    product.slug, product.description = "nasty", nasty
    product.attributes = {nasty[:50]: nasty[:50]}
    product.save()
    Variant.objects.filter(pk="NASTY").update(options={"colour": nasty[:50]})
    publish_product(product=Product.objects.get(pk=product.pk))
    for path in ("/products/nasty/", "/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
        assert nasty.split('"')[0] not in page
    found = re.search(
        r'ld\+json">(.*?)</script>', page := client.get("/products/nasty/").content.decode()
    )
    assert found is not None
    assert json.loads(found[1])["description"] == nasty
    assert html.escape(nasty) in page or html.escape(nasty).replace("&#x27;", "&#39;") in page


def test_options_and_attributes_may_be_called_like_methods(
    client: Client, make_product: Callable[..., Product]
) -> None:
    product = make_product("Red Mug", {"MUG-RED": "12.00"}, stock=1)
    product.attributes = {"items": "two", "keys": "none"}
    product.save()
    Variant.objects.filter(pk="MUG-RED").update(options={"values": "all of them"})
    publish_product(product=Product.objects.get(pk=product.pk))
    page = client.get("/products/red-mug/").content.decode()
    assert "<dt>Items</dt><dd>two</dd>" in page and "<dt>Keys</dt><dd>none</dd>" in page
    assert '<a href="?variant=MUG-RED">all of them</a>' in page


@pytest.mark.parametrize(("known", "found"), [(999, 200), (1_000, 501)])
def test_names_are_read_as_far_as_two_calls_go(
    client: Client, calls: Callable[[], Any], mugs: Category, known: int, found: int
) -> None:
    """Where no bucket has them; half of the names would not be told from all."""
    call_command("load_catalogue", size=known, stdout=StringIO(), stderr=StringIO())
    with calls() as made:
        answer = client.get("/names/zz.json")
    assert (answer.status_code, [each.operation for each in made]) == (found, ["Query"] * 2)
    if found == 501:
        assert answer.json()["code"] == "not_rendered"


def test_a_list_goes_on(client: Client, make_product: Callable[..., Product]) -> None:
    """Each product once, by links that what is new does not move."""
    names = [f"Mug {number:02}" for number in range(PER_PAGE + 2)]
    made = [make_product(name, {f"M-{name[-2:]}": "1.00"}) for name in names]
    first = client.get("/categories/mugs/").content.decode()
    link = re.search(r'rel="next" href="([^"]*)"', first)
    assert link is not None
    after = sorted(made, key=lambda each: each.pk)[2].pk
    assert link[1] == f"/categories/mugs/from/{after}/"
    make_product("Newer Mug", {"M-NEW": "1.00"})
    second = client.get(link[1]).content.decode()
    assert slugs(first) == [each.slug for each in reversed(made)][:PER_PAGE]
    assert slugs(second) == [each.slug for each in reversed(made)][PER_PAGE:]
    assert '<meta name="robots" content="noindex">' in second
    assert 'rel="canonical"' in first
    back = '<a class="button quiet" href="/categories/mugs/">Back to the first page</a>'
    assert (back in first, back in second) == (False, True)


def slugs(page: str) -> list[str]:
    return re.findall(r'data-slug="([^"]*)"', page)


def test_what_is_not_there(client: Client, mugs: Category) -> None:
    for path, title in {
        "/products/none/": "There is nothing here",
        "/categories/none/": "There is nothing here",
        "/de/products/none/": "Hier gibt es nichts",
        "/de/irgendwo/": "Hier gibt es nichts",
        "/nothing/here": "There is nothing here",
        f"/products/from/{2**63}/": "There is nothing here",
        "/de/categories/mugs/from/99999999999999999999999/": "Hier gibt es nichts",
    }.items():
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 404)
        assert title in answer.content.decode()
    slash = client.get("/de/cart?a=b")
    assert (slash.status_code, slash["Location"]) == (301, "/de/cart/?a=b")
    assert slash["Cache-Control"] == "public, max-age=60"
    assert client.post("/cart/").status_code == 405


def test_assets_are_kept_for_good_and_others_are_not_there(client: Client) -> None:
    answer = client.get(assets.address("js/page.js"))
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "text/javascript"
    assert client.get("/assets/000000000000/js/page.js").status_code == 404
    assert client.get(assets.address("../views.py")).status_code == 404


@pytest.mark.parametrize("count", [1, 2, 36])
def test_any_number_of_variants(client: Client, mugs: Category, count: int) -> None:
    """Without a picture, with long words and large prices."""
    name = "Donaudampfschifffahrtsgesellschaftskapitänskajütentürschlüsselanhänger"
    product = Product.objects.create(name=name, slug="long", category=mugs, status="active")
    for place in range(count):
        sku = f"LONG-{place}"
        Variant.objects.create(
            sku=sku, product=product, price="123456.78", options={"size": f"{place} cm"},
            position=place, currency="EUR",
        )  # fmt: skip
        open_stock(sku=sku, available=1)
    publish_product(product=product)
    page = client.get("/products/long/").content.decode()
    assert page.count('type="radio"') == count
    assert "€123,456.78" in page and "no-picture" in page
    german = client.get("/de/products/long/").content.decode()
    assert "123.456,78\N{NO-BREAK SPACE}€" in german
    assert ProductImage.objects.count() == 0


@override_settings(PUBLIC_URL="https://shop.example.org", ALLOWED_HOSTS=["*"])
def test_pages_know_their_address_and_their_languages(
    client: Client, make_product: Callable[..., Product]
) -> None:
    make_product("Red Mug", {"MUG-RED": "12.00"})
    page = client.get("/de/products/red-mug/").content.decode()
    base = "https://shop.example.org"
    assert f'<link rel="canonical" href="{base}/de/products/red-mug/">' in page
    assert re.findall(r'hreflang="(\w+)" href="(https[^"]*)"', page) == [
        ("en", f"{base}/products/red-mug/"),
        ("de", f"{base}/de/products/red-mug/"),
    ]


@override_settings(
    FORCE_SCRIPT_NAME="/dev", PUBLIC_URL="https://x.example.org/dev", ALLOWED_HOSTS=["*"]
)
def test_below_a_path_all_links_are_there(
    client: Client, make_product: Callable[..., Product]
) -> None:
    """A stage without a domain of its own is below its stage's name."""
    make_product("Red Mug", {"MUG-RED": "12.00"})
    assets.style.cache_clear()
    page = client.get("/", SCRIPT_NAME="/dev").content.decode()
    assets.style.cache_clear()
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert len(addresses) > 20
    assert [each for each in addresses if not each.startswith("/dev/")] == []
    assert '"api":"/dev/api/v1/"' in page
    assert "url(/dev/assets/" in page
