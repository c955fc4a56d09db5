"""The two addresses of a request: the shop's, and whose it is."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse

from limits.addresses import network_of
from shop.api.addresses import PublicAddressMiddleware, ViewerAddressMiddleware
from tests.aws_lambda.gateway import recorded

EDGE = "70.132.20.166"  # CloudFront's, in the recorded event


def seen_by(rf, event, forwarded):
    request = rf.get(
        "/", REMOTE_ADDR="6.6.6.6", HTTP_X_FORWARDED_FOR=forwarded, **{"lambda.event": event}
    )
    ViewerAddressMiddleware(lambda request: HttpResponse())(request)
    return request.META["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("event", "address"),
    [
        (recorded("rest_api"), "203.0.113.7"),
        (recorded("http_api"), "203.0.113.7"),
        ({"requestContext": {"elb": {}}}, ""),
        ({}, ""),
    ],
)
def test_on_lambda_the_gateway_s_word_counts(rf, event, address):
    """GIVEN an address that the client made up WHEN API Gateway knows better THEN it is gone."""
    assert seen_by(rf, event, "198.51.100.1, 198.51.100.2") == address


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (f"203.0.113.7, {EDGE}", "203.0.113.7"),
        (f"6.6.6.6, 203.0.113.7, {EDGE}", "203.0.113.7"),
        (f"6.6.6.6,{EDGE},203.0.113.7,{EDGE}", "203.0.113.7"),
        (f"2001:db8::7, {EDGE}", "2001:db8::7"),
        (f"unknown, {EDGE}", EDGE),
        (EDGE, EDGE),
        ("", EDGE),
    ],
)
def test_of_our_cloudfront_the_viewer_is_believed(rf, forwarded, address):
    """The entry that it appended, before the gateway's own; nothing that stood there before."""
    assert seen_by(rf, recorded("edge"), forwarded) == address


def test_without_the_key_cloudfront_may_be_anybody_s(rf):
    event = recorded("edge")
    event["requestContext"]["identity"] |= {"apiKey": None, "apiKeyId": None}
    assert seen_by(rf, event, f"203.0.113.7, {EDGE}") == EDGE


def test_elsewhere_it_is_the_connection_s(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    ViewerAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "192.0.2.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_what_counts_as_one(address, network):
    assert network_of(address) == network


def test_on_a_laptop_the_host_counts(settings):
    settings.PUBLIC_URL = ""
    with pytest.raises(MiddlewareNotUsed):
        PublicAddressMiddleware(lambda request: HttpResponse())


@pytest.mark.parametrize(
    ("url", "absolute", "secure"),
    [
        ("https://shop.test", "https://shop.test/a/?b=1", True),
        ("https://Shop.test:8443", "https://shop.test:8443/a/?b=1", True),
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566/a/?b=1", False),
        ("https://[2001:db8::1]", "https://[2001:db8::1]/a/?b=1", True),
    ],
)
def test_with_a_public_address_nothing_else_does(rf, settings, url, absolute, secure):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = url, ["shop.test", "127.0.0.1", "[2001:db8::1]"]
    settings.SECURE_PROXY_SSL_HEADER = None
    request = rf.get("/a/?b=1", HTTP_HOST="evil.example", HTTP_X_FORWARDED_PROTO="gopher")
    PublicAddressMiddleware(lambda request: HttpResponse())(request)
    assert (request.build_absolute_uri(), request.is_secure()) == (absolute, secure)
