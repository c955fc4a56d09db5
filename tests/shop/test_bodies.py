"""Fields of a body that nothing reads are told, with those that there are."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from cart.models import Cart
from catalog.models import Variant
from orders.models import Order
from tests.cart.conftest import mug, shopper
from tests.cart.shoppers import Shopper
from tests.conftest import PASSWORD
from tests.orders.conftest import buyer
from tests.orders.shopping import ADDRESS, CHECKOUT, check_out

__all__ = ["buyer", "mug", "shopper"]

pytestmark = pytest.mark.django_db(transaction=True)


def told(answer: Any) -> Any:
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == "invalid"
    return problem["errors"]


def unread(*known: str) -> list[str]:
    return [f"Nothing reads this. Known here: {', '.join(known)}."]


def test_a_line(shopper: Shopper, mug: Variant) -> None:
    line = {"sku": "MUG-RED", "quantity": 1, "qty": 3, "gift_wrap": True}
    known = unread("quantity", "sku")
    answer = shopper.post("/api/v1/cart/lines/", line)
    assert told(answer) == {"gift_wrap": known, "qty": known}
    assert Cart.objects.get().lines == {}


def test_it_is_told_with_what_else_is_wrong(shopper: Shopper, mug: Variant) -> None:
    answer = shopper.patch("/api/v1/cart/lines/MUG-RED/", {"qty": 3})
    assert told(answer) == {"quantity": ["This field is required."], "qty": unread("quantity")}


def test_signing_in(guest: APIClient) -> None:
    """WHEN there is more than is read THEN nothing is tried, with right credentials either."""
    ada = User.objects.create_user("ada", "ada@example.com", PASSWORD)
    signing = {"username": "ada", "password": PASSWORD, "refresh": "x", "remember": True}
    known = unread("username", "password")
    answer = guest.post("/api/v1/auth/token/", signing)
    assert told(answer) == {"refresh": known, "remember": known}
    body = {"refresh": str(RefreshToken.for_user(ada)), "access": "x"}
    assert told(guest.post("/api/v1/auth/token/refresh/", body)) == {"access": unread("refresh")}


def test_a_checkout(buyer: Shopper) -> None:
    known = unread("email", "shipping_address", "payment_method", "language", "expected_total")
    assert told(check_out(buyer, coupon="SPRING")) == {"coupon": known}
    address = unread("name", "line1", "line2", "postal_code", "city",
                     "administrative_area (state or province)", "country")  # fmt: skip
    total = {"amount": "28.90", "currency": "EUR", "tax": "4.61"}
    answer = check_out(buyer, shipping_address={**ADDRESS, "zip": "1"}, expected_total=total)
    assert told(answer) == {
        "shipping_address": {"zip": address},
        "expected_total": {"tax": unread("amount", "currency")},
    }
    assert not Order.objects.exists()


def test_what_is_known_is_taken(buyer: Shopper) -> None:
    total = {"amount": "28.90", "currency": "EUR"}
    assert check_out(buyer, expected_total=total).status_code == 202


def test_ten_are_named(buyer: Shopper) -> None:
    """The answer does not grow with the request."""
    body = {**CHECKOUT, **{f"x{number:05}": 1 for number in range(50_000)}}
    answer = buyer.post("/api/v1/checkout/", body, headers={"Idempotency-Key": "0" * 16})
    assert sorted(told(answer)) == [f"x{number:05}" for number in range(10)]


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_what_is_no_object(shopper: Shopper, body: Any) -> None:
    answer = shopper.generic(
        "POST", "/api/v1/cart/lines/", json.dumps(body), content_type="application/json"
    )
    assert list(told(answer)) == ["non_field_errors"]
