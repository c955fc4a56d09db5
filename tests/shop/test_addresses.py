"""Whose address a request comes from."""

import pytest
from django.http import HttpResponse

from shop.api.addresses import GatewayAddressMiddleware
from tests.aws_lambda.gateway import recorded


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
    request = rf.get("/", REMOTE_ADDR="6.6.6.6", **{"lambda.event": event})
    GatewayAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == address


def test_elsewhere_it_is_the_connection_s(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    GatewayAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "192.0.2.1"
