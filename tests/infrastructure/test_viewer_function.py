"""The CloudFront function of the template: three short headers of what the viewer sent."""

from collections.abc import Iterator

import pytest

from shop.api.languages import languages
from tests.aws_lambda.edge import Function, needs_node
from tests.infrastructure.templates import distribution, parsed, resources

pytestmark = needs_node
SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def viewer() -> Iterator[Function]:
    function = Function("Viewer", Languages="en,de,fr", Markets="de,at,gb")
    yield function
    function.close()


@pytest.mark.parametrize(
    ("accept", "made"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("application/json, text/plain, */*", "json"),
        (SAFARI, "html"),
        ("TEXT/HTML", "html"),
        ("application/json;q=0.9, text/html", "html"),
        ("application/json, text/html;q=0.9", "json"),
        ("text/html;level=1;q=0", "json"),
        ("text/html;q=nonsense", "html"),
        ("__proto__, constructor;q=2", "json"),
    ],
)
def test_the_format(viewer: Function, accept: str | None, made: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    assert viewer(headers)["shop-format"] == made


@pytest.mark.parametrize(
    ("accept", "made"),
    [
        (None, "en"),
        ("*", "en"),
        ("ja", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("ja,fr-CA;q=0.7,de;q=0.3", "fr"),
        ("en;q=0,de;q=0.1", "de"),
        ("de,en", "en"),  # as much wanted: the first of ours
    ],
)
def test_the_language(viewer: Function, accept: str | None, made: str) -> None:
    headers = {} if accept is None else {"Accept-Language": accept}
    assert viewer(headers)["shop-language"] == made


@pytest.mark.parametrize(
    ("query", "made"), [("lang=fr", "fr"), ("page_size=2&lang=en", "en"), ("lang=tlh", "de")]
)
def test_a_language_that_the_address_names(viewer: Function, query: str, made: str) -> None:
    """One copy of `?lang=fr`, whatever else the viewers speak."""
    assert viewer({"Accept-Language": "de"}, query)["shop-language"] == made


def test_it_knows_the_shop_s_languages() -> None:
    known = parsed()["Parameters"]["Languages"]["Default"]
    assert known.split(",") == languages()


@pytest.mark.parametrize(("country", "made"), [("AT", "at"), ("gb", "gb"), ("JP", "de")])
def test_the_market(viewer: Function, country: str, made: str) -> None:
    assert viewer({"CloudFront-Viewer-Country": country})["shop-market"] == made


def test_what_the_viewer_invents_is_gone(viewer: Function) -> None:
    invented = {"Shop-Format": "x" * 500, "Shop-Language": "tlh", "Shop-Market": "moon"}
    made = viewer(invented | {"Cart-Token": "kept"})
    assert made == {"shop-format": "json", "shop-language": "en", "cart-token": "kept"}


def test_no_viewer_reaches_the_shop_around_it() -> None:
    for behaviour in distribution()["CacheBehaviors"]:
        if behaviour["TargetOriginId"] == "api":
            (association,) = behaviour["FunctionAssociations"]
            assert association["EventType"] == "viewer-request", behaviour["PathPattern"]
            assert association["FunctionARN"] == "Viewer.FunctionMetadata.FunctionARN"


def test_its_headers_are_the_cache_s_key_and_no_others() -> None:
    policy = resources()["CatalogueCache"]["Properties"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["HeadersConfig"]["Headers"] == ["Shop-Format", "Shop-Language", "Shop-Market"]
    assert (key["EnableAcceptEncodingGzip"], key["EnableAcceptEncodingBrotli"]) == (True, True)
    cached = [
        each
        for each in distribution()["CacheBehaviors"]
        if each["CachePolicyId"] == "CatalogueCache"
    ]
    assert [each["Compress"] for each in cached] == [True, True]
    # CloudFront tells its function the country only where a policy names it.
    asked = resources()["CatalogueRequests"]["Properties"]["OriginRequestPolicyConfig"]
    assert asked["HeadersConfig"]["Headers"] == ["CloudFront-Viewer-Country"]
    assert {each["OriginRequestPolicyId"] for each in cached} == {"CatalogueRequests"}
