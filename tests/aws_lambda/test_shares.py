"""Long jobs hold up no customer: two functions as on Lambda, each with so many processes."""

import json
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.aws_lambda.edge import Edge
from tests.aws_lambda.test_purchase import check_out, fill_cart
from tests.endtoend.deployment import wait_for
from tests.soak.stack import Lambda, Stack

PROCESSES = 2  # that the catalogue's queue may have at once
JOBS = 20  # messages: two batches
# Each job takes until it is let go. A handler that was found before is found again.
ENDLESS = """
import os, pathlib, time
from catalog import consumers
from outbox.subscriptions import handler_of
def work(delivery):
    pathlib.Path(f"busy-{os.getpid()}").touch()
    while not pathlib.Path("may-end").exists():
        time.sleep(0.01)
consumers.count_stock = work
handler_of.cache_clear()
"""


@pytest.fixture(scope="module")
def stack(provisioned: None, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    stack = Stack(f"shares-{uuid.uuid4().hex[:6]}", tmp_path_factory.mktemp("shares"))
    stack.prepare()
    return stack


@pytest.fixture(autouse=True)
def nothing_done(stack: Stack) -> None:
    for file in (*busy(stack), stack.folder / "may-end"):
        file.unlink(missing_ok=True)


def busy(stack: Stack) -> list[Path]:
    """A file for each process that is at a job."""
    return list(stack.folder.glob("busy-*"))


def fill(stack: Stack) -> None:
    """As many jobs as take all processes there are for them, for as long as they like."""
    about = {"type": "stock.moved", "version": 1, "subscriber": "catalog.availability"}
    for number in range(JOBS):
        event = about | {"id": number, "at": datetime.now(UTC).isoformat()}
        body = {"skus": ["NONE"], "message": number, "event": event}
        url = stack.url(f"{stack.name}-catalog")
        stack.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))


@contextmanager
def fed(stack: Stack, queues: dict[str, Lambda]) -> Iterator[None]:
    """Each queue's batches go to a function, PROCESSES of them at once, until jobs may end."""
    stop = threading.Event()
    feeders = [
        threading.Thread(target=stack.feed, args=(queue, function, stop))
        for queue, function in queues.items()
        for _ in range(PROCESSES)
    ]
    for feeder in feeders:
        feeder.start()
    try:
        yield
    finally:
        (stack.folder / "may-end").touch()
        stop.set()
        for feeder in feeders:
            feeder.join()


def buy(shop: Edge, sku: str) -> dict[str, Any]:
    cart = fill_cart(shop, sku, 1)
    answer = check_out(shop, cart, f"{sku.lower()}@example.com")
    assert answer.status == 202
    receipt: dict[str, Any] = answer.json
    return receipt


def status_of(shop: Edge, receipt: dict[str, Any]) -> str:
    headers = {"Order-Secret": receipt["secret"]}
    return str(
        shop.send("GET", f"/api/v1/orders/{receipt['number']}/", headers=headers).json["status"]
    )


def test_an_order_is_confirmed_meanwhile(stack: Stack) -> None:
    """GIVEN jobs that take all of their function WHEN somebody buys THEN the order is confirmed."""
    sku = stack.article(1)
    with ExitStack() as running:
        jobs = running.enter_context(stack.lambda_of("jobs", PROCESSES, ENDLESS))
        function = running.enter_context(stack.lambda_of("shop", 1))
        shop = Edge(function, stack.viewer_function(running))
        running.enter_context(fed(stack, {"catalog": jobs, "orders": function}))
        fill(stack)
        wait_for(lambda: len(busy(stack)) == PROCESSES, jobs.log)

        receipt = buy(shop, sku)

        wait_for(lambda: status_of(shop, receipt) == "confirmed", function.log)
        assert jobs.free.empty()


def test_with_one_share_for_all_nobody_is_served(stack: Stack) -> None:
    """The negative control: one function more than that has processes, and no queue of its own."""
    sku = stack.article(1)
    with ExitStack() as running:
        function = running.enter_context(stack.lambda_of("shop", PROCESSES, ENDLESS))
        shop = Edge(function, stack.viewer_function(running))
        pool = running.enter_context(ThreadPoolExecutor(1))
        running.enter_context(fed(stack, {"catalog": function, "orders": function}))
        fill(stack)
        wait_for(lambda: len(busy(stack)) == PROCESSES, function.log)

        receipt = pool.submit(buy, shop, sku)

        with pytest.raises(TimeoutError):
            receipt.result(timeout=2)
        (stack.folder / "may-end").touch()
        answered = receipt.result(timeout=60)
        wait_for(lambda: status_of(shop, answered) == "confirmed", function.log)
