"""A request may be as large as the shop says, and what it says holds on Lambda."""

import base64
import json
import os

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from infrastructure.refusals import REFUSALS
from tests.aws_lambda.gateway import Request, rest_api_event

# Of one call, its answer waited for:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST_EVENT = 6 * 1024 * 1024
HEADERS = 10_240  # bytes that API Gateway takes in all; each is in the event twice


def event_size(body: int) -> int:
    """Bytes of the event of a form with so many of its own, and the longest headers."""
    request = Request("POST", "/admin/catalog/product/1/change/", {"Cookie": "c" * HEADERS})
    event = rest_api_event(request)
    event |= {"body": base64.b64encode(os.urandom(body)).decode(), "isBase64Encoded": True}
    return len(json.dumps(event).encode())


def test_the_largest_goes_through_lambda() -> None:
    assert settings.LARGEST_REQUEST == 4_700_000
    assert event_size(4_700_000) <= LARGEST_EVENT
    assert event_size(5_000_000) > LARGEST_EVENT  # what was promised once


def test_a_form_with_too_many_pictures(manager: Client) -> None:
    pictures = [SimpleUploadedFile(f"{n}.png", b"\0" * 2_350_000) for n in range(2)]
    sent = {"name": "x", "first": pictures[0], "second": pictures[1]}
    answer = manager.post("/admin/catalog/product/add/", sent)
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert answer.content.decode() == (
        "The request has 4.7 MB and may have 4.7 in all, pictures included. Nothing was saved. "
        "Go back, where all that you typed still is, and send smaller pictures, or fewer at once."
    )


def test_a_form_that_is_just_small_enough(manager: Client) -> None:
    """It reaches the form, which has other wishes."""
    picture = SimpleUploadedFile("a.png", b"\0" * 4_690_000)
    answer = manager.post("/admin/catalog/product/add/", {"name": "x", "picture": picture})
    assert answer.status_code == 200


def test_below_the_api_the_limit_is_lower(client: Client) -> None:
    answer = client.post("/api/v1/checkout/", b" " * 4_700_001, content_type="application/json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Content Too Large",
        "status": 413,
        "detail": "A body may have 1,000,000 bytes.",
        "code": "too_large",
    }


def test_the_gateway_says_the_same() -> None:
    assert REFUSALS["REQUEST_TOO_LARGE"] == (
        413,
        "too_large",
        "The request is too large: none may have more than 4.7 MB, pictures included.",
    )
