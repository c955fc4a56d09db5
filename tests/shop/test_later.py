"""Addresses whose views are imported with the first request that wants them."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import NoReverseMatch, include, path, resolve, reverse
from django.utils.translation import override

from shop.later import import_all, later

NAME = "tests.shop.later_addresses"
PAGE = f"{NAME}.addresses"


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Of this module alone, new for each test, and what comes later not imported yet."""
    monkeypatch.delitem(sys.modules, NAME, raising=False)
    module = type(sys)("of_the_test")
    inner: list[Any] = [later("later/", PAGE, "later"), path("home/", home, name="home")]
    module.urlpatterns = [path("in/", include(inner))]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=module):
        yield


def test_other_addresses_do_not_wait_for_it() -> None:
    assert reverse("home") == "/in/home/"
    assert resolve("/in/home/").func is home
    with pytest.raises(NoReverseMatch):
        reverse("nowhere")
    assert NAME not in sys.modules


@pytest.mark.parametrize("language", ["en", "de"])
def test_its_names_and_its_pages_are_there_when_wanted(language: str) -> None:
    with override(language):
        assert reverse("home") == "/in/home/"
        assert reverse("later:one", args=[7]) == "/in/later/7/"
        assert NAME in sys.modules
        assert resolve("/in/later/7/").kwargs == {"number": 7}
        with pytest.raises(NoReverseMatch):
            reverse("later:two")


def test_all_can_be_imported_at_once() -> None:
    import_all()
    assert NAME in sys.modules
