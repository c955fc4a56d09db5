"""Behind the CloudFront of the template: what leads where, who is counted, what is compressed.

The function is a process of its own, with the variables that the stage gives it.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import User

from catalog.models import Product
from infrastructure.stages import environment, load_stage
from shop.management.commands.worker import Queue
from tests.aws_lambda.browser import PAGE, Browser, links
from tests.aws_lambda.conftest import Handler
from tests.aws_lambda.edge import (
    ADDRESS,
    HOST,
    NODE,
    Edge,
    Function,
    KeepingEdge,
    behaviour_of,
    headers_of_key,
)
from tests.aws_lambda.gateway import Answer, Gateway, Request, rest_api_event
from tests.aws_lambda.starting import running
from tests.aws_lambda.test_purchase import check_out, fill_cart
from tests.catalog.conftest import kitchen, make_product, mugs, publish
from tests.conftest import PASSWORD, make_user
from tests.infrastructure.templates import distribution

__all__ = ["kitchen", "make_product", "mugs"]

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "/api/v1/auth/token/"
SETTINGS = "tests.aws_lambda.deployed_settings"
OUTPUTS = dict.fromkeys(
    (
        *("ImageBucketName", "StaticBucketName", "SiteBucketName"),
        *("CatalogQueueName", "OrderQueueName"),
        *("SecretKeyArn", "FunctionRoleArn", "PackageBucketName"),
        *("MailConfigurationName", "MailEventQueueName"),
    ),
    "unused",
) | {"PublicHost": HOST}
# Of them the process gets these alone: its tables and queues are the test run's.
OF_THE_STAGE = ("SHOP_PUBLIC_URL", "SHOP_STATIC_URL", "SHOP_IMAGE_BASE_URL")
BLUES = [f"MUG-BLUE-{number}" for number in range(8)]
# What the run sets and a stage does not.
UNSET = {
    "SHOP_INSECURE_HTTP": "",
    "SHOP_ALLOWED_HOSTS": "",
    "SHOP_LIMITS": "sign-in-address=10/d",  # A minute may end between two attempts.
}


@pytest.fixture(scope="module")
def function(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    """The function of the stage `production` on AWS."""
    stage = load_stage("production")
    on_aws = dataclasses.replace(stage, endpoint=None)
    variables = environment(on_aws, OUTPUTS)
    given = {name: variables.get(name, "") for name in OF_THE_STAGE}
    folder = tmp_path_factory.mktemp("function")
    with running(folder, DJANGO_SETTINGS_MODULE=SETTINGS, **UNSET, **given) as handler:
        yield handler


@pytest.fixture
def edge(function: Handler, viewer_function: Function | None) -> Edge:
    return Edge(function, viewer_function)


@pytest.fixture
def boss(db: None) -> User:
    return make_user("boss", is_staff=True, is_superuser=True)


@pytest.fixture
def articles(make_product: Callable[..., Product]) -> list[Product]:
    """Two for sale; a list with one a page has a next one."""
    return [
        make_product("Red Mug", {"MUG-RED": "12.00"}, stock=10),
        make_product("Blue Mug", dict.fromkeys(BLUES, "12.00"), stock=10),
    ]


def routed_to(address: str) -> str:
    """The origin of an address of the shop's host."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("https", HOST), address
    target: str = behaviour_of(parts.path)["TargetOriginId"]
    return target


# Addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["/admin", "/admin/", "/admin/catalog/product/"])
def test_signing_in_to_the_admin(edge: Edge, boss: User, start: str) -> None:
    browser = Browser(edge.send, f"{ADDRESS}/")
    form = browser.get(start)
    assert browser.address.startswith(f"{ADDRESS}/admin/login/?next=/admin/")
    page = browser.sign_in(form, "boss", PASSWORD)

    assert (page.status, browser.address) == (200, f"{ADDRESS}{start.rstrip('/')}/")
    assert "Log out" in page.text
    assert browser.cookies["sessionid"]["sessionid"]["secure"] is True
    led_to = {urljoin(browser.address, link) for link in links(page)} - {f"{ADDRESS}/"}
    assert {routed_to(address) for address in led_to} == {"api", "static"}
    for address in sorted(led_to):
        if routed_to(address) == "api" and "logout" not in address:
            assert browser.get(address).status == 200, address


def test_signing_in_to_the_browsable_api(edge: Edge, boss: User) -> None:
    browser = Browser(edge.send, f"{ADDRESS}/")
    page = browser.get("/api/v1/cart/")
    (login,) = (link for link in links(page) if "login" in link)
    assert login == "/api-auth/login/?next=/api/v1/cart/"
    page = browser.sign_in(browser.get(login), "boss", PASSWORD)
    assert (page.status, browser.address) == (200, f"{ADDRESS}/api/v1/cart/")
    assert "boss" in page.text


