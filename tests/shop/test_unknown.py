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
