"""JSON or a page, where CloudFront keeps what the viewer accepts to itself."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "HTTP_SHOP_FORMAT"
# What has neither, such as the schema, is still given.
ACCEPTED = {"json": "application/json, */*", "html": "text/html, */*"}


class FormatMiddleware:
    """Where no Accept comes, the Shop-Format of our CloudFront function stands for it.

    It is part of the catalogue's cache key in Accept's place, so what is kept under `json` must
    be JSON. Other paths get the viewer's Accept, which says more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        accepted = ACCEPTED.get(request.META.get(HEADER, ""))
        if accepted:
            request.META.setdefault("HTTP_ACCEPT", accepted)
        return self.get_response(request)
