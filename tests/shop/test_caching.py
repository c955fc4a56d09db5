"""What a cache between customer and shop may keep."""

import pytest
from django.http import HttpResponse

from shop.api.caching import CacheControlMiddleware
from shop.settings import MIDDLEWARE

NEVER = "private, no-store"


@pytest.fixture
def answer(rf):
    """The Cache-Control that leaves the middleware, for an answer of a path."""

    def through(response: HttpResponse, path: str = "/api/v1/any/") -> str | None:
        return CacheControlMiddleware(lambda request: response)(rf.get(path)).get("Cache-Control")

    return through


def test_carts_and_orders_are_nobody_elses(guest, customer, db):
    cart = guest.post("/api/v1/cart/")
    token = {"Cart-Token": cart["Cart-Token"]}
    answers = [
        cart,
        guest.get("/api/v1/cart/", headers=token),
        customer.get("/api/v1/orders/"),
        guest.get("/api/v1/orders/none/"),
    ]
    assert [each.status_code for each in answers] == [201, 200, 200, 404]
    assert [each["Cache-Control"] for each in answers] == [NEVER] * 4


def test_a_view_may_allow_caching(guest, db):
    assert guest.get("/api/v1/products/")["Cache-Control"] == "public, max-age=60"


def test_a_page_is_personal(superuser, db):
    """GIVEN a list that may be cached WHEN it is shown as a page THEN the page may not."""
    page = superuser.get("/api/v1/products/", headers={"Accept": "text/html"})
    assert (page.status_code, page["Cache-Control"]) == (200, NEVER)


def test_an_answer_with_a_cookie_is_personal(answer):
    response = HttpResponse("{}", headers={"Cache-Control": "public"}, content_type="text/json")
    assert answer(response) == "public"
    response.set_cookie("csrftoken", "secret")
    assert answer(response) == NEVER


def test_what_is_not_the_api_is_left_alone(answer):
    assert answer(HttpResponse("page"), "/admin/") is None


def test_it_stands_outside_of_all_that_sets_cookies():
    """What stands before it reads requests, compresses, or sets headers of its own."""
    assert MIDDLEWARE[:8] == [
        "telemetry.middleware.TelemetryMiddleware",
        "shop.api.failures.FailureMiddleware",
        "shop.api.addresses.PublicAddressMiddleware",
        "shop.api.addresses.ViewerAddressMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "shop.api.compression.CompressionMiddleware",
        "shop.api.formats.FormatMiddleware",
        "shop.api.caching.CacheControlMiddleware",
    ]
