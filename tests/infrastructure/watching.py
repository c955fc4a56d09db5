"""What the local AWS did: its logs, queues and mails."""

import json
import os
import time
import urllib.request
from collections.abc import Callable

import boto3

DEADLINE = 60.0  # seconds that an order may take
HIDDEN = 180.0  # seconds until a queue gives what a dead call had in hand to another one
POLL = 0.2
LOGS = "/aws/lambda/shop-staging"
JOBS_LOGS = f"{LOGS}-jobs"
QUEUES = ("shop-staging-orders", "shop-staging-catalog", "shop-staging-mail-events")
COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]


def wait_for(condition: Callable[[], bool], what: str, seconds: float = DEADLINE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen\n{what_happened()}"
        time.sleep(POLL)


def what_happened() -> str:
    """What waits in the queues, and what both functions last said."""
    counts = ", ".join(f"{queue}: {waiting(queue)}" for queue in QUEUES)
    logs = "\n".join(f"{group}:\n{function_log(group)}" for group in (LOGS, JOBS_LOGS))
    return f"{counts}\n{logs}"


def function_log(group: str = LOGS) -> str:
    """What a function last said."""
    events = boto3.client("logs").filter_log_events(logGroupName=group)["events"]
    return "\n".join(each["message"].rstrip() for each in events[-60:])


def invocations() -> int:
    """How often the function was called by now: each call begins its log with a line."""
    pages = boto3.client("logs").get_paginator("filter_log_events")
    found = pages.paginate(logGroupName=LOGS)
    events = [each["message"] for page in found for each in page["events"]]
    return sum(message.startswith("START RequestId") for message in events)


def mails_to(address: str) -> list[str]:
    """Subjects of what SES took for it."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages"
    with urllib.request.urlopen(url, timeout=DEADLINE) as answer:  # noqa: S310  our own AWS
        boxes = json.load(answer)["messages"].values()
    return [mail["Subject"] for box in boxes for mail in box if address in mail["To"]]


def waiting(queue: str) -> int:
    """Messages in a queue, those that are worked on too."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=COUNTS)["Attributes"]
    return sum(int(count) for count in counted.values())


def idle() -> bool:
    """Whether nothing is under way in the queues."""
    return not any(waiting(queue) for queue in QUEUES)
