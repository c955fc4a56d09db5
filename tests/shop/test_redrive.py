"""Dead letters go back, as the runbook says."""

import json
from typing import Any

import boto3
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from shop.management.commands.redrive import move_batch
from shop.management.commands.worker import Queue
from shop.provision import ensure_queue_pair
from tests.outbox.queues import TestQueue, order_queue

__all__ = ["order_queue"]


@pytest.fixture
def dead_letters(order_queue: TestQueue) -> Any:
    sqs = boto3.client("sqs", region_name=settings.AWS_REGION)
    list(ensure_queue_pair(sqs, settings.QUEUES["orders"], 180))
    return sqs, sqs.get_queue_url(QueueName=f"{settings.QUEUES['orders']}-dlq")["QueueUrl"]


def test_all_come_back(dead_letters: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """More than a batch, in the order queue once each."""
    sqs, url = dead_letters
    bodies = [json.dumps({"message": n}) for n in range(12)]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)

    call_command("redrive", settings.QUEUES["orders"])

    assert capsys.readouterr().out == f"12 messages are back in {settings.QUEUES['orders']}.\n"
    queue, found = Queue("orders"), list[str]()
    while records := queue.receive():
        found += [record["body"] for record in records]
        queue.delete(records)
    assert sorted(found) == sorted(bodies)
    assert sqs.receive_message(QueueUrl=url).get("Messages", []) == []


def test_a_letter_that_cannot_be_sent_stays(dead_letters: Any) -> None:
    sqs, url = dead_letters
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        move_batch(sqs, url, url.replace("-dlq", "-gone"))
    count = sqs.get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
    )["Attributes"]["ApproximateNumberOfMessagesNotVisible"]
    assert count == "1"
    sqs.purge_queue(QueueUrl=url)


def test_a_queue_that_is_none() -> None:
    with pytest.raises(CommandError, match="There is no queue x with its x-dlq"):
        call_command("redrive", "x")
