"""DynamoDB over HTTPS without botocore's service model, whose (de)serialisation costs
more CPU than all of Django's work on a request.

Taken from botocore: where credentials come from. Ours: Signature Version 4 (`signing`,
checked against botocore's in the tests), JSON by orjson, kept connections (`wire`),
retries with full jitter.
Protocol: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

import logging
import time
from typing import Any

from django.db.utils import OperationalError

from dynamodb import calls
from dynamodb.client.refusals import UNCERTAIN, ServiceError, UnknownOutcome
from dynamodb.client.retries import ATTEMPTS, PATIENCE, another_try, delay, last
from dynamodb.client.sender import Params, Sender
from dynamodb.client.signing import DYNAMODB
from dynamodb.client.wire import NotSent
from dynamodb.patience import time_left

logger = logging.getLogger("dynamodb.client")
TIMEOUT = 10.0  # seconds for one answer
WRITES = {"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"}


class Client(Sender):
    """`call(operation, params)` with DynamoDB's own names and JSON, in and out."""

    def __init__(self, *, region: str, endpoint: str):
        super().__init__(DYNAMODB, region=region, endpoint=endpoint, timeout=TIMEOUT)

    def call(self, operation: str, params: Params, *, repeatable: bool = True) -> dict[str, Any]:
        """One request and its answer, retried where a moment later it may succeed.

        `repeatable` False: the write must not be sent again once it may have been
        applied; a broken connection then raises UnknownOutcome.
        Raises ServiceError for a refusal, OperationalError where nobody answers, UnknownOutcome
        if what nobody answered is a write that was sent.
        """
        if calls.recording() and measured(operation):
            params = {**params, "ReturnConsumedCapacity": "TOTAL"}
        return self.attempt(operation, params, repeatable)

    def attempt(self, operation: str, params: Params, repeatable: bool) -> dict[str, Any]:
        """The call with its retries, each of them noted."""
        request = self.prepare(params)
        cut, ends = False, time.monotonic() + time_left(PATIENCE)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with calls.noting(operation, params) as noted:
                    noted.answer = self.send(operation, request, repeatable)
                return noted.answer
            except ServiceError as error:
                if error.code in UNCERTAIN and not repeatable:
                    raise UnknownOutcome(f"{operation} failed half-way: {error}") from error
                error.uncertain = cut
                cut = cut or error.code in UNCERTAIN
                if not error.retryable:
                    raise
                if last(attempt, ends) or not another_try(error, attempt):
                    if cut and operation in WRITES:
                        raise UnknownOutcome(f"{operation} may have been done: {error}") from error
                    raise
                logger.info("%s is sent again: %s", operation, error)
            except OSError as error:
                cut = cut or not isinstance(error, NotSent)
                if last(attempt, ends):
                    lost = UnknownOutcome if cut and operation in WRITES else OperationalError
                    raise lost(f"DynamoDB does not answer at {self.endpoint}: {error}") from error
            # Those who were refused together must not come again together.
            time.sleep(time_left(delay(attempt)))
        raise AssertionError("unreachable")


def measured(operation: str) -> bool:
    """Whether the operation can say what it consumed."""
    return operation.endswith(("Item", "Items", "Query", "Scan"))
