"""The total at checkout: as it was shown, and as large as can be."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.models import Variant
from pricing import totals
from tests.cart.articles import stock_article
from tests.cart.shoppers import Shopper
from tests.orders.shopping import check_out, fill_cart
from tests.orders.test_checkout import assert_refused, cart_lines
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "expected", [{"amount": "28.90", "currency": "EUR"}, {"amount": "28.9", "currency": "EUR"}]
)
def test_the_total_that_was_shown(
    buyer: Shopper, order_queue: TestQueue, expected: dict[str, str]
) -> None:
    assert check_out(buyer, expected_total=expected).status_code == 202


def test_another_total_than_was_shown(buyer: Shopper, order_queue: TestQueue) -> None:
    """GIVEN a price that rises after the cart was shown, the customer is asked again."""
    shown = buyer.get("/api/v1/cart/").json()["totals"]["total"]
    Variant.objects.filter(pk="MUG-RED").update(price="15.50")

    problem = assert_refused(buyer, check_out(buyer, expected_total=shown), 409)

    assert (problem["code"], problem["detail"]) == (
        "price_changed",
        "The total is 35.90 EUR, not 28.90 EUR. Changed: MUG-RED from 12.00 EUR to 15.50 EUR. "
        "Show the cart again, and check out with its total.",
    )
    assert cart_lines(buyer)["MUG-RED"]["quantity"] == 2
    total = buyer.get("/api/v1/cart/").json()["totals"]["total"]
    assert check_out(buyer, expected_total=total).json()["total"] == total


@pytest.mark.parametrize(
    ("expected", "errors"),
    [
        ("28.90", {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}),
        ({"amount": "28.90"}, {"currency": ["This field is required."]}),
        (
            {"amount": "28.90", "currency": "USD"},
            {"currency": ["The shop's currency is EUR."]},
        ),
        *(
            (
                {"amount": amount, "currency": "EUR"},
                {"amount": ['An amount as a string, like "12.00".']},
            )
            for amount in ("x", "-1", "1e5", "NaN", "9" * 17, "1.", "٣")
        ),
        ({"amount": 28.9, "currency": "EUR"}, {"amount": ['An amount as a string, like "12.00".']}),
    ],
)
def test_totals_that_are_none(buyer: Shopper, expected: Any, errors: dict[str, Any]) -> None:
    problem = assert_refused(buyer, check_out(buyer, expected_total=expected))
    assert problem["errors"] == {"expected_total": errors}


def test_a_large_total_can_be_read(
    shopper: Shopper, guest: APIClient, db: None, order_queue: TestQueue
) -> None:
    """The dearest article, ninety-nine times."""
    stock_article("YACHT", price="9999999999.99", available=99)
    fill_cart(shopper, {"YACHT": 99})

    receipt = check_out(shopper).json()

    total = {"amount": "989999999999.01", "currency": "EUR"}
    assert receipt["total"] == total
    secret = {"Order-Secret": receipt["secret"]}
    order = guest.get(f"/api/v1/orders/{receipt['number']}/", headers=secret).json()
    assert order["totals"]["total"] == total


def test_a_total_beyond_all_sums(buyer: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "LARGEST_TOTAL", Decimal("28.89"))

    problem = assert_refused(buyer, check_out(buyer))

    assert problem["errors"] == {"cart": ["28.90 EUR is more than 28.89 EUR. Order in parts."]}
