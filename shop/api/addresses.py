"""Whose address a request comes from, as the gateway saw it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class GatewayAddressMiddleware:
    """On Lambda, REMOTE_ADDR is the address that reached API Gateway.

    Zappa takes it from X-Forwarded-For, into which clients write what they like.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        event = request.META.get("lambda.event")
        if event is not None:
            request.META["REMOTE_ADDR"] = source_address(event)
        return self.get_response(request)


def source_address(event: Mapping[str, Any]) -> str:
    """The client's address in an event of a REST API or an HTTP API; empty in any other."""
    context = event.get("requestContext") or {}
    seen = context.get("identity") or context.get("http") or {}
    return str(seen.get("sourceIp") or "")
