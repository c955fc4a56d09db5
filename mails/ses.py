"""SES's client as django-ses uses it, by the requests that the engine signs: boto3's takes a
third of an order's CPU.

It has the two operations that django-ses asks of SES's first API, with boto3's names, answers and
errors. https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
"""

import base64
import re
import time
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import ClientError, EndpointConnectionError

from dynamodb.client.retries import delay
from dynamodb.client.sender import Sender
from dynamodb.client.signing import Service, endpoint_of

SES = Service("ses", "SES", "", "", host="email")
VERSION = "2010-12-01"  # of the API
TIMEOUT = 3.5  # seconds of one try, for the connection, and again for the answer
TRIES = 2
LONGEST_PAUSE = 1.0  # second between them
PASSING = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "ServiceUnavailable"}

Answer = dict[str, Any]


class SESClient(Sender):
    """`send_raw_email` and `get_send_quota`, as `boto3.client("ses")` has them."""

    def __init__(self, *, region: str, endpoint: str | None = None):
        super().__init__(
            SES, region=region, endpoint=endpoint or endpoint_of(region, SES), timeout=TIMEOUT
        )

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
        answer = self.call("SendRawEmail", params, tells="MessageId")
        metadata = {"RequestId": found("RequestId", answer), "HTTPStatusCode": 200}
        return {"MessageId": found("MessageId", answer), "ResponseMetadata": metadata}

    def get_send_quota(self) -> Answer:
        answer = self.call("GetSendQuota", {}, tells="MaxSendRate")
        return {"MaxSendRate": float(found("MaxSendRate", answer))}

    def call(self, operation: str, params: dict[str, str], *, tells: str) -> str:
        """The answer's XML. One without what it `tells`, such as a proxy's page, is none: then
        nobody knows whether the mail was taken, and it counts as refused."""
        body = urlencode({"Action": operation, "Version": VERSION, **params}).encode()
        for left in reversed(range(TRIES)):
            try:
                status, content = self.exchange(operation, body)
            except OSError as error:
                if not left:
                    raise EndpointConnectionError(endpoint_url=self.endpoint) from error
            else:
                text = content.decode(errors="replace")
                if status == 200 and found(tells, text):
                    return text
                refused = refusal(operation, status, text)
                if not left or not passes(refused):
                    raise refused
            time.sleep(min(delay(TRIES), LONGEST_PAUSE))
        raise AssertionError("unreachable")


def found(name: str, answer: str) -> str:
    """What an answer has under a name. SES's answers have each but once, and nothing in them."""
    match = re.search(rf"<{name}>([^<]*)</{name}>", answer)
    return unescape(match[1]) if match else ""


def refusal(operation: str, status: int, answer: str) -> ClientError:
    error = {"Code": found("Code", answer) or str(status), "Message": found("Message", answer)}
    metadata = {"RequestId": found("RequestId", answer), "HTTPStatusCode": status}
    return ClientError({"Error": error, "ResponseMetadata": metadata}, operation)


def passes(refused: ClientError) -> bool:
    """Whether it may be over in a moment."""
    status = refused.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= 500 or refused.response["Error"]["Code"] in PASSING
