"""The same calls through boto3, for those who want its retries, hooks and metrics.

Chosen by OPTIONS["client"] = "boto3". Costs several times the CPU of our own client.
"""

from __future__ import annotations

import base64
import re
import time
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.db.utils import OperationalError

from dynamodb import calls
from dynamodb.client import (
    ATTEMPTS,
    TIMEOUT,
    UNCERTAIN,
    Client,
    Params,
    ServiceError,
    UnknownOutcome,
    delay,
)

CONFLICTS = {"TransactionCanceledException", "TransactionConflictException"}
BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")


class BotoClient(Client):
    """Retries and connections are botocore's; binary values are turned both ways."""

    def __init__(self, *, region: str, endpoint: str):
        self.region, self.endpoint = region, endpoint
        self.repeating = make_client(region, endpoint, ATTEMPTS)
        self.single = make_client(region, endpoint, 1)

    def attempt(self, operation: str, params: Params, repeatable: bool) -> dict[str, Any]:
        """botocore repeats what is throttled or cut off; conflicts of transactions we do."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self.once(operation, params, repeatable)
            except ServiceError as error:
                if error.code not in CONFLICTS or not error.retryable:
                    raise
            time.sleep(delay(attempt))
        return self.once(operation, params, repeatable)

    def once(self, operation: str, params: Params, repeatable: bool) -> dict[str, Any]:
        client = self.repeating if repeatable else self.single
        method = getattr(client, BOUNDARY.sub("_", operation).lower())
        try:
            with calls.noting(operation, params) as noted:
                noted.answer = to_text(method(**to_bytes(params)))
        except ClientError as error:
            refused = refusal(error)
            if refused.code in UNCERTAIN and not repeatable:
                raise UnknownOutcome(f"{operation} failed half-way: {error}") from error
            raise refused from error
        except BotoCoreError as error:
            if not repeatable:
                raise UnknownOutcome(f"{operation} was cut off: {error}") from error
            raise OperationalError(
                f"DynamoDB does not answer at {self.endpoint}: {error}"
            ) from error
        return noted.answer


def make_client(region: str, endpoint: str, attempts: int) -> Any:
    config = Config(
        connect_timeout=TIMEOUT,
        read_timeout=TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": attempts},
        parameter_validation=False,
    )
    return boto3.client("dynamodb", region_name=region, endpoint_url=endpoint, config=config)


def refusal(error: ClientError) -> ServiceError:
    answer: dict[str, Any] = to_text(dict(error.response))
    found = answer.get("Error", {})
    refused = ServiceError(found.get("Code", "UnknownError"), found.get("Message", ""), answer)
    refused.uncertain = answer.get("ResponseMetadata", {}).get("RetryAttempts", 0) > 0
    return refused


def to_bytes(value: Any) -> Any:
    """Attribute values as botocore takes them: binary as bytes."""
    if isinstance(value, dict):
        if value.keys() == {"B"} and isinstance(value["B"], str):
            return {"B": base64.b64decode(value["B"])}
        return {key: to_bytes(each) for key, each in value.items()}
    return [to_bytes(each) for each in value] if isinstance(value, list) else value


def to_text(value: Any) -> Any:
    """Attribute values as the engine keeps them: binary as base64."""
    if isinstance(value, dict):
        return {key: to_text(each) for key, each in value.items()}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [to_text(each) for each in value] if isinstance(value, list) else value
