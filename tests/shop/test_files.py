"""Static files and pictures at the shop's own address, where no CDN hands them out."""

from collections.abc import Iterator
from importlib import reload
from typing import Any

import boto3
import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import clear_url_caches

from shop import urls

# An answer that is closed looks after the connections that other tests have left.
pytestmark = pytest.mark.django_db(transaction=True)

STYLE = b"body { color: black }"


@pytest.fixture
def static_bucket(settings: Any) -> Iterator[str]:
    """One file in a bucket, and the addresses of a stage without a CDN."""
    s3 = boto3.client("s3")
    name = f"{configured.IMAGE_BUCKET}-static"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=name, Key="static/admin/base.css", Body=STYLE)
    s3.put_object(Bucket=name, Key="settings/zappa.json", Body=b"{}")
    settings.STATIC_BUCKET = name
    fresh_addresses()
    yield name
    settings.STATIC_BUCKET = ""
    fresh_addresses()
    for key in ("static/admin/base.css", "settings/zappa.json"):
        s3.delete_object(Bucket=name, Key=key)
    s3.delete_bucket(Bucket=name)


def fresh_addresses() -> None:
    reload(urls)
    clear_url_caches()


@pytest.mark.usefixtures("static_bucket")
def test_a_static_file(client: Client) -> None:
    answer = client.get("/static/admin/base.css")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert b"".join(answer.streaming_content) == STYLE  # type: ignore[attr-defined]
    answer.close()


@pytest.mark.usefixtures("static_bucket")
@pytest.mark.parametrize(
    ("name", "status"), [("admin/none.css", 404), ("../settings/zappa.json", 400)]
)
def test_what_is_no_static_file(client: Client, name: str, status: int) -> None:
    """The bucket's other folders are nobody's business."""
    assert client.get(f"/static/{name}").status_code == status


@pytest.mark.usefixtures("static_bucket")
def test_a_picture_is_a_link_that_ends(client: Client) -> None:
    answer = client.get("/images/products/a.webp")
    assert answer.status_code == 302
    address, _, query = answer["Location"].partition("?")
    assert address.endswith("/products/a.webp")
    assert "X-Amz-Expires=3600" in query
    assert answer["Cache-Control"] == "private, max-age=1800"
    assert client.post("/images/products/a.webp").status_code == 405


def test_with_a_cdn_there_are_no_such_addresses(client: Client) -> None:
    assert client.get("/static/admin/base.css").status_code == 404
    assert client.get("/images/products/a.webp").status_code == 404
