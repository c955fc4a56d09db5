"""Carts of a shop that has price lists: which price holds, what is shown, and what it costs."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from cart import selectors
from cart.keys import guest_key
from cart.models import Cart
from catalog.models import Stock, Variant
from dynamodb import bulk
from orders.models import Order
from pricing import priorities
from pricing.calculation.price_lists import ListedPrice
from pricing.models import PriceList, SkuPrices
from pricing.money import Money
from pricing.priorities import Priorities
from pricing.services import set_prices
from tests.cart.articles import stock_article
from tests.cart.shoppers import Shopper
from tests.orders.shopping import check_out, fill_cart
from tests.outbox.queues import TestQueue, order_queue

__all__ = ["order_queue"]

pytestmark = pytest.mark.django_db(transaction=True)

URL, LINES = "/api/v1/cart/", "/api/v1/cart/lines/"
CART = ["GetItem", "BatchGetItem"]
# It reads no stock, so that 50 lines with their prices are one read.
CHECKOUT = ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]


@pytest.fixture(autouse=True)
def price_lists(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop has them, and this process has not read any."""
    settings.PRICE_LISTS = True
    monkeypatch.setattr(selectors, "PRIORITIES", Priorities())


@pytest.fixture
def summer(db: None) -> PriceList:
    summer = PriceList(name="Summer", currency="EUR", priority=1)
    summer.save()
    return summer


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def price(amount: str, **holds_for: Any) -> ListedPrice:
    return ListedPrice(Money(Decimal(amount), "EUR"), **holds_for)


def list_mug(*prices: ListedPrice, price_list: str = "Summer") -> None:
    set_prices(sku="MUG-RED", prices=prices, price_list=price_list)


def shown(shopper: Shopper) -> tuple[Any, Any, Any]:
    """Of the cart's line: its price, what that was reduced from, and the cart's total."""
    cart = shopper.get(URL).json()
    line = cart["lines"][0]
    return line["unit_price"], line["list_price"], cart["totals"]["total"]


def operations(calls: Any, act: Any) -> list[str]:
    with calls() as made:
        assert act().status_code in (200, 202)
    return [call.operation for call in made]


def test_the_article_s_own_price_where_none_is_listed(buyer_of_mugs: Shopper) -> None:
    assert shown(buyer_of_mugs) == (eur("12.00"), None, eur("28.90"))


def test_a_listed_price_and_what_it_is_reduced_from(
    buyer_of_mugs: Shopper, summer: PriceList
) -> None:
    list_mug(price("10.00"))
    assert shown(buyer_of_mugs) == (eur("10.00"), eur("12.00"), eur("24.90"))
    (line,) = buyer_of_mugs.get(URL).json()["lines"]
    assert line["old_price"] == eur("12.00")  # it was put in before


def test_a_price_that_a_list_raises_is_shown_as_it_is(
    buyer_of_mugs: Shopper, summer: PriceList
) -> None:
    list_mug(price("14.00"))
    assert shown(buyer_of_mugs) == (eur("14.00"), None, eur("32.90"))


@pytest.mark.parametrize(
    "of_others",
    [
        {"group": "trade"},  # whose a cart is, is not read yet
        {"market": "uk"},
        {"country": "GB"},
        {"from_quantity": 3},
        {"valid_from": timezone.now() + timedelta(days=1)},
        {"valid_until": timezone.now() - timedelta(days=1)},
    ],
)
def test_prices_that_do_not_hold_here(
    buyer_of_mugs: Shopper, summer: PriceList, of_others: dict[str, Any]
) -> None:
    list_mug(price("1.00", **of_others))
    assert shown(buyer_of_mugs) == (eur("12.00"), None, eur("28.90"))


def test_a_quantity_s_price(buyer_of_mugs: Shopper) -> None:
    """It stands in no list, and asks for none."""
    list_mug(price("9.00", from_quantity=3), price_list="")
    cart = buyer_of_mugs.patch(f"{LINES}MUG-RED/", {"quantity": 3}).json()
    (line,) = cart["lines"]
    assert (line["unit_price"], line["list_price"], line["old_price"]) == (
        eur("9.00"),
        eur("12.00"),
        None,
    )


def test_a_quantity_s_price_reached_by_and_by(buyer_of_mugs: Shopper) -> None:
    """Whoever adds one more is told of no change but one of the shop's."""
    list_mug(price("9.00", from_quantity=3), price_list="")
    add = {"sku": "MUG-RED", "quantity": 1}
    (line,) = buyer_of_mugs.post(LINES, add).json()["lines"]
    assert (line["unit_price"], line["old_price"]) == (eur("9.00"), None)
    list_mug(price("8.00", from_quantity=3), price_list="")
    (line,) = buyer_of_mugs.post(LINES, add).json()["lines"]
    assert (line["unit_price"], line["old_price"]) == (eur("8.00"), eur("9.00"))


def test_without_price_lists_nothing_is_listed(
    buyer_of_mugs: Shopper, summer: PriceList, settings: Any, calls: Any
) -> None:
    list_mug(price("10.00"))
    settings.PRICE_LISTS = False
    assert operations(calls, lambda: buyer_of_mugs.get(URL)) == CART
    assert shown(buyer_of_mugs) == (eur("12.00"), None, eur("28.90"))


