"""The query string: a parameter that nothing reads, or twice the same, is a mistake, and is told.

`?categroy=mugs` would else show every product, `?palced_after=` every order, and of
`?page_size=2&page_size=3` the last would count. No parameter of this API is a list.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.mixins import ListModelMixin
from rest_framework.settings import api_settings

from shop.api.errors import below_api, problem_response


class KnownParametersMiddleware:
    """Below `/api/`, parameters besides a view's own are a 400 that lists those; so is one that
    comes more than once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponseBase | None:
        kind = getattr(view, "cls", None)  # REST framework's views have one
        if kind is None or not below_api(request):
            return None
        known = known_parameters(kind)
        unknown = sorted(set(request.GET) - known)
        if unknown:
            return refusal(unknown, sorted(known))
        repeated = sorted(name for name, values in request.GET.lists() if len(values) > 1)
        return refusal_of_repeated(repeated) if repeated else None


def known_parameters(view: type[Any]) -> set[str]:
    """The names that a view reads: its `query_parameters`, its pages', and the one by which
    the pages in a browser choose JSON (`format`).

    A test compares them with the schema's, for every operation.
    """
    names = {str(api_settings.URL_FORMAT_OVERRIDE), *getattr(view, "query_parameters", ())}
    if issubclass(view, ListModelMixin):
        names |= view.pagination_class.query_parameters  # type: ignore[attr-defined]
    return names


def refusal(unknown: list[str], known: list[str]) -> HttpResponseBase:
    there_are = f"Known here: {', '.join(known)}."
    return problem_response(
        status=400,
        code="unknown_parameter",
        detail=f"Nothing here reads {', '.join(unknown)}. {there_are}",
        errors={name: [f"No parameter of this address. {there_are}"] for name in unknown},
    )


def refusal_of_repeated(names: list[str]) -> HttpResponseBase:
    return problem_response(
        status=400,
        code="repeated_parameter",
        detail=f"Send {', '.join(names)} once: more than one value came, and one is read.",
        errors={name: ["Send one value: more than one came."] for name in names},
    )
