"""Batches of SQS records, as Lambda delivers them."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dynamodb.patience import deadline, time_left
from telemetry.context import log_fields

logger = logging.getLogger(__name__)

Handle = Callable[[dict[str, Any]], None]
LAST_WORDS = 5.0  # seconds that a function keeps, to say what it has done


class TryLater(Exception):
    """The record must come again, and nothing is wrong with it or with us."""


def consume_records(
    event: dict[str, Any], handle: Handle, context: Any
) -> dict[str, list[dict[str, str]]]:
    """Give `handle` each record's body, a dict; answers with the records that failed.

    Those come again, and after three times go to the dead-letter queue. `context` is Lambda's.
    """
    with within(context):
        failed = [record for record in event["Records"] if not consume_record(record, handle)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


@contextmanager
def within(context: Any) -> Iterator[None]:
    """Inside the block nothing waits for longer than the call has left by Lambda's `context`, less
    LAST_WORDS. Without one nobody ends the call, and it has no deadline of its own."""
    if context is None:
        yield
        return
    with deadline(max(0.0, context.get_remaining_time_in_millis() / 1000 - LAST_WORDS)):
        yield


def consume_record(record: dict[str, Any], handle: Handle) -> bool:
    """Process one record; False, and the reason in the log, when it must come again."""
    with log_fields(record=record["messageId"]):
        try:
            if time_left(1.0) == 0:
                raise TryLater("the call has no time left")
            handle(parse_body(record["body"]))
        except TryLater as reason:
            logger.warning("Record %s was not processed: %s", record["messageId"], reason)
            return False
        except Exception:  # whatever it is, the other records of the batch go on
            logger.exception("Record %s was not processed", record["messageId"])
            return False
        return True


def parse_body(text: str) -> dict[str, Any]:
    """The message. Raises ValueError for anything but a JSON object."""
    body = json.loads(text)
    if not isinstance(body, dict):
        raise ValueError(f"not a message: {text[:200]}")
    return body
