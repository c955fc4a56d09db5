"""What Lambda does between queue and consumer, for a laptop."""

import logging
import signal
import threading
import time
import uuid
from argparse import ArgumentParser
from types import FrameType
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connections

from outbox.consumers import sweep
from shop.events import CONSUMERS
from shop.functions import FUNCTIONS, SWEEPER, function_of

logger = logging.getLogger(__name__)

BATCH = 10  # messages, SQS's most
LONG_POLL = 2  # seconds; also what stopping may take
PAUSE_AFTER_ERROR = 1  # seconds
BUSIEST = "orders"
SWEEP_INTERVAL = 30  # seconds


class Command(BaseCommand):
    """Polls the queues until SIGTERM or SIGINT, then finishes the batches in hand."""

    help = "Processes what the queues bring, as the Lambda functions do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--threads", type=int, default=4, help="batches of orders at a time (4)"
        )
        parser.add_argument(
            "--function", choices=FUNCTIONS, help="only what this function polls (all)"
        )

    def handle(self, *args: Any, threads: int, function: str | None = None, **options: Any) -> None:
        kinds = FUNCTIONS[function].queues if function else settings.QUEUES
        queues = {kind: Queue(kind) for kind in kinds}
        stop = threading.Event()
        stop_on_signals(stop)
        pollers = [
            threading.Thread(target=poll, args=(queue, stop), name=f"poller-{kind}-{number}")
            for kind, queue in queues.items()
            for number in range(threads if kind == BUSIEST else 1)
        ]
        for poller in pollers:
            poller.start()
        logger.info("Waiting for %s", ", ".join(queue.name for queue in queues.values()))
        if function in (None, SWEEPER):
            sweep_until(stop)
        stop.wait()
        for poller in pollers:
            poller.join()


class Queue:
    """A queue of settings.QUEUES, seen from the receiving end, in the shapes of Lambda."""

    def __init__(self, kind: str) -> None:
        self.consume, self.name = CONSUMERS[kind], settings.QUEUES[kind]
        self.timeout = function_of(kind).timeout
        config = Config(max_pool_connections=50, read_timeout=LONG_POLL + 30)
        self.sqs = boto3.client("sqs", region_name=settings.AWS_REGION, config=config)
        try:
            self.url = self.sqs.get_queue_url(QueueName=self.name)["QueueUrl"]
            self.arn = self.sqs.get_queue_attributes(
                QueueUrl=self.url, AttributeNames=["QueueArn"]
            )["Attributes"]["QueueArn"]
        except self.sqs.exceptions.QueueDoesNotExist as error:
            raise CommandError(
                f"There is no queue {self.name}. Run `manage.py provision` first."
            ) from error

    def receive(self) -> list[dict[str, Any]]:
        """Up to ten messages as Lambda's records, after two seconds' wait at most."""
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=BATCH,
            WaitTimeSeconds=LONG_POLL,
            MessageSystemAttributeNames=["All"],
        )
        return [self.as_record(message) for message in answer.get("Messages", [])]

    def as_record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.arn,
            "awsRegion": settings.AWS_REGION,
        }

    def delete(self, records: list[dict[str, Any]]) -> None:
        """What was consumed. A deletion that fails only makes the message come again."""
        entries = [
            {"Id": str(position), "ReceiptHandle": record["receiptHandle"]}
            for position, record in enumerate(records)
        ]
        if entries:
            self.sqs.delete_message_batch(QueueUrl=self.url, Entries=entries)


class Call:
    """What Lambda tells a function of one call of it, as far as the shop asks."""

    def __init__(self, timeout: float) -> None:
        self.aws_request_id, self.end = uuid.uuid4().hex, time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        return round(1000 * max(0.0, self.end - time.monotonic()))


def stop_on_signals(stop: threading.Event) -> None:
    def handler(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)


def poll(queue: Queue, stop: threading.Event) -> None:
    """Batch after batch, until told to stop. Errors are logged; the next try follows."""
    while not stop.is_set():
        try:
            process_batch(queue)
        except (BotoCoreError, ClientError) as error:
            logger.error("The queue cannot be reached: %s", error)
            stop.wait(PAUSE_AFTER_ERROR)
    connections.close_all()


def process_batch(queue: Queue) -> None:
    records = queue.receive()
    if not records:
        return
    close_old_connections()
    failures = queue.consume({"Records": records}, Call(queue.timeout))["batchItemFailures"]
    failed = {failure["itemIdentifier"] for failure in failures}
    queue.delete([record for record in records if record["messageId"] not in failed])
    close_old_connections()


def sweep_until(stop: threading.Event) -> None:
    """The schedule: sweep the outbox every half minute."""
    while not stop.is_set():
        close_old_connections()
        try:
            sweep({}, None)
        except Exception:  # the store may be away for a moment; orders wait for nobody else
            logger.exception("The outbox was not swept")
        stop.wait(SWEEP_INTERVAL)
