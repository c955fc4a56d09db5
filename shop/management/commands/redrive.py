"""`manage.py redrive shop-orders`: dead letters go back to their queue.

What `aws sqs start-message-move-task` does, also where there is no such thing: on the local AWS.
"""

from argparse import ArgumentParser
from typing import Any

import boto3
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

BATCH = 10  # messages, SQS's most


class Command(BaseCommand):
    help = "Moves what failed three times back to its queue. Repeats do no harm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(settings.QUEUES.values())
        parser.add_argument("queue", help=f"the queue's name: {names}")

    def handle(self, *args: Any, queue: str, **options: Any) -> None:
        sqs = boto3.client("sqs", region_name=settings.AWS_REGION)
        try:
            source = sqs.get_queue_url(QueueName=f"{queue}-dlq")["QueueUrl"]
            target = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        except sqs.exceptions.QueueDoesNotExist as error:
            raise CommandError(f"There is no queue {queue} with its {queue}-dlq.") from error
        moved = sum(iter(lambda: move_batch(sqs, source, target), 0))
        self.stdout.write(f"{moved} messages are back in {queue}.")


def move_batch(sqs: Any, source: str, target: str) -> int:
    """Move up to ten messages; how many. Each is sent before it is deleted: none is lost."""
    answer = sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=BATCH, WaitTimeSeconds=1)
    messages = answer.get("Messages", [])
    for message in messages:
        sqs.send_message(QueueUrl=target, MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
    return len(messages)
