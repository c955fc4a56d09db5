"""What the shop compresses; over Lambda and CloudFront it is in tests/aws_lambda/test_edge.py."""

import gzip
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from shop.api.compression import AT_LEAST, CompressionMiddleware

LONG = b"x" * (AT_LEAST + 1)
DATA = "application/json"
ACCEPT = {"HTTP_ACCEPT": "*/*"}


@pytest.fixture
def sent(rf, settings):
    """Whether a long answer goes out compressed, to a browser that takes it so."""

    def sent(
        method="GET",
        path="/api/v1/orders/",
        kind=DATA,
        body=LONG,
        session="",
        accept=ACCEPT,
        **headers,
    ):
        request = rf.generic(method, path, HTTP_ACCEPT_ENCODING="br, gzip", **accept)
        if session:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = session
        response = HttpResponse(body, content_type=kind, headers=headers)
        answer: Any = CompressionMiddleware(lambda request: response)(request)
        encoded = answer.get("Content-Encoding")
        assert (gzip.decompress(answer.content) if encoded else answer.content) == body
        return encoded == "gzip"

    return sent


@pytest.mark.parametrize(
    "kind",
    [
        DATA,
        "application/problem+json",
        "application/vnd.oai.openapi; charset=utf-8",
        "application/vnd.oai.openapi+json; charset=utf-8",
    ],
)
def test_data_is(sent, kind):
    assert sent(kind=kind)
    assert sent(kind=kind, **{"Cache-Control": "private, no-store"})


def test_a_cart_is(sent):
    assert sent("POST", "/api/v1/cart/lines/")
    assert sent("PATCH", "/api/v1/cart/lines/MUG-RED/")


def test_what_api_gateway_would_not_turn_back_is_not(sent):
    assert not sent(accept={})


def test_short_answers_are_not(sent):
    assert not sent(body=LONG[:-1])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/auth/token/"),
        ("POST", "/api/v1/auth/token/refresh/"),
        ("POST", "/api/v1/cart/"),
        ("POST", "/api/v1/checkout/"),
        ("POST", "/api/v1/what/comes/later/"),
    ],
)
def test_what_may_make_a_secret_is_not(sent, method, path):
    assert not sent(method, path)


@pytest.mark.parametrize("path", ["/api/v1/orders/", "/admin/", "/admin/login/"])
def test_pages_are_not(sent, path):
    assert not sent(path=path, kind="text/html; charset=utf-8")


def test_nothing_beside_the_api_is(sent):
    assert not sent(path="/admin/autocomplete/")


def test_nothing_for_a_session_is(sent):
    assert not sent(session="of somebody")


def test_what_a_cache_keeps_is_not(sent):
    assert not sent(**{"Cache-Control": "public, max-age=60"})


def test_what_sets_a_cookie_is_not(rf):
    response = HttpResponse(LONG, content_type=DATA)
    response.set_cookie("csrftoken", "secret")
    request = rf.get("/api/v1/orders/", HTTP_ACCEPT_ENCODING="gzip", **ACCEPT)
    answer: Any = CompressionMiddleware(lambda request: response)(request)
    assert answer.content == LONG


def test_streams_are_left_alone(rf):
    response = StreamingHttpResponse([LONG], content_type=DATA)
    request = rf.get("/api/v1/orders/", HTTP_ACCEPT_ENCODING="gzip", **ACCEPT)
    answer: Any = CompressionMiddleware(lambda request: response)(request)
    assert list(answer) == [LONG]
