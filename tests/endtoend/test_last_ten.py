"""A hundred buyers of the last ten."""

import time
from statistics import quantiles

import pytest

from tests.endtoend.buyers import Answer, Buyer, at_once, fill_carts
from tests.endtoend.deployment import Deployment, Row
from tests.endtoend.hooks import CROWD

BUYERS, LEFT = 100, 10


@pytest.fixture
def buyers(port: int, request: pytest.FixtureRequest) -> list[Buyer]:
    return [Buyer(port, f"{request.node.name}-{number:02}") for number in range(BUYERS)]


def outcomes(orders: list[Row]) -> list[tuple[str, str]]:
    return sorted((order["status"], order["reason"]) for order in orders)


def record_times(record_property, answers: list[Answer], seconds: float) -> None:
    times = quantiles([answer.seconds for answer in answers], n=100)
    record_property("settled after seconds", round(seconds, 1))
    record_property("checkout p50 ms", round(1000 * times[49]))
    record_property("checkout p95 ms", round(1000 * times[94]))


def test_ten_get_one(
    shop: Deployment, buyers: list[Buyer], record_property: pytest.FixtureRequest
) -> None:
    sku = shop.article(LEFT)
    fill_carts(buyers, sku)

    with shop.workers(2):
        started = time.monotonic()
        answers = at_once([buyer.check_out for buyer in buyers])
        orders = shop.settle(buyers)
        record_times(record_property, answers, time.monotonic() - started)

    assert [answer.status for answer in answers] == [202] * BUYERS
    sold_out = [("cancelled", f"sold out: {sku}")] * (BUYERS - LEFT)
    assert outcomes(orders) == sold_out + [("confirmed", "")] * LEFT
    assert shop.stock(sku) == (0, LEFT)
    assert [charge["status"] for charge in shop.charges(orders)] == ["charged"] * LEFT
    subjects = {"confirmed": "is confirmed", "cancelled": "was cancelled"}
    assert shop.mails(buyers) == [
        (order["email"], f"Your order {order['number']} {subjects[order['status']]}")
        for order in orders
    ]


@pytest.mark.parametrize(
    ("hooks", "confirmed"),
    [("crowd", LEFT), ("no_stock_condition,crowd", CROWD)],
    ids=["condition", "no-condition"],
)
def test_the_condition_decides(
    shop: Deployment, buyers: list[Buyer], hooks: str, confirmed: int
) -> None:
    """GIVEN 16 consumers that have all seen ten left before the first of them reserves,
    the condition on the stock lets ten through; without it all 16 are."""
    sku = shop.article(LEFT)
    fill_carts(buyers, sku)

    with shop.workers(1, "--threads", str(CROWD), hooks=hooks):
        at_once([buyer.check_out for buyer in buyers])
        orders = shop.settle(buyers)

    assert [order["status"] for order in orders].count("confirmed") == confirmed
    assert shop.stock(sku) == (LEFT - confirmed, confirmed)
