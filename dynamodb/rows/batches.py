"""Many writes without a transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.db.utils import OperationalError

from dynamodb.client.client import Client
from dynamodb.client.refusals import ServiceError
from dynamodb.client.retries import ATTEMPTS, delay
from dynamodb.patience import time_left
from dynamodb.rows.commit import committing
from dynamodb.rows.refusals import translate

BATCH_WRITES = 25  # of one BatchWriteItem


def write_batches(client: Client, name: str, requests: Iterable[dict[str, Any]]) -> None:
    """BatchWriteItem on a table (full name), 25 a call; what is left undone is sent again."""
    batch: list[dict[str, Any]] = []
    for request in requests:
        batch.append(request)
        if len(batch) == BATCH_WRITES:
            batch = write_batch(client, name, batch)
    while batch:
        batch = write_batch(client, name, batch)


def write_batch(client: Client, name: str, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write some of the batch; what DynamoDB leaves undone.

    Sent again, with growing pauses, while that is all of it. Raises OperationalError.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with committing():
                answer = client.call("BatchWriteItem", {"RequestItems": {name: batch}})
        except ServiceError as error:
            raise translate(error) from error
        undone: list[dict[str, Any]] = answer.get("UnprocessedItems", {}).get(name, [])
        if len(undone) < len(batch):
            return undone
        time.sleep(time_left(delay(attempt)))  # as AWS asks, or as little is done next time
    raise OperationalError("DynamoDB leaves writes undone, time and again: try later.")
