"""What stands beside API and admin, on a laptop."""

import mimetypes
import re

import pytest

from shop.site import FILES, FOLDER

pytestmark = pytest.mark.django_db


def test_the_way_in(client):
    assert client.get("/").status_code == 200  # the storefront's, whose tests are elsewhere
    answer = client.get("/admin")
    assert (answer.status_code, answer["Location"]) == (301, "/admin/")


@pytest.mark.parametrize("name", FILES)
def test_what_everybody_asks_for(client, name):
    answer = client.get(f"/{name}")
    assert answer.content == (FOLDER / name).read_bytes()
    assert answer["Content-Type"] == mimetypes.guess_type(name)[0]
    assert answer["Cache-Control"] == "public, max-age=3600"


def test_crawlers_are_kept_out_of_what_is_no_shop_window(client):
    assert client.get("/robots.txt").content.split(b"\n")[1:3] == [
        b"Disallow: /admin",
        b"Disallow: /api",
    ]


def test_a_page_for_what_is_not_there(client):
    answer = client.get("/nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing here" in answer.content.decode()


def test_all_files_and_no_others():
    """The bucket gets the folder."""
    assert {path.name for path in FOLDER.iterdir()} == set(FILES)


@pytest.mark.parametrize("kind", ["api", "json"])
def test_the_api_s_front_door_leads_to_what_answers(client, kind):
    """Whatever its own format: the documentation has no other than its own."""
    browser = {"Accept": "text/html, */*;q=0.8"}
    door = client.get(f"/api/v1/?format={kind}", headers=browser).content.decode()
    found = re.findall(r'"http://testserver(/api/v1/(?:docs|schema|products|health)/[^"]*)"', door)
    assert len(found) == 4
    assert [client.get(link, headers=browser).status_code for link in found] == [200] * 4


def test_the_api_s_pages_lead_nowhere_else(client):
    page = client.get("/api/v1/", headers={"Accept": "text/html"}).content.decode()
    assert '<a class="navbar-brand" href="/api/v1/">' in page
    links = re.findall(r'(?:href|src|action)=["\']([^"\']*)', page)
    assert [link for link in links if "://" in link and "//testserver/" not in link] == []
