"""An SQS of a test's own, made by moto."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from outbox import queues


class TestQueue:
    """The receiving end of a queue."""

    __test__ = False

    def __init__(self, name: str):
        self.name = name
        self.url = queues.client().create_queue(QueueName=name)["QueueUrl"]

    def receive(self) -> list[str]:
        """The bodies of what is waiting, taken off the queue."""
        answer = queues.client().receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        messages = answer.get("Messages", [])
        for message in messages:
            queues.client().delete_message(
                QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"]
            )
        return [message["Body"] for message in messages]

    def delete(self) -> None:
        queues.client().delete_queue(QueueUrl=self.url)


@pytest.fixture
def order_queue(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[TestQueue]:
    """The order queue, empty; nothing of it outlives the test."""
    endpoint = f"https://sqs.{settings.AWS_REGION}.amazonaws.com"
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", endpoint)
    forget_clients()
    with mock_aws():
        yield TestQueue(settings.ORDER_QUEUE)
    forget_clients()


def forget_clients() -> None:
    queues.client.cache_clear()
    queues.queue_url.cache_clear()
