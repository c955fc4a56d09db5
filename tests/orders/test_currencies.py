"""Currencies without cents, and with more of them, from the price to the order that is read."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from rest_framework.test import APIClient

from catalog.models import Variant
from orders.models import Order
from payments.gateways.testing import TestGateway
from payments.models import TestCharge
from pricing.money import Money
from pricing.writing import written
from tests.cart.articles import stock_article, stock_of
from tests.cart.shoppers import Shopper
from tests.orders.shopping import check_out, deliver, fill_cart
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)


def buy(guest: APIClient, sku: str, quantity: int, **changes: Any) -> dict[str, Any]:
    """The order as the API shows it when it is settled."""
    buyer = Shopper(guest.post("/api/v1/cart/").headers["Cart-Token"])
    fill_cart(buyer, {sku: quantity})
    receipt = check_out(buyer, **changes).json()
    assert deliver(Order.objects.get(pk=receipt["number"])) == []
    secret = {"Order-Secret": receipt["secret"]}
    response = guest.get(f"/api/v1/orders/{receipt['number']}/", headers=secret)
    assert response.status_code == 200
    order: dict[str, Any] = response.json()
    return order


@pytest.mark.parametrize(
    ("currency", "price", "shipping", "amounts"),
    [
        ("KWD", "1.255", "0.750", ["3.765", "0.750", "0.721", "4.515"]),
        ("JPY", "990", "500", ["2970", "500", "554", "3470"]),
    ],
)
def test_a_purchase_in_the_currency_s_own_digits(
    guest: APIClient,
    order_queue: TestQueue,
    settings: Any,
    currency: str,
    price: str,
    shipping: str,
    amounts: list[str],
) -> None:
    settings.SHOP_CURRENCY, settings.SHOP_SHIPPING = currency, shipping
    settings.SHOP_FREE_SHIPPING_FROM = "100000"
    stock_article("DATES", price=price, currency=currency)

    order = buy(guest, "DATES", 3)

    assert order["status"] == "confirmed"
    assert order["totals"] == {
        name: {"amount": amount, "currency": currency}
        for name, amount in zip(("subtotal", "shipping", "tax", "total"), amounts, strict=True)
    }
    assert order["lines"][0]["unit_price"] == {"amount": price, "currency": currency}
    assert TestCharge.objects.get(pk=order["number"]).amount == Decimal(amounts[3])
    charged = written(Money(Decimal(amounts[3]), currency))
    assert f" {charged} (tax included" in str(mail.outbox[0].body)


@pytest.mark.parametrize("method", ["test-ok", "test-declined", "test-unavailable"])
def test_a_total_of_nothing_needs_no_payment(
    guest: APIClient,
    order_queue: TestQueue,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(TestGateway, "pay", lambda self, **charge: asked.append(charge))
    settings.SHOP_FREE_SHIPPING_FROM = "0"
    stock_article("SAMPLE", price="0.00")

    order = buy(guest, "SAMPLE", 1, payment_method=method)

    assert order["totals"]["total"] == {"amount": "0.00", "currency": "EUR"}
    assert (order["status"], order["reason"]) == ("confirmed", "")
    assert [entry["state"] for entry in order["history"]] == ["created", "prepared", "confirmed"]
    assert order["payment_status"] == "charged"
    assert asked == []
    assert stock_of("SAMPLE") == (9, 1)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("stored", "shown"), [("12", "12.00"), ("1.5", "1.50"), ("1.255", "1.255"), ("0", "0.00")]
)
def test_amounts_come_back_with_two_digits_or_three(db: None, stored: str, shown: str) -> None:
    currency = "KWD" if len(stored) > 4 else "EUR"
    stock_article("MUG", price=stored, currency=currency)
    assert str(Variant.objects.get(pk="MUG").price) == shown
