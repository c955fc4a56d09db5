"""The shop's own addresses: each in every language, the first at the root."""

from typing import Any

from django.urls import path, re_path

from storefront import views
from storefront.pages import FIXED
from storefront.texts import LANGUAGES


def in_language(language: str) -> list[Any]:
    root = "" if language == LANGUAGES[0] else f"{language}/"
    given = {"language": language}
    return [
        path(root, views.home, given),
        path(f"{root}products/", views.everything, given),
        path(f"{root}products/from/<int:after>/", views.everything, given),
        path(f"{root}products/<slug:slug>/", views.product, given),
        path(f"{root}categories/<slug:slug>/", views.category, given),
        path(f"{root}categories/<slug:slug>/from/<int:after>/", views.category, given),
        path(f"{root}names/<str:letters>.json", views.names, given),
        *(path(f"{root}{at}", views.fixed, {**given, "kind": kind}) for kind, at in FIXED.items()),
    ]


urlpatterns = [
    *(each for language in LANGUAGES for each in in_language(language)),
    path("worker.js", views.worker),
    path("assets/<str:version>/<path:name>", views.asset),
    # Not the others' own: what is not there, these say in their ways.
    re_path(
        r"^(?!admin(?:/|$)|api|static/|images/|favicon\.ico|robots\.txt)",
        views.missing,
        name="missing-page",
    ),
]
