"""What the order queue calls."""

import json
import logging
from typing import Any

from orders.saga import advance_order

logger = logging.getLogger(__name__)


def consume(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Process a batch of SQS records, each by itself; answers with the ones that failed.

    Those come again, and after three times go to the dead-letter queue. Each record's
    body is `{"message": <outbox id>, "order": <number>}`.
    """
    failed = [record for record in event["Records"] if not consume_record(record)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def consume_record(record: dict[str, Any]) -> bool:
    """Process one record; False, and the reason in the log, when it must come again."""
    try:
        number, message = parse_body(record["body"])
        advance_order(number=number, message=message)
    except Exception:  # whatever it is, the other records of the batch go on
        logger.exception("Record %s was not processed", record["messageId"])
        return False
    return True


def parse_body(text: str) -> tuple[str, int]:
    """The order's number and the outbox entry's id. Raises ValueError for anything else."""
    body = json.loads(text)
    if not isinstance(body, dict):
        raise ValueError(f"not an order's message: {text[:200]}")
    number, message = body.get("order"), body.get("message")
    if not isinstance(number, str) or not isinstance(message, int):
        raise ValueError(f"not an order's message: {text[:200]}")
    return number, message
