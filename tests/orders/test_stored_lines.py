"""What orders keep of their lines: as they are stored today, and as code of before left them."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from catalog.models import Variant
from orders.guest_secrets import order_secret
from orders.lines import read_line
from orders.models import Order
from orders.process.ground import pieces
from orders.timeline import timeline_of
from pricing.money import Money
from tests.conftest import Staff
from tests.orders.shopping import check_out, deliver, fill_cart, make_order
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)

#: As tables have them: of before 2026-11-28, and of today with a sale and a voucher.
OF_BEFORE = {
    "sku": "MUG-RED", "name": "Red Mug", "slug": "red-mug", "image": "products/1.webp",
    "options": {"colour": "Red"}, "quantity": 2, "unit_price": "12.00", "line_total": "24.00",
}  # fmt: skip
OF_TODAY = {
    "sku": "MUG-RED", "n": "Red Mug", "l": "red-mug", "i": "products/1.webp",
    "o": {"colour": "Red"}, "quantity": 2, "p": "12.00", "r": "19", "t": "3.51",
    "x": [{"k": "sale", "s": "sale", "a": "-6.00", "t": "-0.96"},
          {"k": "voucher", "s": "TWO", "a": "-2.00", "t": "-0.32"}],
}  # fmt: skip
SHIPPING = {
    "r": "19", "t": "0.78", "x": [{"k": "shipping", "s": "standard", "a": "4.90", "t": "0.78"}]
}  # fmt: skip
SUMS = {"subtotal": "22.00", "shipping": "4.90", "tax": "4.29", "total": "26.90"}


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def of_today(**columns: Any) -> Order:
    return make_order(lines=[OF_TODAY], shipping_parts=[SHIPPING], **{**SUMS, **columns})


def shown(guest: APIClient, order: Order) -> Any:
    secret = {"Order-Secret": order_secret(order.number)}
    return guest.get(f"/api/v1/orders/{order.number}/", headers=secret).json()


@pytest.mark.parametrize("stored", [OF_BEFORE, OF_TODAY])
def test_both_shapes_are_one_line(stored: dict[str, Any]) -> None:
    line = read_line(stored, "EUR")
    assert (line.sku, line.name, line.slug, line.image, line.options, line.quantity) == (
        "MUG-RED", "Red Mug", "red-mug", "products/1.webp", {"colour": "Red"}, 2,
    )  # fmt: skip
    assert line.unit_price == Money(Decimal("12.00"), "EUR")
    assert line.line_total == Money(Decimal("24.00"), "EUR")


def test_goods_are_found_by_whole_names(db: None) -> None:
    """Code of before, which may still run beside this one, moves stock by them."""
    assert pieces(make_order(lines=[OF_TODAY])) == {OF_TODAY["sku"]: OF_TODAY["quantity"]}


def test_a_line_with_its_taxes_and_discounts(guest: APIClient, db: None) -> None:
    order = shown(guest, of_today())

    assert order["lines"] == [
        {
            "sku": "MUG-RED",
            "name": "Red Mug",
            "slug": "red-mug",
            "image": order["lines"][0]["image"],
            "options": {"colour": "Red"},
            "quantity": 2,
            "unit_price": eur("12.00"),
            "line_total": eur("24.00"),
            "list_price": eur("15.00"),
            "tax": eur("3.51"),
            "tax_rate": "19",
            "adjustments": [
                {"kind": "sale", "source": "sale", "amount": eur("-6.00"), "tax": eur("-0.96")},
                {"kind": "voucher", "source": "TWO", "amount": eur("-2.00"), "tax": eur("-0.32")},
            ],
        }
    ]
    assert order["taxes"] == [
        {"tax_rate": "19", "net": eur("22.61"), "tax": eur("4.29"), "gross": eur("26.90")}
    ]
    assert [tuple(each.values()) for each in order["adjustments"]] == [
        ("price", "list", eur("30.00"), eur("4.79")),
        ("sale", "sale", eur("-6.00"), eur("-0.96")),
        ("voucher", "TWO", eur("-2.00"), eur("-0.32")),
        ("shipping", "standard", eur("4.90"), eur("0.78")),
    ]


def test_an_order_of_both_shapes_claims_nothing(guest: APIClient, db: None) -> None:
    order = shown(guest, make_order(lines=[OF_TODAY, {**OF_BEFORE, "sku": "MUG-BLUE"}]))
    assert (order["taxes"], order["adjustments"]) == ([], [])
    assert [line["tax"] for line in order["lines"]] == [eur("3.51"), None]


def test_what_a_customer_pays_for(guest: APIClient, buyer: Any, order_queue: TestQueue) -> None:
    """GIVEN an order by the API THEN its parts add up to the total that was charged."""
    number = check_out(buyer).json()["number"]
    order = shown(guest, Order.objects.get(pk=number))

    assert order["totals"]["total"] == eur("28.90")
    assert [tuple(each.values()) for each in order["adjustments"]] == [
        ("price", "list", eur("24.00"), eur("3.83")),
        ("shipping", "standard", eur("4.90"), eur("0.78")),
    ]
    assert order["taxes"] == [
        {"tax_rate": "19", "net": eur("24.29"), "tax": eur("4.61"), "gross": eur("28.90")}
    ]


def test_free_shipping_is_told(guest: APIClient, buyer: Any, order_queue: TestQueue) -> None:
    fill_cart(buyer, {"MUG-RED": 3})
    order = shown(guest, Order.objects.get(pk=check_out(buyer).json()["number"]))

    assert [tuple(each.values())[:3] for each in order["adjustments"]] == [
        ("price", "list", eur("60.00")),
        ("shipping", "standard", eur("4.90")),
        ("promotion", "free_from", eur("-4.90")),
    ]
    assert order["totals"]["shipping"] == eur("0.00")


def test_the_admin_s_page(superuser: Staff, db: None) -> None:
    page = superuser.get(f"/admin/orders/order/{of_today().number}/change/").content.decode()
    for cell in ("15.00 EUR", "sale -6.00 EUR, TWO -2.00 EUR", "19 %", "22.61 EUR", "3.51 EUR"):
        assert f"<td>{cell}</td>" in page
    assert superuser.get(f"/admin/orders/order/{make_order().number}/change/").status_code == 200


def test_sums_are_proven(mug: Variant) -> None:
    """GIVEN an order of today and one of before THEN `reconcile` finds what does not add up."""
    of_today()
    make_order(subtotal="1.00")
    call_command("reconcile")

    wrong = of_today(tax="4.30", total="27.90")

    with pytest.raises(CommandError) as found:
        call_command("reconcile")
    assert str(found.value).splitlines() == [
        f"{wrong}: tax 4.30 EUR, and its parts add up to 4.29 EUR",
        f"{wrong}: total 27.90 EUR, and its parts add up to 26.90 EUR",
        "3 orders, 2 differences.",
    ]


def test_both_shapes_of_a_history(guest: APIClient, db: None) -> None:
    """GIVEN an order of before that this code has taken on THEN all moments are told."""
    history = [
        {"status": "created", "at": "2026-03-01T12:00:00Z"},
        {"status": "prepared", "at": "2026-03-01T12:00:00.250000Z"},
        {"status": "confirmed", "us": 1_250_000},
    ]
    order = make_order(state="confirmed", history=history)
    assert shown(guest, order)["history"] == [
        {"state": "created", "at": "2026-03-01T12:00:00Z"},
        {"state": "prepared", "at": "2026-03-01T12:00:00.250000Z"},
        {"state": "confirmed", "at": "2026-03-01T12:00:01.250000Z"},
    ]
    assert [each.at.microsecond for each in timeline_of(order)] == [0, 250_000, 250_000]


@pytest.mark.parametrize("lines", [[OF_BEFORE], [OF_TODAY]])
def test_both_shapes_go_their_way(
    mug: Variant, mailoutbox: list[Any], lines: list[dict[str, Any]]
) -> None:
    order = make_order(lines=lines)

    assert deliver(order) == []

    assert Order.objects.get(pk=order.pk).state == "confirmed"
    (mail,) = mailoutbox
    assert "2 x Red Mug, Red (MUG-RED): 24.00 EUR" in mail.body
