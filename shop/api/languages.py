"""In which language people are told something: what `?lang=` names, else what Accept-Language
wants most of the shop's languages, else English.

`code` and all other data are the same in every language.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

PARAMETER = "lang"
#: Stands for Accept-Language where CloudFront keeps that to itself: on the catalogue's paths.
EDGE_HEADER = "HTTP_SHOP_LANGUAGE"
SPEAKING = ("/api/", "/api-auth/", "/admin/")  # the storefront's pages go by their path


class LanguageMiddleware:
    """Speaks the request's language below `/api/` and in the admin, and says which it was.

    Nothing is read, no cookie is set and nobody is redirected. Answers name it (Content-Language),
    and vary by Accept-Language, if they are errors or pages, or if their view is `translated`.
    Must stand outside of all that answers by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(SPEAKING):
            return self.get_response(request)
        named = named_language(request)
        language = named or accepted_language(request)
        with translation.override(language):
            response = self.get_response(request)
        if tells_people(request, response):
            response.headers.setdefault("Content-Language", language)
            if named is None:
                patch_vary_headers(response, ["Accept-Language"])
        return response


def languages() -> list[str]:
    """Those of the shop, English first."""
    return [code for code, _ in settings.LANGUAGES]


def named_language(request: HttpRequest) -> str | None:
    """The one of the shop's that the address names. (Another one is a 400 of `shop.api.query`.)"""
    named = request.GET.get(PARAMETER)
    return named if named in languages() else None


def accepted_language(request: HttpRequest) -> str:
    """The one of the shop's that is wanted most; of several the first, as at the edge
    (`infrastructure/template.yaml`). A region plays no role: `de-AT` is `de`."""
    header = request.META.get("HTTP_ACCEPT_LANGUAGE") or request.META.get(EDGE_HEADER, "")
    wanted: dict[str, float] = {}
    for tag, weight in parse_accept_lang_header(header):
        language = tag.partition("-")[0]
        wanted[language] = max(weight, wanted.get(language, 0.0))
    return max(languages(), key=lambda each: wanted.get(each, 0.0))


def tells_people(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the answer has sentences in the language of the request."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    return response.status_code >= 400 or is_page or is_translated(request)


def is_translated(request: HttpRequest) -> bool:
    """Whether the request's view says so of its answers, by `translated = True`."""
    view = getattr(request.resolver_match, "func", None)
    return getattr(getattr(view, "view_class", None), "translated", False) is True
