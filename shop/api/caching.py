"""What a shared cache may keep: nothing, unless a view says so."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shop.api.errors import below_api

NEVER = "private, no-store"


class CacheControlMiddleware:
    """Below `/api/`, answers without a Cache-Control are nobody else's: carts, orders.

    The same goes for pages and for whatever sets a cookie, even where the view allows
    caching: a page may name the user and carry a form's secret. This must stand outside
    of all that sets cookies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if below_api(request) and (is_personal(response) or "Cache-Control" not in response):
            response["Cache-Control"] = NEVER
        return response


def is_personal(response: HttpResponseBase) -> bool:
    """Whether it was made for one browser: it sets a cookie, or is a page."""
    return bool(response.cookies) or response.get("Content-Type", "").startswith("text/html")
