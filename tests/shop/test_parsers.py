"""What the API takes for JSON."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        b"\xff\xfe",
        b"{'a': 1}",
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-16-le"),
        '{"a": "\\ud800"}'.encode("utf-32"),
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": "\xff"}',
    ],
)
def test_not_json(guest, body):
    """GIVEN a body that is no JSON WHEN it is sent THEN a problem says so."""
    answer = guest.post("/api/v1/checkout/", body, content_type="application/json")
    assert answer.status_code in (400, 401)
    answer = guest.post("/api/v1/auth/token/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert answer.json()["detail"].startswith("The body is not JSON")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_too_large(guest):
    answer = guest.post("/api/v1/auth/token/", b" " * 1_000_001, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_another_content_type(guest):
    answer = guest.post("/api/v1/auth/token/", "a=1", content_type="text/plain")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
