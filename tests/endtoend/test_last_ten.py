"""A hundred buyers of the last ten."""

import logging
import time
import uuid
from statistics import quantiles

import pytest

from tests.endtoend.buyers import Answer, Buyer, at_once, fill_carts
from tests.endtoend.deployment import Deployment, Row
from tests.endtoend.hooks import CROWD

logger = logging.getLogger(__name__)
BUYERS, LEFT = 100, 10
FEWER = 30  # where the timing is forced, so that numbers add nothing


def make_buyers(port: int, number: int) -> list[Buyer]:
    group = uuid.uuid4().hex
    return [Buyer(port, f"{group}-{place:02}") for place in range(number)]


def outcomes(orders: list[Row]) -> list[tuple[str, str]]:
    return sorted((order["status"], order["reason"]) for order in orders)


def log_times(answers: list[Answer], seconds: float) -> None:
    """For whoever asks pytest with `-o log_cli=true --log-level=INFO`."""
    times = quantiles([answer.seconds for answer in answers], n=100)
    figures = (len(answers), times[49], times[94], seconds)
    logger.info("%d checkouts: p50 %.3f s, p95 %.3f s; all settled after %.1f s", *figures)


def test_ten_get_one(shop: Deployment, port: int) -> None:
    buyers, sku = make_buyers(port, BUYERS), shop.article(LEFT)
    fill_carts(buyers, sku)

    with shop.workers(2):
        started = time.monotonic()
        answers = at_once([buyer.check_out for buyer in buyers])
        orders = shop.settle(buyers)
        log_times(answers, time.monotonic() - started)

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
def test_the_condition_decides(shop: Deployment, port: int, hooks: str, confirmed: int) -> None:
    """GIVEN 16 consumers that have all seen ten left before the first of them reserves,
    the condition on the stock lets ten through; without it all 16 are."""
    buyers, sku = make_buyers(port, FEWER), shop.article(LEFT)
    fill_carts(buyers, sku)

    with shop.workers(1, "--threads", str(CROWD), hooks=hooks):
        answers = at_once([buyer.check_out for buyer in buyers])
        orders = shop.settle(buyers)

    assert [answer.status for answer in answers] == [202] * FEWER
    assert [order["status"] for order in orders].count("confirmed") == confirmed
    assert shop.stock(sku) == (LEFT - confirmed, confirmed)
