"""What AWS says instead of an answer, and which of it may pass."""

from typing import Any

import orjson
from django.db.utils import OperationalError

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
