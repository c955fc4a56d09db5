"""When a record that failed comes again.

A queue hides what is worked on for six times as long as a call may take; of a function with a
quarter of an hour that is an hour and a half, and who only failed need not wait so long.
"""

import logging
from typing import Any

from django.db import OperationalError

from dynamodb.client.refusals import ServiceError
from outbox.queues import api, queue_url

logger = logging.getLogger(__name__)

RETRY_AFTER = 180  # seconds; what the queues of the first function take


def retry_soon(event: dict[str, Any], answer: dict[str, list[dict[str, str]]]) -> None:
    """Have the records of a batch that its `answer` names as failed come again in RETRY_AFTER.

    One call, and none where nothing failed. A failure of it is logged: they come later then.
    """
    failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    if not failed:
        return
    records = [record for record in event["Records"] if record["messageId"] in failed]
    entries = [
        {
            "Id": str(place),
            "ReceiptHandle": record["receiptHandle"],
            "VisibilityTimeout": RETRY_AFTER,
        }
        for place, record in enumerate(records)
    ]
    name = records[0]["eventSourceARN"].rpartition(":")[2]
    try:
        address = {"QueueUrl": queue_url(name)}
        refused = api().call("ChangeMessageVisibilityBatch", {**address, "Entries": entries})
        if refused.get("Failed"):
            raise OperationalError(f"SQS has not taken all: {refused['Failed']}")
    except (ServiceError, OperationalError) as error:
        logger.warning("What failed comes again when its queue shows it: %s", error)
