"""Other services of AWS that speak JSON, as DynamoDB does: a secret, a queue. boto3 takes a
tenth of a second to import, which a process that starts for a request does not have.
"""

import time
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.db.utils import OperationalError

from dynamodb.client import ServiceError, delay, refusal
from dynamodb.signing import Service, Signer, endpoint_of, find_credentials
from dynamodb.wire import BrokenAnswer, Pool


class Api:
    """`call(operation, params)` with the service's own names and JSON, in and out."""

    def __init__(self, service: Service, *, region: str, timeout: float, attempts: int):
        """`timeout` in seconds, of one attempt."""
        self.service, self.attempts = service, attempts
        self.endpoint = endpoint_of(region, service)
        self.pool = Pool(self.endpoint, timeout)
        host = urlsplit(self.endpoint).netloc
        self.signer = Signer(region, host, find_credentials(), service)

    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """One request that may be repeated, and its answer.

        Raises ServiceError for a refusal, OperationalError where nobody answers.
        """
        body = orjson.dumps(params)
        for attempt in range(1, self.attempts):
            try:
                return self.send(operation, body)
            except ServiceError as error:
                if not passing(error):
                    raise
            except OSError:
                pass
            time.sleep(delay(attempt))
        try:
            return self.send(operation, body)
        except OSError as error:
            raise OperationalError(
                f"{self.service.name} does not answer at {self.endpoint}: {error}"
            ) from error

    def send(self, operation: str, body: bytes) -> dict[str, Any]:
        connection = self.pool.take()
        try:
            answer = connection.post(self.signer.headers(operation, body, time.time()), body)
        except OSError:
            connection.close()
            raise
        self.pool.give_back(connection)
        if answer.status != 200:
            raise refusal(answer.status, answer.content)
        try:
            content: dict[str, Any] = orjson.loads(answer.content)
        except orjson.JSONDecodeError as error:
            raise BrokenAnswer(f"not JSON: {answer.content[:40]!r}") from error
        return content


def passing(error: ServiceError) -> bool:
    """Whether it may be over in a moment; other services have other names for it."""
    return error.retryable or error.status >= 500 or "Throttled" in error.code
