"""DynamoDB over HTTPS without botocore's service model, whose (de)serialisation costs
more CPU than all of Django's work on a request.

Taken from botocore: where credentials come from. Ours: Signature Version 4 (sixteen
lines, checked against botocore's in the tests), JSON by orjson, kept connections
(`wire`), retries with full jitter.
Protocol: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

import hashlib
import hmac
import logging
import os
import random
import time
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
from django.db.utils import OperationalError

from dynamodb import calls
from dynamodb.wire import BrokenAnswer, Pool, close_all

logger = logging.getLogger("dynamodb.client")
ATTEMPTS = 8
BASE_DELAY = 0.025  # seconds; doubles with each attempt, with full jitter
LONGEST_DELAY = 2.0
TIMEOUT = 10.0  # seconds for one answer
PATIENCE = 15.0  # seconds after which nothing is tried again: API Gateway waits for 30
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
RETRYABLE_REASONS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class ServiceError(Exception):
    """DynamoDB's refusal: `code`, `message`, and, of a transaction, `reasons` by write."""

    def __init__(self, code: str, message: str, answer: dict[str, Any]):
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message
        self.reasons: list[dict[str, Any]] = answer.get("CancellationReasons") or []
        self.item: dict[str, Any] | None = answer.get("Item")
        self.uncertain = False  # an earlier attempt was cut off and may have been applied

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed a moment later."""
        failed = {reason.get("Code") for reason in self.reasons} - {None, "None"}
        if self.code == "TransactionCanceledException":
            return bool(failed) and failed <= RETRYABLE_REASONS
        return self.code in RETRYABLE


class UnknownOutcome(OperationalError):
    """The connection broke after a write was sent: it may have been applied, or not."""


class Credentials(NamedTuple):
    access_key: str
    secret_key: str
    token: str | None


def find_credentials() -> Callable[[], Credentials]:
    """From the environment (Lambda's way), else wherever botocore finds them."""
    if "AWS_ACCESS_KEY_ID" in os.environ and "AWS_SECRET_ACCESS_KEY" in os.environ:
        fixed = Credentials(
            os.environ["AWS_ACCESS_KEY_ID"],
            os.environ["AWS_SECRET_ACCESS_KEY"],
            os.environ.get("AWS_SESSION_TOKEN"),
        )
        return lambda: fixed
    from botocore.session import get_session

    found = get_session().get_credentials()
    if found is None:
        raise OperationalError(
            "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or "
            "a role; or start the local AWS with `make run`."
        )

    def current() -> Credentials:
        frozen = found.get_frozen_credentials()  # renewed by botocore where they expire
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    return current


class Signer:
    """AWS Signature Version 4 of one service's JSON requests."""

    def __init__(self, region: str, host: str, credentials: Callable[[], Credentials]):
        self.region, self.host, self.credentials = region, host, credentials
        self.derived: tuple[tuple[str, str], bytes] = (("", ""), b"")

    def headers(self, operation: str, body: bytes, now: float) -> dict[str, str]:
        """The request's headers with its signature; `now` in epoch seconds."""
        access_key, secret_key, token = self.credentials()
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "host": self.host,
            "x-amz-date": stamp,
        }
        if token:
            headers["x-amz-security-token"] = token
        headers["x-amz-target"] = f"DynamoDB_20120810.{operation}"
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{stamp[:8]}/{self.region}/dynamodb/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        signature = hmac.digest(
            self.key(stamp[:8], secret_key),
            f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}".encode(),
            "sha256",
        ).hex()
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        return headers

    def key(self, day: str, secret_key: str) -> bytes:
        """The day's signing key, derived once."""
        known, key = self.derived
        if known != (day, secret_key):
            key = f"AWS4{secret_key}".encode()
            for part in (day, self.region, "dynamodb", "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self.derived = (day, secret_key), key
        return key


Params = dict[str, Any]


class Client:
    """`call(operation, params)` with DynamoDB's own names and JSON, in and out."""

    def __init__(self, *, region: str, endpoint: str):
        self.region, self.endpoint = region, endpoint
        self.pool = Pool(endpoint, TIMEOUT)
        self.signer = Signer(region, urlsplit(endpoint).netloc, find_credentials())

    def call(self, operation: str, params: Params, *, repeatable: bool = True) -> dict[str, Any]:
        """One request and its answer, retried where a moment later it may succeed.

        `repeatable` False: the write must not be sent again once it may have been
        applied; a broken connection then raises UnknownOutcome.
        Raises ServiceError for a refusal, OperationalError where nobody answers.
        """
        if calls.recording() and measured(operation):
            params = {**params, "ReturnConsumedCapacity": "TOTAL"}
        return self.attempt(operation, params, repeatable)

    def attempt(self, operation: str, params: Params, repeatable: bool) -> dict[str, Any]:
        """The call with its retries, each of them noted."""
        request = self.prepare(params)
        cut, deadline = False, time.monotonic() + PATIENCE
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with calls.noting(operation, params) as noted:
                    noted.answer = self.send(operation, request, repeatable)
                return noted.answer
            except ServiceError as error:
                if error.code in UNCERTAIN and not repeatable:
                    raise UnknownOutcome(f"{operation} failed half-way: {error}") from error
                if last(attempt, deadline) or not error.retryable:
                    error.uncertain = cut
                    raise
                cut = cut or error.code in UNCERTAIN
                logger.info("%s is sent again: %s", operation, error)
            except OSError as error:
                cut = True
                if last(attempt, deadline):
                    raise OperationalError(
                        f"DynamoDB does not answer at {self.endpoint}: {error}"
                    ) from error
            time.sleep(delay(attempt))
        raise AssertionError("unreachable")

    def prepare(self, params: Params) -> Any:
        """What each attempt sends."""
        return orjson.dumps(params)

    def send(self, operation: str, body: Any, repeatable: bool) -> dict[str, Any]:
        """One attempt. Raises ServiceError for a refusal; OSError where another may be made."""
        connection = None
        try:
            connection = self.pool.take()
            status, content = connection.post(
                self.signer.headers(operation, body, time.time()), body
            )
        except OSError as error:
            if connection is not None:
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


def last(attempt: int, deadline: float) -> bool:
    """Whether an attempt that failed was the last one."""
    return attempt >= ATTEMPTS or time.monotonic() >= deadline


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
    return ServiceError(code, message, answer)


def measured(operation: str) -> bool:
    """Whether the operation can say what it consumed."""
    return operation.endswith(("Item", "Items", "Query", "Scan"))


def endpoint_of(region: str) -> str:
    """The environment's endpoint, else the region's own."""
    for name in ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://dynamodb.{region}.{suffix}"


@cache
def client_for(region: str, endpoint: str, kind: str = "native") -> Client:
    """One client, with its connections, for all threads of the process."""
    if kind == "boto3":
        from dynamodb.boto import BotoClient

        return BotoClient(region=region, endpoint=endpoint)
    return Client(region=region, endpoint=endpoint)
