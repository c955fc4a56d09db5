"""The two addresses of a request: the shop's, which it was sent to, and the viewer's."""

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shop import public_url


class PublicAddressMiddleware:
    """Gives each request the scheme and host of PUBLIC_URL; its path comes from Django itself.

    Behind CloudFront the Host is the API's own, and Zappa takes scheme and path from it. What was
    sent plays no role then. Must stand before all that asks for any of these.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        address = public_url.parse(settings.PUBLIC_URL)
        if address is None:
            raise MiddlewareNotUsed("The Host counts, if it is among ALLOWED_HOSTS.")
        self.get_response, self.environ = get_response, address.environ()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META.update(self.environ)
        return self.get_response(request)


class ViewerAddressMiddleware:
    """On Lambda, REMOTE_ADDR is the viewer's address, as far as CloudFront or the gateway knows.

    Zappa takes it from X-Forwarded-For, into which clients write what they like.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        event = request.META.get("lambda.event")
        if event is not None:
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
            request.META["REMOTE_ADDR"] = viewer_address(event, forwarded)
        return self.get_response(request)


def viewer_address(event: Mapping[str, Any], forwarded: str) -> str:
    """The viewer's address in an event of a REST API or an HTTP API; empty in any other.

    Whoever calls API Gateway is its caller. If that is our CloudFront, the viewer is whom
    CloudFront names: it appends the viewer's address to X-Forwarded-For, on every path, and API
    Gateway appends CloudFront's. That it is ours, API Gateway says: it has seen the key that only
    our distribution sends, and names it in the context, where no client can write.
    """
    context = event.get("requestContext") or {}
    seen = context.get("identity") or context.get("http") or {}
    caller = str(seen.get("sourceIp") or "")
    if not (seen.get("apiKeyId") or seen.get("apiKey")):
        return caller
    *others, last = (each.strip() for each in forwarded.split(","))
    named = others[-1] if others and last == caller else last
    return named if is_address(named) else caller


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
