"""Who asks AWS, and the proof of it: Signature Version 4."""

import hashlib
import hmac
import os
import time
from collections.abc import Callable
from typing import NamedTuple

from django.db.utils import OperationalError


class Service(NamedTuple):
    """A service of AWS: its name in signatures, its name in variables
    (`AWS_ENDPOINT_URL_<variable>`), what its operations begin with and its version of JSON; of one
    that takes forms, both are empty. `host`: its name in addresses, where that is another."""

    name: str
    variable: str
    target: str
    version: str
    host: str = ""

    @property
    def content_type(self) -> str:
        if self.version:
            return f"application/x-amz-json-{self.version}"
        return "application/x-www-form-urlencoded; charset=utf-8"


DYNAMODB = Service("dynamodb", "DYNAMODB", "DynamoDB_20120810", "1.0")


def endpoint_of(region: str, service: Service = DYNAMODB) -> str:
    """The environment's endpoint, else the region's own."""
    for name in (f"AWS_ENDPOINT_URL_{service.variable}", "AWS_ENDPOINT_URL"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{service.host or service.name}.{region}.{suffix}"


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
    from botocore.exceptions import BotoCoreError
    from botocore.session import get_session

    found = get_session().get_credentials()
    if found is None:
        raise OperationalError(
            "No AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or "
            "a role; for a local DynamoDB any values, and its address in AWS_ENDPOINT_URL_DYNAMODB."
        )

    def current() -> Credentials:
        try:
            frozen = found.get_frozen_credentials()  # renewed by botocore where they expire
        except BotoCoreError as error:
            raise OperationalError(f"The AWS credentials cannot be renewed: {error}") from error
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    return current


class Signer:
    """AWS Signature Version 4 of one service's requests."""

    def __init__(
        self,
        region: str,
        host: str,
        credentials: Callable[[], Credentials],
        service: Service = DYNAMODB,
    ):
        self.region, self.host, self.credentials = region, host, credentials
        self.service = service
        self.derived: tuple[tuple[str, str], bytes] = (("", ""), b"")

    def headers(self, operation: str, body: bytes, now: float) -> dict[str, str]:
        """The request's headers with its signature; `now` in epoch seconds."""
        access_key, secret_key, token = self.credentials()
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        headers = {
            "content-type": self.service.content_type,
            "host": self.host,
            "x-amz-date": stamp,
        }
        if token:
            headers["x-amz-security-token"] = token
        if self.service.target:
            headers["x-amz-target"] = f"{self.service.target}.{operation}"
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{stamp[:8]}/{self.region}/{self.service.name}/aws4_request"
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
            for part in (day, self.region, self.service.name, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self.derived = (day, secret_key), key
        return key