def test_a_login_that_says_not_where_to(edge: Edge, boss: User) -> None:
    browser = Browser(edge.send, f"{ADDRESS}/")
    page = browser.sign_in(browser.get("/api-auth/login/"), "boss", PASSWORD)
    assert (page.status, browser.address) == (200, f"{ADDRESS}/api/v1/")


def addresses_in(value: Any) -> Iterator[str]:
    """All that is an address, at any depth of an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from addresses_in(each)
    elif isinstance(value, str) and "://" in value:
        yield value


def test_all_links_of_a_purchase_stay_at_the_shop(
    edge: Edge, articles: list[Product], order_queue: Queue
) -> None:
    """Tokens and secrets go along with each: `send` refuses any other host."""
    root = edge.send("GET", "/api/v1/").json
    page = edge.send("GET", f"{root['products']}?page_size=1").json
    assert page["next"].startswith(f"{ADDRESS}/api/v1/products/?cursor=")
    last = edge.send("GET", page["next"]).json
    assert last["next"] is None
    cart = fill_cart(edge, "MUG-RED", 1)
    receipt = check_out(edge, cart, "ada@example.com")
    order = edge.send(
        "GET", receipt.headers["Location"], headers={"Order-Secret": receipt.json["secret"]}
    )

    assert (order.status, order.json["number"]) == (200, receipt.json["number"])
    assert receipt.json["url"] == receipt.headers["Location"]
    emitted = list(addresses_in([root, page, last, receipt.json, order.json]))
    assert len(emitted) == len(root) + 2
    assert {routed_to(address) for address in emitted} == {"api"}
    for address in root.values():
        assert edge.send("GET", address).status in {200, 401, 405}, address


def test_the_documentation_asks_the_shop(edge: Edge) -> None:
    page = edge.send("GET", "/api/v1/docs/", headers={"Accept": PAGE})
    schema = re.search(r'url: "([^"]*)"', page.text)
    assert schema and schema[1] == "/api/v1/schema/"
    assert {routed_to(urljoin(ADDRESS, link)) for link in links(page)} == {"static"}
    plain = edge.send("GET", schema[1], headers={"Accept-Encoding": "identity"})
    assert plain.text.startswith("openapi: 3.0.")
    assert not plain.encoded  # a text, to Zappa too
    described = edge.send("GET", schema[1], headers={"Accept": "application/json"}).json
    assert described["servers"] == [{"url": ADDRESS}]
    assert {routed_to(f"{ADDRESS}{path}") for path in described["paths"]} == {"api"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
        {"X-Forwarded-Proto": "http", "X-Forwarded-Port": "80"},
    ],
)
def test_what_is_sent_moves_no_address(function: Handler, headers: dict[str, str]) -> None:
    """Past CloudFront's filter even: the event itself has them."""
    answer = Gateway(function, rest_api_event).send("GET", "/api/v1/", headers=headers)
    assert answer.status == 200
    assert answer.json["products"] == f"{ADDRESS}/api/v1/products/"


def test_without_cloudfront_the_stage_is_part_of_the_address(tmp_path: Path, boss: User) -> None:
    """As after `zappa deploy dev`."""
    base = "https://70ixmpl4fl.execute-api.eu-central-1.amazonaws.com/dev"
    with running(
        tmp_path, DJANGO_SETTINGS_MODULE=SETTINGS, **UNSET, SHOP_PUBLIC_URL=base
    ) as handler:
        gateway = Gateway(handler, rest_api_event)

        def send(method: str, address: str, body: Any, headers: dict[str, str]) -> Answer:
            assert address.startswith(f"{base}/"), address
            return gateway.send(method, address.removeprefix(base), body, headers)

        browser = Browser(send, f"{base}/")
        page = browser.sign_in(browser.get("/dev/admin"), "boss", PASSWORD)
        assert (page.status, browser.address) == (200, f"{base}/admin/")
        assert browser.cookies["sessionid"]["sessionid"]["path"] == "/dev"
        root = gateway.send("GET", "/api/v1/").json
        assert root["products"] == f"{base}/api/v1/products/"
        page = browser.get("/dev/")
        assert (page.status, browser.address) == (200, f"{base}/")
        found = re.findall(r'(?:href|src|action)="(/[^"#]*)"', page.text)
        assert len(found) > 20 and all(each.startswith("/dev/") for each in found)


