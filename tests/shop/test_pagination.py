"""Cursors that nobody was given."""

import base64
import json

import pytest

pytestmark = pytest.mark.django_db


def cursor_of(key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps({"k": key}).encode()).decode()


@pytest.mark.parametrize(
    "key",
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "", 1, None],
)
def test_a_moment_that_cannot_be(customer, key):
    answer = customer.get("/api/v1/orders/", {"cursor": cursor_of(key)})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])


@pytest.mark.parametrize(
    "key", ["2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00"]
)
def test_any_offset_is_the_same_moment(customer, key):
    """GIVEN an order of noon UTC WHEN a cursor names noon THEN the order is not after it."""
    from tests.orders.shopping import PLACED, make_order

    make_order(user=customer.user, placed_at=PLACED)
    later = customer.get("/api/v1/orders/", {"cursor": cursor_of("2026-03-01T12:00:00.1Z")})
    answer = customer.get("/api/v1/orders/", {"cursor": cursor_of(key)})
    assert (len(later.json()["results"]), answer.json()["results"]) == (1, [])
