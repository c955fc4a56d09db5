"""The pages as they are asked for: on a laptop, and at the edge what its bucket has not.

An answer is the same as the file that `render_storefront` writes.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any, TypeVar

import orjson
from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.urls import resolve
from django.views.decorators.http import require_safe
from rest_framework.exceptions import NotFound

from catalog import selectors
from storefront import assets, pages
from storefront.pages import Page, fixed_page
from storefront.places import A_MINUTE
from storefront.publishing import names_of
from storefront.rendering import render
from storefront.texts import LANGUAGES

Response = TypeVar("Response", bound=HttpResponse)
MOST_NAMED = 999  # products, two calls
TOO_MANY = (
    "The names of so many products are searched in the files that manage.py render_storefront "
    "makes: give the stage a distribution, whose bucket has them."
)


def answer(make: Callable[[list[Any]], Page], language: str) -> HttpResponse:
    """The page, or the one that says that there is none."""
    tree = selectors.get_category_tree()
    try:
        page = make(tree)
    except NotFound:
        page = fixed_page("missing")
    status = 404 if page.kind == "missing" else 200
    return for_a_minute(HttpResponse(render(page, language, tree), status=status))


def for_a_minute(response: Response) -> Response:
    response["Cache-Control"] = A_MINUTE
    return response


@require_safe
def home(request: HttpRequest, language: str) -> HttpResponse:
    return answer(lambda tree: pages.home_page(), language)


@require_safe
def everything(request: HttpRequest, language: str, after: int | None = None) -> HttpResponse:
    return answer(lambda tree: pages.list_page(after=after), language)


@require_safe
def category(
    request: HttpRequest, language: str, slug: str, after: int | None = None
) -> HttpResponse:
    return answer(lambda tree: pages.category_page(tree, slug, after=after), language)


@require_safe
def product(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    return answer(lambda tree: pages.product_page(slug), language)


@require_safe
def fixed(request: HttpRequest, language: str, kind: str) -> HttpResponse:
    return answer(lambda tree: fixed_page(kind), language)


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """For an address of no page, in the language of its place; a forgotten slash is added."""
    if not request.path_info.endswith("/") and resolve(f"{request.path_info}/").func != missing:
        path = request.get_full_path(force_append_slash=True)
        return for_a_minute(HttpResponsePermanentRedirect(path))
    first = request.path_info.split("/")[1]
    return fixed(request, language=first if first in LANGUAGES else LANGUAGES[0], kind="missing")


@require_safe
def names(request: HttpRequest, language: str, letters: str) -> HttpResponse:
    """The products of which a word begins so.

    A stage behind CloudFront has the files in its bucket, and one that is not there has no
    products. Any other reads the catalogue anew, which a few products allow; of more than
    MOST_NAMED it says nothing rather than half.
    """
    found: list[Any] = []
    if not settings.SITE_BUCKET:
        known = list(islice(pages.all_listings(), MOST_NAMED + 1))
        if len(known) > MOST_NAMED:
            return JsonResponse({"code": "not_rendered", "detail": TOO_MANY}, status=501)
        found = names_of(known, language).get(letters, [])
    return for_a_minute(HttpResponse(orjson.dumps(found), content_type="application/json"))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    content = assets.WORKER.read_bytes()
    return for_a_minute(HttpResponse(content, content_type="text/javascript"))


@require_safe
def asset(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """A file of the style's folder. Of an earlier version there is none: the page is newer."""
    path = assets.files().get(name)
    if path is None or version != assets.version():
        raise Http404
    return HttpResponse(
        path.read_bytes(),
        content_type=assets.content_type(name),
        headers={"Cache-Control": assets.FOREVER},
    )