def test_what_is_ordered_is_what_was_shown(
    buyer_of_mugs: Shopper, summer: PriceList, order_queue: TestQueue
) -> None:
    list_mug(price("10.00"))
    receipt = check_out(buyer_of_mugs, expected_total=eur("24.90")).json()

    secret = {"Order-Secret": receipt["secret"]}
    order = buyer_of_mugs.get(f"/api/v1/orders/{receipt['number']}/", headers=secret).json()
    (line,) = order["lines"]
    assert (line["unit_price"], line["list_price"], line["line_total"]) == (
        eur("10.00"),
        eur("12.00"),
        eur("20.00"),
    )
    assert [(each["kind"], each["amount"]) for each in order["adjustments"]] == [
        ("price", eur("24.00")),
        ("sale", eur("-4.00")),
        ("shipping", eur("4.90")),
    ]
    assert order["totals"]["total"] == eur("24.90")


# What it costs -------------------------------------------------------------------------------


def test_a_list_is_asked_for_once_a_minute(
    buyer_of_mugs: Shopper, summer: PriceList, order_queue: TestQueue, calls: Any
) -> None:
    list_mug(price("10.00"))
    assert operations(calls, lambda: buyer_of_mugs.get(URL)) == [*CART, "GetItem"]
    assert operations(calls, lambda: buyer_of_mugs.get(URL)) == CART
    add = {"sku": "MUG-RED", "quantity": 1}
    assert operations(calls, lambda: buyer_of_mugs.post(LINES, add)) == [*CART, "UpdateItem"]
    assert operations(calls, lambda: check_out(buyer_of_mugs)) == CHECKOUT


def test_a_list_that_is_switched_off_goes_on_for_a_minute(
    buyer_of_mugs: Shopper, summer: PriceList, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_mug(price("10.00"))
    assert shown(buyer_of_mugs)[0] == eur("10.00")
    PriceList.objects.filter(pk="Summer").update(active=False)
    assert shown(buyer_of_mugs)[0] == eur("10.00")
    monkeypatch.setattr(selectors, "PRIORITIES", Priorities())  # another process, or a minute on
    assert shown(buyer_of_mugs)[0] == eur("12.00")


def test_a_minute(summer: PriceList, calls: Any) -> None:
    known = Priorities()
    names = {"Summer", "Gone", ""}
    assert known.of(names, now=0.0) == {"Summer": 1}
    with calls() as made:
        assert known.of(names, now=priorities.KEPT - 0.1) == {"Summer": 1}
        assert known.of((), now=1000.0) == {}
    assert made == []
    summer.active = False
    summer.save()
    assert known.of(names, now=priorities.KEPT) == {}


@pytest.mark.parametrize(("lines", "reads"), [(33, 1), (34, 2), (50, 2)])
def test_large_carts(
    shopper: Shopper, mug: Variant, order_queue: TestQueue, calls: Any, lines: int, reads: int
) -> None:
    """A read holds 100 keys: 33 lines with variant, stock and prices. Checkout reads no stock."""
    fill_with(shopper, mug, lines)
    assert operations(calls, lambda: shopper.get(URL)) == ["GetItem", *["BatchGetItem"] * reads]
    assert operations(calls, lambda: check_out(shopper)) == CHECKOUT
    assert len(Order.objects.get().lines) == lines


def fill_with(shopper: Shopper, mug: Variant, lines: int) -> None:
    """So many articles like the mug, each with a price in no list, straight into the cart."""
    columns = {field.attname: getattr(mug, field.attname) for field in Variant._meta.fields}
    skus = [f"MUG-{number:02}" for number in range(lines)]
    bulk.load(Variant(**{**columns, "sku": sku}) for sku in skus)
    bulk.load(Stock(variant_id=sku, available=9) for sku in skus)
    bulk.load(SkuPrices(sku=sku, prices=[price("11.00").as_data()]) for sku in skus)
    line = {"quantity": 1, "price": "12.00", "added_at": "2026-01-01T00:00:00+00:00"}
    Cart.objects.filter(pk=guest_key(shopper.token)).update(lines=dict.fromkeys(skus, line))


# Currencies ----------------------------------------------------------------------------------


def test_a_line_keeps_its_currency(buyer_of_mugs: Shopper, settings: Any) -> None:
    """GIVEN a shop that changes its currency THEN the old price is told in its own."""
    cart = Cart.objects.get(pk=guest_key(buyer_of_mugs.token))
    assert cart.lines["MUG-RED"]["currency"] == "EUR"
    settings.SHOP_CURRENCY = "CHF"
    Variant.objects.filter(pk="MUG-RED").update(currency="CHF", price="13.00")

    (line,) = buyer_of_mugs.get(URL).json()["lines"]

    assert line["unit_price"] == {"amount": "13.00", "currency": "CHF"}
    assert line["old_price"] == eur("12.00")


def test_a_line_of_before_is_in_the_shop_s_currency(buyer_of_mugs: Shopper) -> None:
    line = {"quantity": 1, "price": "11.00", "added_at": "2026-01-01T00:00:00+00:00"}
    Cart.objects.filter(pk=guest_key(buyer_of_mugs.token)).update(lines={"MUG-RED": line})
    assert buyer_of_mugs.get(URL).json()["lines"][0]["old_price"] == eur("11.00")


@pytest.fixture
def buyer_of_mugs(shopper: Shopper) -> Shopper:
    """A guest with two red mugs at 12.00 EUR in the cart."""
    stock_article("MUG-RED")
    fill_cart(shopper, {"MUG-RED": 2})
    return shopper
