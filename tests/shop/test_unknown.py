"""Addresses below `/api/` where there is nothing."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=[False, True])
def debug(request, settings):
    """The same while debugging, where Django has pages of its own."""
    settings.DEBUG = request.param


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1/nothing/", "/api/v1/nothing", "/api/v2/"]
)
def test_nothing_there(guest, method, path):
    answer = getattr(guest, method)(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == "There is nothing here."
    assert answer["Content-Type"] == "application/problem+json"


def test_a_read_without_the_slash_is_redirected(guest):
    answer = guest.get("/api/v1/products?category=mugs", SCRIPT_NAME="/dev")
    assert (answer.status_code, answer["Location"]) == (301, "/dev/api/v1/products/?category=mugs")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_write_without_the_slash_is_told(method):
    answer = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/cart/lines")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == "Add the slash at the end: /api/v1/cart/lines/"


@pytest.mark.parametrize(
    ("method", "path", "headers", "advice"),
    [
        ("get", "/api/v1/products/", {"Accept": "text/csv"}, "Ask for application/json"),
        ("post", "/api/v1/products/", {}, "The header Allow has those that are."),
        ("get", "/api/v1/orders/", {}, "Send Authorization: Bearer"),
        ("get", "/api/v1/orders/", {"Authorization": "Bearer x"}, "Renew it at /api/v1/auth/"),
    ],
)
def test_an_error_says_what_to_do(guest, method, path, headers, advice):
    """Also those that the libraries word."""
    assert advice in getattr(guest, method)(path, headers=headers).json()["detail"]


def test_another_kind_of_body_and_a_wrong_password_say_what_to_do(guest):
    text = {"data": "sku=a", "content_type": "text/plain"}
    answer = guest.post("/api/v1/auth/token/", **text)
    assert answer.json()["detail"] == (
        'Unsupported media type "text/plain" in request. Send JSON, with Content-Type: '
        "application/json."
    )
    wrong = guest.post("/api/v1/auth/token/", {"username": "nobody", "password": "x"})
    assert wrong.json()["detail"].endswith(" Check name and password.")
