"""SQS, as far as the shop needs it: sending to a queue by its name."""

import json
from functools import cache
from typing import Any

from django.conf import settings

from dynamodb.aws import Api
from dynamodb.signing import Service
from telemetry.tracing import trace_attributes

SQS = Service("sqs", "SQS", "AmazonSQS", "1.0")


@cache
def api() -> Api:
    """SQS, with its connections, for all threads of the process.

    A customer waits for the sending: it gives up soon, the sweeper tries again.
    """
    return Api(SQS, region=settings.AWS_REGION, timeout=2, attempts=2)


@cache
def queue_url(name: str) -> str:
    """The address of a queue, asked for once per process."""
    return str(api().call("GetQueueUrl", {"QueueName": name})["QueueUrl"])


def send(queue: str, body: dict[str, Any]) -> None:
    """Send one message, as JSON. Raises ServiceError or OperationalError."""
    message = {"QueueUrl": queue_url(queue), "MessageBody": json.dumps(body)}
    api().call("SendMessage", {**message, **trace_attributes()})
