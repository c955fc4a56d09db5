"""No request that a customer can make reads a whole table."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dynamodb.scans import scan_policy


class ForbidScansMiddleware:
    """Below `/api/` a query without an index is an error, not a slow success."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        with scan_policy("forbid"):
            return self.get_response(request)
