"""A job whose worker is killed while it is at it, and the shop's with it."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shop.functions import FUNCTIONS
from tests.endtoend.buyers import Buyer
from tests.endtoend.deployment import Deployment, states, wait_for

VISIBLE, HIDDEN = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"


@pytest.fixture
def shop(tmp_path: Path, provisioned: None) -> Deployment:
    """One of its own: what other tests' workers died with is in no queue of it."""
    shop = Deployment(f"jobs-{uuid.uuid4().hex[:6]}", tmp_path)
    shop.prepare()
    return shop


@pytest.fixture
def port(shop: Deployment) -> Iterator[int]:
    with shop.server() as port:
        yield port


def test_both_workers_killed_and_started_again(shop: Deployment, port: int) -> None:
    """GIVEN a job that is being done WHEN the workers of both functions are killed and started
    again THEN it is done, although its queue hides the message of the dead for 90 minutes."""
    buyer = Buyer(port, uuid.uuid4().hex)
    buyer.fill_cart(shop.article(1))  # the last one: lists must say so
    jobs, customers = ("--function", "jobs"), ("--function", "shop")
    with (
        shop.workers(1, *jobs, hooks="endless_jobs") as (at_work,),
        shop.workers(1, *customers, hooks="prompt_sweeper") as (other,),
    ):
        buyer.check_out()
        wait_for(lambda: in_queue(shop)[HIDDEN] == 1, lambda: str(in_queue(shop)))
        at_work.kill()
        (order,) = shop.settle([buyer])
        other.kill()
    assert [row["type"] for row in waiting_jobs(shop)] == ["stock.moved"]

    with shop.workers(1, *jobs), shop.workers(1, *customers, hooks="prompt_sweeper"):
        wait_for(lambda: waiting_jobs(shop) == [], lambda: str(waiting_jobs(shop)))
        wait_for(lambda: in_queue(shop)[VISIBLE] == 0, lambda: str(in_queue(shop)))

    assert states(order) == ["created", "prepared", "confirmed"]
    assert in_queue(shop) == {VISIBLE: 0, HIDDEN: 1}  # that of the dead


def in_queue(shop: Deployment) -> dict[str, int]:
    """The messages of the jobs' only queue."""
    (queue,) = FUNCTIONS["jobs"].queues
    answer = shop.sqs.get_queue_attributes(
        QueueUrl=shop.url(f"{shop.name}-{queue}"), AttributeNames=[VISIBLE, HIDDEN]
    )
    return {name: int(answer["Attributes"][name]) for name in (VISIBLE, HIDDEN)}


def waiting_jobs(shop: Deployment) -> list[dict[str, Any]]:
    """The outbox's entries that jobs have not taken."""
    return [row for row in shop.rows("outbox_outboxmessage") if row["open"].startswith("catalog.")]
