"""The same calls through boto3, for those who want its hooks.

Chosen by OPTIONS["client"] = "boto3". Costs several times the CPU of our own client.
"""

from __future__ import annotations

import base64
import re
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    SSLError,
)
from botocore.exceptions import ConnectionError as NotConnected
from botocore.parsers import ResponseParserError
from django.db.utils import OperationalError

from dynamodb.client.client import TIMEOUT, Client
from dynamodb.client.refusals import ServiceError, UnknownOutcome
from dynamodb.client.sender import Params
from dynamodb.client.wire import BrokenAnswer, NotSent
from dynamodb.patience import time_left

ONE_ATTEMPT = Config(
    connect_timeout=TIMEOUT,
    read_timeout=TIMEOUT,
    retries={"mode": "standard", "total_max_attempts": 1},
    parameter_validation=False,
)
LOST = (HTTPClientError, IncompleteReadError, ResponseParserError, SSLError)
BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")


class BotoClient(Client):
    """Signs, sends and reads by boto3; binary values are turned both ways.

    An attempt is botocore's, how often there is one is ours: it would send a write again
    that must not be, and retries no conflict.
    """

    def __init__(self, *, region: str, endpoint: str):
        self.region, self.endpoint = region, endpoint
        self.boto3 = boto3.client(
            "dynamodb", region_name=region, endpoint_url=endpoint, config=ONE_ATTEMPT
        )

    def prepare(self, params: Params) -> Any:
        return to_bytes(params)

    def send(self, operation: str, body: Any, repeatable: bool = True) -> dict[str, Any]:
        if time_left(TIMEOUT) == 0:  # what is sent waits for botocore's own time
            raise NotSent("the deadline has passed")
        method = getattr(self.boto3, BOUNDARY.sub("_", operation).lower())
        try:
            answer: dict[str, Any] = to_text(method(**body))
        except ClientError as error:
            raise refusal(error) from error
        except LOST as error:
            if not repeatable:
                raise UnknownOutcome(f"{operation} was cut off: {error}") from error
            raise BrokenAnswer(str(error)) from error
        except NotConnected as error:
            raise NotSent(str(error)) from error
        except BotoCoreError as error:
            raise OperationalError(f"{operation} cannot be sent: {error}") from error
        return answer

    def close(self) -> None:
        self.boto3.close()


def refusal(error: ClientError) -> ServiceError:
    answer: dict[str, Any] = to_text(dict(error.response))
    found = answer.get("Error", {})
    code = found.get("Code", "UnknownError")
    if code.isdigit():  # no answer of DynamoDB's: its status is all there is
        code = "InternalServerError" if code >= "500" else "UnknownError"
    return ServiceError(code, found.get("Message", ""), answer)


def to_bytes(value: object) -> Any:
    """Attribute values as botocore takes them: binary as bytes."""
    if isinstance(value, dict):
        if value.keys() == {"B"} and isinstance(value["B"], str):
            return {"B": base64.b64decode(value["B"])}
        return {key: to_bytes(each) for key, each in value.items()}
    return [to_bytes(each) for each in value] if isinstance(value, list) else value


def to_text(value: object) -> Any:
    """Attribute values as the engine keeps them: binary as base64."""
    if isinstance(value, dict):
        return {key: to_text(each) for key, each in value.items()}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [to_text(each) for each in value] if isinstance(value, list) else value
