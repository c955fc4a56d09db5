"""The API's documentation, and errors where views do not render JSON."""

import re

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.django_db

DOCS = "/api/v1/docs/"


def test_nothing_comes_from_elsewhere(guest):
    page = guest.get(DOCS).content.decode()
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(sources) == 4
    assert [each for each in sources if not each.startswith("/static/")] == []
    assert [each for each in sources if not finders.find(each.removeprefix("/static/"))] == []
    assert '"validatorUrl": null' in page


@pytest.mark.parametrize("method", ["options", "post"])
def test_other_methods_are_a_problem(guest, method):
    answer = getattr(guest, method)(DOCS)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer["Content-Type"] == "application/problem+json"


def test_the_schema_s_errors_are_json(guest):
    answer = guest.post("/api/v1/schema/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_browser_is_shown_a_page(guest):
    answer = guest.get("/api/v1/products/none/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "product_not_found" in answer.content.decode()
