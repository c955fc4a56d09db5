"""SQS, as far as the shop needs it: sending to a queue by its name."""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import OperationalError

from dynamodb.client.services import Api
from dynamodb.client.signing import Service
from telemetry.tracing import trace_attributes

LONGEST_GROUP = 128  # characters, of letters, digits and punctuation
UNFIT = re.compile(r"[^!-~]")
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


class Outgoing(NamedTuple):
    """A message, and the group that it is of: a queue serves its groups in turn (fair queues).
    Without a name it is of no group.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    """

    body: dict[str, Any]
    group: str

    def entry(self) -> dict[str, Any]:
        group = {"MessageGroupId": UNFIT.sub("-", self.group)[:LONGEST_GROUP]} if self.group else {}
        return {"MessageBody": json.dumps(self.body), **group, **trace_attributes()}


def send(queue: str, messages: Sequence[Outgoing]) -> None:
    """Send up to ten messages, in one call. Raises ServiceError or OperationalError."""
    address = {"QueueUrl": queue_url(queue)}
    if len(messages) == 1:
        api().call("SendMessage", {**address, **messages[0].entry()})
        return
    entries = [{"Id": str(place), **each.entry()} for place, each in enumerate(messages)]
    answer = api().call("SendMessageBatch", {**address, "Entries": entries})
    if answer.get("Failed"):
        raise OperationalError(f"SQS has not taken all: {answer['Failed']}")
