"""What CloudFront keeps, and in which form and language it answers."""

import pytest
from django.contrib.auth.models import User

from catalog.models import Product
from tests.aws_lambda.behind_edge import BLUES, TOKEN, articles, boss, edge, function
from tests.aws_lambda.browser import PAGE, Browser
from tests.aws_lambda.conftest import Handler
from tests.aws_lambda.edge import (
    ADDRESS,
    Edge,
    Function,
    KeepingEdge,
    headers_of_key,
    needs_node,
)
from tests.aws_lambda.test_purchase import check_out
from tests.catalog.conftest import kitchen, make_product, mugs, publish
from tests.conftest import PASSWORD, make_user

__all__ = ["articles", "boss", "edge", "function", "kitchen", "make_product", "mugs"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_compressed(edge: Edge, boss: User, articles: list[Product]) -> None:
    make_user("ada")
    form = {"username": "ada", "password": PASSWORD}
    tokens = edge.send("POST", TOKEN, form)
    signed_in = {"Authorization": f"Bearer {tokens.json['access']}"}
    lines = [
        edge.send("POST", "/api/v1/cart/lines/", {"sku": sku, "quantity": 1}, signed_in)
        for sku in BLUES
    ]
    check_out(edge, signed_in, "ada@example.com")
    browser = Browser(edge.send, f"{ADDRESS}/")
    login = browser.get("/admin/")
    browser.sign_in(login, "boss", PASSWORD)
    session = {"Cookie": browser.cookie(), "Accept": "application/json"}

    schema = edge.send("GET", "/api/v1/schema/", headers={"Accept": "application/json"})
    answers = {
        "orders": edge.send("GET", "/api/v1/orders/", headers=signed_in),
        "a cart": lines[-1],
        "a product": edge.send("GET", "/api/v1/products/blue-mug/"),
        "schema": schema,
        "tokens": tokens,
        "a page with a form": login,
        "with a session": edge.send("GET", "/api/v1/schema/", headers=session),
        "kept by CloudFront": edge.send("GET", "/api/v1/products/"),
        "short": edge.send("GET", "/api/v1/health/"),
    }
    assert {
        name: (answer.headers.get("Content-Encoding"), answer.encoded)
        for name, answer in answers.items()
    } == {
        "orders": ("gzip", True),
        "a cart": ("gzip", True),
        "a product": (None, False),  # no Accept comes on the catalogue's paths
        "schema": ("gzip", True),
        "tokens": (None, False),
        "a page with a form": (None, False),
        "with a session": (None, False),
        "kept by CloudFront": (None, False),
        "short": (None, False),
    }
    (order,) = answers["orders"].json["results"]
    assert order["email"] == "ada@example.com"
    assert len(schema.body) < len(schema.text) / 3


@needs_node
@pytest.mark.parametrize(
    ("accepted", "kind"), [("application/json", "application/json"), (PAGE, "text/html")]
)
@pytest.mark.parametrize("invented", ["html", "json", "nonsense"])
def test_what_is_kept_has_the_format_of_its_key(
    edge: Edge, articles: list[Product], accepted: str, kind: str, invented: str
) -> None:
    """On these paths no Accept reaches the shop, and no Shop-Format but the function's."""
    headers = {"Accept": accepted, "Shop-Format": invented}
    answer = edge.send("GET", "/api/v1/products/", headers=headers)
    assert answer.headers["Content-Type"].startswith(kind)
    cached = "public, max-age=60" if kind == "application/json" else "private, no-store"
    assert answer.headers["Cache-Control"] == cached


@needs_node
@pytest.mark.parametrize(
    ("path", "accepted", "spoken", "title"),
    [
        ("/api/v1/products/?page_size=0", "de-AT,en;q=0.5", "de", "Fehlerhafte Anfrage"),
        ("/api/v1/products/?page_size=0", "ja", "en", "Bad Request"),
        ("/api/v1/products/?page_size=0&lang=de", "en", "de", "Fehlerhafte Anfrage"),
        ("/api/v1/orders/?lang=de", "en", "de", "Nicht angemeldet"),
    ],
)
@pytest.mark.parametrize("invented", ["en", "de"])
def test_an_error_has_the_language_of_its_key(
    edge: Edge, path: str, accepted: str, spoken: str, title: str, invented: str
) -> None:
    """On the catalogue's paths no Accept-Language reaches the shop, and no Shop-Language but the
    function's."""
    headers = {"Accept-Language": accepted, "Shop-Language": invented}
    answer = edge.send("GET", path, headers=headers)
    assert answer.headers["Content-Language"] == spoken
    assert answer.json["title"] == title


@needs_node
@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize("order", [1, -1])
def test_what_is_kept_has_the_language_of_its_key(
    function: Handler,
    viewer_function: Function | None,
    articles: list[Product],
    monkeypatch: pytest.MonkeyPatch,
    guarded: bool,
    order: int,
) -> None:
    """Whoever comes first, nobody is told names in another's language, and there is one copy for
    each language; without the language in the key the first one's is everybody's."""
    for product in articles:
        product.texts = {"de": {"name": f"{product.name} auf Deutsch"}}
        product.save()
        publish(product)
    if not guarded:
        monkeypatch.setattr(
            "tests.aws_lambda.edge.headers_of_key",
            lambda behaviour: [n for n in headers_of_key(behaviour) if n != "shop-language"],
        )
    edge = KeepingEdge(function, viewer_function)
    viewers = ["en-GB,en;q=0.9", "de-AT,de;q=0.9,en;q=0.8", "ja", "de"][::order]
    wrong = 0
    for accepted in viewers:
        for address in (
            "/api/v1/products/",
            "/api/v1/products/?lang=de",
            "/api/v1/products/?lang=en",
        ):
            answer = edge.send("GET", address, headers={"Accept-Language": accepted})
            spoken = address.partition("lang=")[2] or ("de" if "de" in accepted else "en")
            german = ["auf Deutsch" in card["name"] for card in answer.json["results"]]
            told = (answer.headers["Content-Language"], set(german))
            wrong += told != (spoken, {spoken == "de"})
    assert (wrong, len(edge.kept)) == ((0, 4) if guarded else (2, 3))