# Whose request it is ---------------------------------------------------------------------------


def sign_in(edge: Edge, name: str, password: str, viewer: str, **headers: str) -> int:
    named = {header.replace("_", "-"): value for header, value in headers.items()}
    form = {"username": name, "password": password}
    return edge.send("POST", TOKEN, form, named, viewer).status


def test_customers_are_counted_by_their_own_address(edge: Edge) -> None:
    """All come through one CloudFront, and all are let in."""
    names = [f"customer-{number}" for number in range(12)]
    for name in names:
        make_user(name)
    answers = [
        sign_in(edge, name, PASSWORD, f"203.0.113.{number}") for number, name in enumerate(names)
    ]
    assert answers == [200] * 12


@pytest.mark.parametrize(
    "viewers",
    [
        ["203.0.113.9"] * 30,
        [f"2001:db8:1:2::{number:x}" for number in range(1, 31)],
    ],
)
def test_an_invented_address_lifts_no_limit(edge: Edge, viewers: list[str]) -> None:
    """One IPv4 address, or one network of IPv6, that names another with each attempt."""
    make_user("ada")
    answers = [
        sign_in(
            edge,
            f"user-{number}",
            "wrong",
            viewer,
            X_Forwarded_For=f"198.51.100.{number}",
            CloudFront_Viewer_Address=f"198.51.100.{number}:443",
            X_Real_IP=f"198.51.100.{number}",
        )
        for number, viewer in enumerate(viewers)
    ]
    assert set(answers[:5]) == {401}
    assert set(answers[-5:]) == {429}
    for other in ("203.0.113.10", "2001:db8:1:3::1"):
        assert sign_in(edge, "ada", PASSWORD, other) == 200


def test_who_comes_past_cloudfront_is_not_believed(function: Handler) -> None:
    """Nobody should get so far; where the API asks for no key, this is the caller's address."""

    def made(request: Request) -> dict[str, Any]:
        event = rest_api_event(request)
        event["requestContext"]["identity"]["sourceIp"] = "198.51.100.1"
        return event

    gateway = Gateway(function, made)
    answers = [
        gateway.send(
            "POST",
            TOKEN,
            {"username": f"user-{number}", "password": "wrong"},
            {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.1", "x-api-key": "guessed"},
        ).status
        for number in range(30)
    ]
    assert set(answers[-5:]) == {429}


def test_each_path_to_the_api_tells_the_viewer_s_address() -> None:
    """CloudFront names the viewer to every origin that is no bucket, whatever the policies say;
    API Gateway adds one address more, since its endpoint is regional."""
    config = distribution()
    origins = {each["Id"]: each for each in config["Origins"]}
    assert "CustomOriginConfig" in origins["api"]
    assert [each["HeaderName"] for each in origins["api"]["OriginCustomHeaders"]] == ["x-api-key"]
    patterns = [
        each["PathPattern"] for each in config["CacheBehaviors"] if each["TargetOriginId"] == "api"
    ]
    assert patterns == ["/api/v1/products/*", "/api/v1/categories/*", "/api*", "/admin*"]
    assert load_stage("production").zappa["endpoint_configuration"] == ["REGIONAL"]


# Beside the API --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/de/", 200, "text/html; charset=utf-8"),
        ("/favicon.ico", 200, "image/vnd.microsoft.icon"),
        ("/robots.txt", 200, "text/plain"),
        ("/nothing", 404, "text/html; charset=utf-8"),
        ("/api", 404, "application/problem+json"),
        ("/administration", 404, "text/html; charset=utf-8"),
    ],
)
def test_what_the_bucket_has_not(edge: Edge, path: str, status: int, kind: str) -> None:
    """S3 answers 403 or 404, and CloudFront asks the shop."""
    answer = edge.send("GET", path)
    assert (answer.status, answer.headers["Content-Type"]) == (status, kind)
    assert answer.body


def test_the_bucket_is_asked_first() -> None:
    (group,) = distribution()["OriginGroups"]["Items"]
    assert distribution()["DefaultCacheBehavior"]["TargetOriginId"] == group["Id"]
    assert [each["OriginId"] for each in group["Members"]["Items"]] == ["site", "api"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [403, 404]


# Compression and formats -----------------------------------------------------------------------


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


@pytest.mark.skipif(NODE is None, reason="NO NODE HERE: CloudFront's function is not tried")
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


@pytest.mark.skipif(NODE is None, reason="NO NODE HERE: CloudFront's function is not tried")
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


@pytest.mark.skipif(NODE is None, reason="NO NODE HERE: CloudFront's function is not tried")
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
