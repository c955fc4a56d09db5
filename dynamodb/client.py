"""DynamoDB over HTTPS without botocore's service model, whose (de)serialisation costs
more CPU than all of Django's work on a request.

Taken from botocore: where credentials come from. Ours: Signature Version 4 (`signing`,
checked against botocore's in the tests), JSON by orjson, kept connections (`wire`),
retries with full jitter.
Protocol: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

import logging
import random
import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.db.utils import OperationalError

from dynamodb import calls
from dynamodb.patience import time_left, tries_left
from dynamodb.signing import DYNAMODB, Service, Signer, find_credentials
from dynamodb.wire import BrokenAnswer, NotSent, Pool, close_all

logger = logging.getLogger("dynamodb.client")
ATTEMPTS = 8
CONFLICTS = 3  # attempts at a transaction that meets others, where its caller tries again too
BASE_DELAY = 0.025  # seconds; doubles with each attempt, with full jitter
LONGEST_DELAY = 2.0
TIMEOUT = 10.0  # seconds for one answer
PATIENCE = 15.0  # seconds after which nothing is tried again, unless a deadline comes first
RETRYABLE = {
    "InternalServerError",
    "ItemCollectionSizeLimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
}
UNCERTAIN = {"InternalServerError", "ServiceUnavailable"}  # a write may have been applied
WRITES = {"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"}
RETRYABLE_REASONS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class ServiceError(Exception):
    """DynamoDB's refusal: `code`, `message`, and, of a transaction, `reasons` by write."""

    def __init__(self, code: str, message: str, answer: dict[str, Any], status: int = 400):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status
        self.reasons: list[dict[str, Any]] = answer.get("CancellationReasons") or []
        self.item: dict[str, Any] | None = answer.get("Item")
        self.uncertain = False  # an earlier attempt was cut off and may have been applied

    @property
    def is_conflict(self) -> bool:
        """Whether another transaction was at the same rows at the same time."""
        codes = {self.code, *(reason.get("Code") for reason in self.reasons)}
        return not codes.isdisjoint({"TransactionConflict", "TransactionConflictException"})

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed a moment later."""
        failed = {reason.get("Code") for reason in self.reasons} - {None, "None"}
        if self.code == "TransactionCanceledException":
            return bool(failed) and failed <= RETRYABLE_REASONS
        return self.code in RETRYABLE


class UnknownOutcome(OperationalError):
    """No answer that tells came to a write that was sent: it may have been applied, or not."""


Params = dict[str, Any]


class Sender:
    """Requests to one service of AWS that speaks JSON; what is tried again, others decide."""

    def __init__(self, service: Service, *, region: str, endpoint: str, timeout: float):
        """`timeout` in seconds, of one attempt."""
        self.service, self.region, self.endpoint = service, region, endpoint
        self.pool = Pool(endpoint, timeout)
        self.signer = Signer(region, urlsplit(endpoint).netloc, find_credentials(), service)

    def prepare(self, params: Params) -> Any:
        """What each attempt sends."""
        return orjson.dumps(params)

    def send(self, operation: str, body: Any, repeatable: bool = True) -> dict[str, Any]:
        """One attempt. Raises ServiceError for a refusal; OSError where another may be made
        (NotSent where nothing can have been done); UnknownOutcome where none must be made, if the
        request is not `repeatable`."""
        connection = self.pool.take()
        try:
            status, content = connection.post(
                self.signer.headers(operation, body, time.time()), body
            )
        except OSError as error:
            connection.close()
            if not repeatable:
                raise UnknownOutcome(f"{operation} was cut off: {error}") from error
            raise
        self.pool.give_back(connection)
        if status == 200:
            try:
                answer: dict[str, Any] = orjson.loads(content)
            except orjson.JSONDecodeError as error:
                if not repeatable:
                    raise UnknownOutcome(f"{operation} was not answered in JSON") from error
                raise BrokenAnswer(f"not JSON: {content[:40]!r}") from error
            return answer
        raise refusal(status, content)

    def close(self) -> None:
        """Close the connections that are idle; the next call makes one anew."""
        close_all(self.pool.idle)


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
            time.sleep(time_left(delay(attempt)))
        raise AssertionError("unreachable")


def last(attempt: int, deadline: float) -> bool:
    """Whether an attempt that failed was the last one."""
    return attempt >= ATTEMPTS or time.monotonic() >= deadline


def another_try(error: ServiceError, attempt: int) -> bool:
    """Whether a refusal that may pass is worth another attempt at the same call.

    Where a transaction met others and its caller tries again too, both spend the same tries, and
    most are left to the caller: it reads anew what has changed.
    """
    budget = tries_left() if error.is_conflict else None
    return budget is None or (attempt < CONFLICTS and budget.take())


def delay(attempt: int) -> float:
    """Seconds to wait after an attempt: doubling, with full jitter."""
    return random.uniform(0, min(LONGEST_DELAY, BASE_DELAY * 2**attempt))


def refusal(status: int, content: bytes) -> ServiceError:
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        answer = {}
    code = str(answer.get("__type", "")).rpartition("#")[2]
    message = (
        answer.get("message") or answer.get("Message") or content[:200].decode(errors="replace")
    )
    if not code:
        code = "InternalServerError" if status >= 500 else "UnknownError"
    return ServiceError(code, message, answer, status)


def measured(operation: str) -> bool:
    """Whether the operation can say what it consumed."""
    return operation.endswith(("Item", "Items", "Query", "Scan"))


@cache
def client_for(region: str, endpoint: str, kind: str = "native") -> Client:
    """One client, with its connections, for all threads of the process."""
    if kind == "boto3":
        from dynamodb.boto import BotoClient

        return BotoClient(region=region, endpoint=endpoint)
    return Client(region=region, endpoint=endpoint)
