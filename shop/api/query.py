"""The query string: a parameter that nothing reads, or twice the same, is a mistake, and is told.

`?categroy=mugs` would else show every product, `?palced_after=` every order, and of
`?page_size=2&page_size=3` the last would count. No parameter of this API is a list.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from rest_framework.mixins import ListModelMixin
from rest_framework.settings import api_settings

from shop.api.errors import below_api, problem_response
from shop.api.languages import PARAMETER, languages


class KnownParametersMiddleware:
    """Below `/api/`, parameters besides a view's own are a 400 that lists those; so is one that
    comes more than once, and a language that the shop does not speak."""

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
        if repeated:
            return refusal_of_repeated(repeated)
        is_foreign = request.GET.get(PARAMETER, languages()[0]) not in languages()
        return refusal_of_language() if is_foreign else None


def known_parameters(view: type[Any]) -> set[str]:
    """The names that a view reads: its `query_parameters`, its pages', the language's, and the
    one by which the pages in a browser choose JSON (`format`).

    A test compares them with the schema's, for every operation.
    """
    names = {str(api_settings.URL_FORMAT_OVERRIDE), PARAMETER}
    names |= getattr(view, "query_parameters", frozenset())
    if issubclass(view, ListModelMixin):
        names |= view.pagination_class.query_parameters  # type: ignore[attr-defined]
    return names


def refusal(unknown: list[str], known: list[str]) -> HttpResponseBase:
    there_are = gettext("Known here: {names}.").format(names=", ".join(known))
    nothing = gettext("Nothing here reads {names}.").format(names=", ".join(unknown))
    none = gettext("No parameter of this address.")
    return problem_response(
        status=400,
        code="unknown_parameter",
        detail=f"{nothing} {there_are}",
        errors={name: [f"{none} {there_are}"] for name in unknown},
    )


def refusal_of_repeated(names: list[str]) -> HttpResponseBase:
    once = gettext("Send {names} once: more than one value came, and one is read.")
    return problem_response(
        status=400,
        code="repeated_parameter",
        detail=once.format(names=", ".join(names)),
        errors={name: [gettext("Send one value: more than one came.")] for name in names},
    )


def refusal_of_language() -> HttpResponseBase:
    sentence = gettext("The shop speaks {languages}.").format(languages=", ".join(languages()))
    return problem_response(
        status=400, code="unknown_language", detail=sentence, errors={PARAMETER: [sentence]}
    )
