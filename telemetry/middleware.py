"""Each request as a piece of work."""

import re
import uuid
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from telemetry.sign_ins import count_blocked
from telemetry.work import work

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
#: The URL pattern of what matches no other; a page says so.
NOWHERE = "missing-page"
METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}


class TelemetryMiddleware:
    """The first of all: what the others answer is measured too. Adds `X-Request-Id`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        event, context = request.META.get("lambda.event"), request.META.get("lambda.context")
        known = gateway_id(event)
        request_id = known or uuid.uuid4().hex
        with work(request_id, context) as done:
            response = self.get_response(request)
            method, route = request.method or "", route_of(request)
            ours = event is not None and not known  # asked while Lambda starts the process
            done.endpoint = "warm-up" if ours else endpoint_of(method, route)
            done.requests, done.failed = int(bool(known)), response.status_code >= 500
            done.fields = {"method": method, "route": route, "status": response.status_code}
            count_blocked(route, response.status_code)
        response["X-Request-Id"] = request_id
        return response


def gateway_id(event: Mapping[str, Any] | None) -> str:
    """API Gateway's id of the request, as its own log has it; empty elsewhere.

    Never one from a header: clients write there what they like.
    """
    context = (event or {}).get("requestContext") or {}
    return str(context.get("requestId") or "")


def route_of(request: HttpRequest) -> str:
    """The pattern that the path matches, such as `api/v1/orders/<str:number>/`.

    Empty for none, and for the one of all that there is not. Looked up here where a middleware
    answered before Django did so.
    """
    match = request.resolver_match
    if match is None:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return ""
    return "" if match.url_name == NOWHERE else match.route


@lru_cache(maxsize=256)
def endpoint_of(method: str, route: str) -> str:
    """The request's kind, one of a fixed set whatever clients send: it is a metric's dimension.

    All of the admin is one, and so is all that matches nothing.
    """
    if not route or route.startswith("^") or method not in METHODS:
        return "unknown"
    if route.startswith("admin/"):
        return "admin"
    path = CONVERTER.sub(r":\1", route)
    return f"{method} /{path}"
