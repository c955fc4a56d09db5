"""Behind the CloudFront of the template: what leads where, who is counted, what is compressed.

The function is a process of its own, with the variables that the stage gives it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import User

from catalog.models import Product
from infrastructure.stages import load_stage
from shop.management.commands.worker import Queue
from tests.aws_lambda.behind_edge import SETTINGS, TOKEN, UNSET, articles, boss, edge, function
from tests.aws_lambda.browser import PAGE, Browser, links
from tests.aws_lambda.conftest import Handler
from tests.aws_lambda.edge import (
    ADDRESS,
    HOST,
    Edge,
    behaviour_of,
)
from tests.aws_lambda.gateway import Answer, Gateway, Request, rest_api_event
from tests.aws_lambda.starting import running
from tests.aws_lambda.test_purchase import check_out, fill_cart
from tests.catalog.conftest import kitchen, make_product, mugs
from tests.conftest import PASSWORD, make_user
from tests.infrastructure.templates import distribution

__all__ = ["articles", "boss", "edge", "function", "kitchen", "make_product", "mugs"]

pytestmark = pytest.mark.django_db(transaction=True)


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
