"""Who has a session: the admin's pages, and the API where a cookie says so."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.conftest import Staff

pytestmark = pytest.mark.django_db
WHAT = ("session", "_messages")


def has(answer: Any) -> list[bool]:
    return [hasattr(answer.wsgi_request, name) for name in WHAT]


def test_a_request_of_the_api_without_a_cookie_has_none(guest: APIClient) -> None:
    assert has(guest.get("/api/v1/products/")) == [False, False]


def test_one_with_a_cookie_has(superuser: Staff) -> None:
    answer = superuser.get("/api/v1/orders/")
    assert (answer.status_code, has(answer)) == (200, [True, True])


def test_a_session_s_forms_need_their_token(superuser: Staff) -> None:
    """GIVEN a browser that is signed in WHEN another site's form comes THEN it is refused."""
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = superuser.cookies
    line = {"sku": "MUG-RED", "quantity": 1}
    answer = browser.post("/api/v1/cart/lines/", line, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert "CSRF" in answer.json()["detail"]


def test_pages_beside_the_api_always_have(guest: APIClient) -> None:
    assert has(guest.get("/admin/login/")) == [True, True]


def test_the_browsable_api_s_first_visit(guest: APIClient) -> None:
    answer = guest.get("/api/v1/cart/", headers={"Accept": "text/html"})
    assert answer["Content-Type"].startswith("text/html")
    assert "Log in" in answer.content.decode()
