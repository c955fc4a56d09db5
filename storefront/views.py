"""The pages as they are asked for: on a laptop, and at the edge what its bucket has not.

An answer is the same as the file that `render_storefront` writes.
"""

from collections.abc import Callable
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import resolve
from django.views.decorators.http import require_safe
from rest_framework.exceptions import NotFound

from catalog import selectors
from storefront import assets, pages
from storefront.names import by_beginning
from storefront.pages import Page, fixed_page
from storefront.places import A_MINUTE
from storefront.rendering import render
from storefront.texts import LANGUAGES


def answer(make: Callable[[list[Any]], Page], language: str) -> HttpResponse:
    """The page, or the one that says that there is none."""
    tree = selectors.get_category_tree()
    try:
        page, status = make(tree), 200
    except NotFound:
        page, status = fixed_page("missing"), 404
    html = render(page, language, tree)
    return HttpResponse(html, status=status, headers={"Cache-Control": A_MINUTE})


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
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    first = request.path_info.split("/")[1]
    language = first if first in LANGUAGES else LANGUAGES[0]
    tree = selectors.get_category_tree()
    return HttpResponse(
        render(fixed_page("missing"), language, tree),
        status=404,
        headers={"Cache-Control": A_MINUTE},
    )


@require_safe
def names(request: HttpRequest, letters: str) -> HttpResponse:
    """The products of which a word begins so: read anew, which a laptop's few allow.

    A stage has the files in its bucket, and one that is not there has no products.
    """
    found: list[Any] = []
    if not settings.SITE_BUCKET:
        found = by_beginning(pages.all_cards()).get(letters, [])
    return HttpResponse(
        orjson.dumps(found),
        content_type="application/json",
        headers={"Cache-Control": A_MINUTE},
    )


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
