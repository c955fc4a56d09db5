"""The whole path costs the same calls in a small and in a large catalogue, and no Scan."""

from io import StringIO

import pytest
from django.core.management import call_command

from catalog.synthetic import NOUNS
from tests.cart.shoppers import Shopper
from tests.orders.shopping import check_out

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [60, 10_001])
def test_calls_from_browsing_to_checkout(size, guest, mug, order_queue, calls):
    """GIVEN a catalogue of that size WHEN a guest buys THEN each step has its exact calls."""
    call_command("load_catalogue", size=size, stdout=StringIO(), stderr=StringIO())
    last = guest.get("/api/v1/products/?page_size=1").json()["results"][0]
    assert last["slug"].startswith(f"{NOUNS[(size - 1) % len(NOUNS)]}-")
    shelf = f"/api/v1/products/?category={last['category']['slug']}"
    for url in ("/api/v1/products/", shelf, "/api/v1/categories/"):
        assert operations(calls, lambda url=url: guest.get(url)) == ["Query"]
    detail = f"/api/v1/products/{last['slug']}/"
    assert operations(calls, lambda: guest.get(detail)) == ["GetItem", "BatchGetItem"]
    sku = guest.get(detail).json()["variants"][0]["sku"]

    shopper = Shopper(guest.post("/api/v1/cart/").json()["token"])
    line = {"sku": sku, "quantity": 1}
    assert operations(calls, lambda: shopper.post("/api/v1/cart/lines/", line)) == [
        "GetItem",
        "BatchGetItem",
        "UpdateItem",
    ]
    assert operations(calls, lambda: shopper.get("/api/v1/cart/")) == ["GetItem", "BatchGetItem"]
    assert operations(calls, lambda: check_out(shopper)) == [
        "BatchGetItem",
        "GetItem",
        "TransactWriteItems",
    ]


def operations(calls, act) -> list[str]:
    with calls() as made:
        assert act().status_code in (200, 202)
    return [call.operation for call in made]
