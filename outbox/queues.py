"""SQS, as far as the shop needs it: sending to a queue by its name."""

import json
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from django.conf import settings

# A customer waits for the sending: give up soon, the sweeper tries again.
SENDING = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2})


@cache
def client() -> Any:
    """The SQS client of this process. Its endpoint comes from the environment."""
    return boto3.client("sqs", region_name=settings.AWS_REGION, config=SENDING)


@cache
def queue_url(name: str) -> str:
    """The address of a queue, asked for once per process."""
    url: str = client().get_queue_url(QueueName=name)["QueueUrl"]
    return url


def send(queue: str, body: dict[str, Any]) -> None:
    """Send one message, as JSON. Raises botocore's errors."""
    client().send_message(QueueUrl=queue_url(queue), MessageBody=json.dumps(body))
