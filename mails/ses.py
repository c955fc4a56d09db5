"""SES's client as django-ses uses it, by the requests that the engine signs: boto3's takes a
third of an order's CPU.

It has the two operations that django-ses asks of SES's first API, with boto3's names, answers and
errors. https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
"""

import base64
import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import ClientError, EndpointConnectionError
from django.db import OperationalError

from dynamodb.client.refusals import ServiceError
from dynamodb.client.services import Api
from dynamodb.client.signing import Service

SES = Service("ses", "SES", "", "", host="email")
VERSION = "2010-12-01"  # of the API
TIMEOUT = 3.0  # seconds of one try, for the connection, and again for the answer
TRIES = 2
#: What an answer is known by. One without, such as a proxy's page, is none: then nobody knows
#: whether the mail was taken, and it counts as refused.
TOLD = {"SendRawEmail": "MessageId", "GetSendQuota": "MaxSendRate"}
LEAF = re.compile(r"<(\w+)>([^<]*)</\1>")  # SES's answers have each but once

Answer = dict[str, Any]


class SESClient(Api):
    """`send_raw_email` and `get_send_quota`, as `boto3.client("ses")` has them."""

    def __init__(self, *, region: str, endpoint: str | None = None):
        super().__init__(SES, region=region, endpoint=endpoint, timeout=TIMEOUT, attempts=TRIES)

    def send_raw_email(
        self,
        *,
        Source: str,
        Destinations: Iterable[str],
        RawMessage: dict[str, bytes],
        **arns: str,
    ) -> Answer:
        """Raises ClientError for a refusal, EndpointConnectionError where nobody answers."""
        data = base64.b64encode(RawMessage["Data"]).decode()
        members = {f"Destinations.member.{n}": each for n, each in enumerate(Destinations, 1)}
        params = {"Source": Source, **members, "RawMessage.Data": data, **arns}
        answer = self.ask("SendRawEmail", params)
        metadata = {"RequestId": answer.get("RequestId", ""), "HTTPStatusCode": 200}
        return {"MessageId": answer["MessageId"], "ResponseMetadata": metadata}

    def get_send_quota(self) -> Answer:
        return {"MaxSendRate": float(self.ask("GetSendQuota", {})["MaxSendRate"])}

    def ask(self, operation: str, params: dict[str, str]) -> dict[str, str]:
        """What the answer says, by its elements; with boto3's errors."""
        try:
            return self.call(operation, {"Action": operation, "Version": VERSION, **params})
        except ServiceError as error:
            said = {"Code": error.code, "Message": error.message}
            metadata = {"HTTPStatusCode": error.status}
            response: Any = {"Error": said, "ResponseMetadata": metadata}
            raise ClientError(response, operation) from error
        except OperationalError as error:
            raise EndpointConnectionError(endpoint_url=self.endpoint) from error

    def prepare(self, params: dict[str, Any]) -> bytes:
        return urlencode(params).encode()

    def send(self, operation: str, body: bytes, repeatable: bool = True) -> dict[str, Any]:
        status, content = self.exchange(operation, body, repeatable)
        elements = LEAF.findall(content.decode(errors="replace"))
        answer = {name: unescape(text) for name, text in elements}
        if status == 200 and answer.get(TOLD[operation]):
            return answer
        raise ServiceError(answer.get("Code") or str(status), answer.get("Message", ""), {}, status)
