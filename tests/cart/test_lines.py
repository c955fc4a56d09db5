"""/api/v1/cart/lines/: adding, changing, removing."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from cart.keys import guest_key
from cart.models import Cart
from cart.rules import MOST_LINES
from catalog.models import Variant
from tests.cart.articles import set_stock, stock_article
from tests.cart.shoppers import Shopper
from tests.conftest import Customer

pytestmark = pytest.mark.django_db

URL, MUG_URL = "/api/v1/cart/lines/", "/api/v1/cart/lines/MUG-RED/"
NOT_WHOLE = ["A whole number, without quotes."]
BAD_QUANTITIES = [
    (0, ["Ensure this value is greater than or equal to 1."]),
    (-1, ["Ensure this value is greater than or equal to 1."]),
    (100, ["Ensure this value is less than or equal to 99."]),
    (10**9, ["Ensure this value is less than or equal to 99."]),
    (10**400, ["Ensure this value is less than or equal to 99."]),
    (1.5, NOT_WHOLE),
    (1.0, NOT_WHOLE),
    ("x", NOT_WHOLE),
    ("3", NOT_WHOLE),
    (True, NOT_WHOLE),
    ([1], NOT_WHOLE),
    ({"a": 1}, NOT_WHOLE),
    (None, ["This field may not be null."]),
]


def quantities(shopper: Shopper) -> dict[str, int]:
    cart = Cart.objects.get(pk=guest_key(shopper.token))
    return {sku: line["quantity"] for sku, line in cart.lines.items()}


def test_add(shopper: Shopper, mug: Variant) -> None:
    response = shopper.post(URL, {"sku": "MUG-RED", "quantity": 2})

    assert response.status_code == 200
    assert response.json() == shopper.get("/api/v1/cart/").json()
    assert quantities(shopper) == {"MUG-RED": 2}


def test_adding_again_adds_up(shopper: Shopper, mug: Variant) -> None:
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 2})
    response = shopper.post(URL, {"sku": "MUG-RED", "quantity": 3})

    assert response.json()["lines"][0]["quantity"] == 5


def test_the_same_request_twice_adds_once(shopper: Shopper, mug: Variant) -> None:
    key = {"Idempotency-Key": "0123456789abcdef"}
    first = shopper.post(URL, {"sku": "MUG-RED", "quantity": 2}, headers=key)
    again = shopper.post(URL, {"sku": "MUG-RED", "quantity": 2}, headers=key)

    assert first.json() == again.json()
    assert quantities(shopper) == {"MUG-RED": 2}


@pytest.mark.parametrize(("quantity", "errors"), BAD_QUANTITIES)
@pytest.mark.parametrize("method", ["post", "patch"])
def test_bad_quantities(
    shopper: Shopper, mug: Variant, method: str, quantity: Any, errors: list[str]
) -> None:
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 1})
    url, body = (URL, {"sku": "MUG-RED"}) if method == "post" else (MUG_URL, {})

    response = getattr(shopper, method)(url, {**body, "quantity": quantity})

    assert response.status_code == 400
    assert response.json()["errors"] == {"quantity": errors}
    assert quantities(shopper) == {"MUG-RED": 1}


@pytest.mark.parametrize(
    "sku",
    ["UNKNOWN", "Ünïcode", "mug-red", "'; DROP TABLE", "../x", 5, True, None, "", [], "x" * 65],
)
def test_bad_skus(shopper: Shopper, mug: Variant, sku: Any) -> None:
    response = shopper.post(URL, {"sku": sku, "quantity": 1})

    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["sku"]
    assert quantities(shopper) == {}


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'"x"', b"5", b"\xff", b"{'sku': 1}", b"NaN", b""]
)
def test_malformed_bodies(shopper: Shopper, mug: Variant, body: bytes) -> None:
    response = shopper.post(URL, body, content_type="application/json")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert quantities(shopper) == {}


def test_fields_missing(shopper: Shopper) -> None:
    assert shopper.post(URL, {}).json()["errors"] == {
        "sku": ["This field is required."],
        "quantity": ["This field is required."],
    }


def test_a_client_sets_no_price(shopper: Shopper, mug: Variant) -> None:
    response = shopper.post(URL, {"sku": "MUG-RED", "quantity": 1, "price": "0.01"})

    assert response.status_code == 400
    assert response.json()["errors"] == {
        "price": ["Nothing reads this. Known here: quantity, sku."]
    }
    assert quantities(shopper) == {}


@pytest.mark.parametrize("columns", [{"for_sale": False}, {"currency": "USD"}])
def test_not_for_sale(shopper: Shopper, db: None, columns: dict[str, Any]) -> None:
    stock_article("CUP", **columns)

    response = shopper.post(URL, {"sku": "CUP", "quantity": 1})

    assert response.status_code == 400
    assert response.json()["errors"] == {"sku": ["There is no article CUP for sale."]}


@pytest.mark.parametrize(
    ("available", "detail"),
    [
        (0, "MUG-RED is sold out. Choose another article."),
        (3, "Only 3 of MUG-RED are left. Ask for fewer, or choose another article."),
    ],
)
def test_more_than_there_is(shopper: Shopper, mug: Variant, available: int, detail: str) -> None:
    set_stock("MUG-RED", available)

    response = shopper.post(URL, {"sku": "MUG-RED", "quantity": 4})

    assert response.status_code == 409
    assert response.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": detail,
        "code": "not_enough_stock",
    }
    assert quantities(shopper) == {}


def test_what_is_in_the_cart_counts(shopper: Shopper, mug: Variant) -> None:
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 6})

    assert shopper.post(URL, {"sku": "MUG-RED", "quantity": 5}).status_code == 409
    assert shopper.patch(MUG_URL, {"quantity": 11}).status_code == 409
    assert quantities(shopper) == {"MUG-RED": 6}


def test_more_than_99_by_and_by(shopper: Shopper, db: None) -> None:
    stock_article("MUG-RED", available=1000)
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 60})

    response = shopper.post(URL, {"sku": "MUG-RED", "quantity": 60})

    assert response.status_code == 400
    assert response.json()["errors"] == {"quantity": ["At most 99 of an article."]}


def test_a_full_cart(shopper: Shopper, mug: Variant) -> None:
    cart = Cart.objects.get(pk=guest_key(shopper.token))
    line = {"quantity": 1, "price": "1.00", "added_at": "2026-01-01T00:00:00+00:00"}
    cart.lines = {f"SKU-{number}": line for number in range(MOST_LINES)}
    cart.save_changes()

    response = shopper.post(URL, {"sku": "MUG-RED", "quantity": 1})

    assert (response.status_code, response.json()["code"]) == (409, "cart_full")


def test_set_the_quantity(shopper: Shopper, mug: Variant) -> None:
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 2})
    Variant.objects.filter(pk="MUG-RED").update(price="15.50")

    response = shopper.patch(MUG_URL, {"quantity": 1})

    assert response.status_code == 200
    line = response.json()["lines"][0]
    assert (line["quantity"], line["old_price"]) == (1, None)
    assert line["line_total"] == {"amount": "15.50", "currency": "EUR"}


def test_remove(shopper: Shopper, mug: Variant) -> None:
    stock_article("CUP")
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 2})
    shopper.post(URL, {"sku": "CUP", "quantity": 1})

    response = shopper.delete(MUG_URL)

    assert response.status_code == 200
    assert [line["sku"] for line in response.json()["lines"]] == ["CUP"]
    assert quantities(shopper) == {"CUP": 1}


def test_remove_what_is_no_longer_sold(shopper: Shopper, mug: Variant) -> None:
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 2})
    Variant.objects.filter(pk="MUG-RED").update(for_sale=False)

    assert shopper.patch(MUG_URL, {"quantity": 1}).status_code == 400
    assert shopper.delete(MUG_URL).json()["lines"] == []


@pytest.mark.parametrize("sku", ["MUG-RED", "UNKNOWN", "%C3%9C", "x" * 3000])
@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_line_that_is_not_there(shopper: Shopper, mug: Variant, method: str, sku: str) -> None:
    response = getattr(shopper, method)(f"{URL}{sku}/", {"quantity": 1})

    assert (response.status_code, response.json()["code"]) == (404, "cart_line_not_found")


def test_clear(shopper: Shopper, mug: Variant) -> None:
    shopper.post(URL, {"sku": "MUG-RED", "quantity": 2})

    response = shopper.delete(URL)

    assert response.status_code == 200
    assert response.json()["lines"] == []
    assert quantities(shopper) == {}


def test_clear_nothing(customer: Customer) -> None:
    assert customer.delete(URL).json()["lines"] == []


@pytest.mark.parametrize(
    ("method", "url"), [("post", URL), ("delete", URL), ("patch", MUG_URL), ("delete", MUG_URL)]
)
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [({}, 401, "cart_token_missing"), ({"Cart-Token": "foreign"}, 404, "cart_not_found")],
)
def test_whose_cart(
    guest: APIClient, mug: Variant, method: str, url: str, headers: Any, status: int, code: str
) -> None:
    body = {"quantity": 1} if url == MUG_URL else {"sku": "MUG-RED", "quantity": 1}

    response = getattr(guest, method)(url, body, headers=headers)

    assert (response.status_code, response.json()["code"]) == (status, code)
