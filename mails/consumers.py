"""What the queue of SES's events calls."""

import logging
from typing import Any

from mails.events import log_trouble, refusals_of, unwrap
from mails.services import suppress_address
from outbox.records import consume_records

logger = logging.getLogger(__name__)


def consume(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Process a batch of SQS records, each by itself; answers with the ones that failed.

    Each record's body is an event of SES, in SNS's envelope or without it.
    """
    return consume_records(event, process_event, context)


def process_event(body: dict[str, Any]) -> None:
    """Send nothing more to the addresses that bounced or complained.

    Raises ValueError, KeyError or TypeError for an event that is not as documented.
    """
    event = unwrap(body)
    if event is None:
        logger.info("Not an event of SES: %s", body.get("Type"))
        return
    for refusal in refusals_of(event):
        suppressed = suppress_address(
            address=refusal.address, cause=refusal.cause, detail=refusal.detail, at=refusal.at
        )
        if suppressed:
            logger.warning("An address gets no more mail: %s", refusal.cause)
    log_trouble(event)
