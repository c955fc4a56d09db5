"""How many DynamoDB calls a page costs, exactly, and that none of them is a Scan."""

import pytest

from tests.dynamodb.sent import requests

pytestmark = pytest.mark.django_db(transaction=True)


def operations(calls, act):
    with calls() as made:
        assert act().status_code == 200
    return [call.operation for call in made]


def test_a_list_is_one_query(guest, make_product, calls):
    for number in range(3):
        make_product(f"Mug {number}")
    assert operations(calls, lambda: guest.get("/api/v1/products/")) == ["Query"]
    assert operations(calls, lambda: guest.get("/api/v1/products/?category=mugs")) == ["Query"]


def test_a_following_page_is_one_query(guest, make_product, calls):
    for number in range(3):
        make_product(f"Mug {number}")
    following = guest.get("/api/v1/products/?page_size=1").json()["next"]
    assert operations(calls, lambda: guest.get(following)) == ["Query"]


def test_a_product_is_two_reads(guest, make_product, calls):
    make_product("Red Mug", {"MUG-1": "12.00", "MUG-2": "14.00"})
    made = operations(calls, lambda: guest.get("/api/v1/products/red-mug/"))
    assert made == ["GetItem", "BatchGetItem"]


def test_the_tree_is_one_query(guest, mugs, calls):
    assert operations(calls, lambda: guest.get("/api/v1/categories/")) == ["Query"]


def test_nothing_is_read_at_full_price(guest, make_product):
    """Lists and texts may be a moment old, for they are cached; and what is left is no promise."""
    make_product("Red Mug", {"MUG-1": "12.00", "MUG-2": "14.00"})
    with requests() as seen:
        guest.get("/api/v1/products/")
        guest.get("/api/v1/products/red-mug/")
    (_, listing), (_, page), (_, stock) = seen
    ((_, wanted),) = stock["RequestItems"].items()
    assert [each["ConsistentRead"] for each in (listing, page, wanted)] == [False, False, False]
