"""An SQS queue of a test's own."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import boto3
import pytest


class TestQueue:
    """The receiving end of a queue."""

    __test__ = False

    def __init__(self, name: str):
        self.name, self.sqs = name, boto3.client("sqs")
        self.url = self.sqs.create_queue(QueueName=name)["QueueUrl"]

    def receive(self) -> list[str]:
        """The bodies of what is waiting, taken off the queue."""
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        messages = answer.get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]

    def delete(self) -> None:
        self.sqs.delete_queue(QueueUrl=self.url)


@pytest.fixture
def order_queue(settings: Any) -> Iterator[TestQueue]:
    """The order queue, empty; nothing of it outlives the test."""
    settings.QUEUES = {**settings.QUEUES, "orders": f"{settings.QUEUES['orders']}-{uuid4().hex}"}
    queue = TestQueue(settings.QUEUES["orders"])
    yield queue
    with suppress(queue.sqs.exceptions.QueueDoesNotExist):  # the test deleted it
        queue.delete()
