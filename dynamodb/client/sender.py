"""Requests to a service of AWS: signed, sent by kept connections, one attempt."""

import time
from typing import Any
from urllib.parse import urlsplit

import orjson

from dynamodb.client.refusals import UnknownOutcome, refusal
from dynamodb.client.signing import Service, Signer, find_credentials
from dynamodb.client.wire import BrokenAnswer, Pool, close_all

Params = dict[str, Any]


class Sender:
    """Requests to one service of AWS, in JSON unless somebody says otherwise; what is tried again,
    others decide."""

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
        status, content = self.exchange(operation, body, repeatable)
        if status == 200:
            try:
                answer: dict[str, Any] = orjson.loads(content)
            except orjson.JSONDecodeError as error:
                if not repeatable:
                    raise UnknownOutcome(f"{operation} was not answered in JSON") from error
                raise BrokenAnswer(f"not JSON: {content[:40]!r}") from error
            return answer
        raise refusal(status, content)

    def exchange(self, operation: str, body: Any, repeatable: bool = True) -> tuple[int, bytes]:
        """The answer's status and body, whatever they are. Raises OSError, UnknownOutcome."""
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
        return status, content

    def close(self) -> None:
        """Close the connections that are idle; the next call makes one anew."""
        close_all(self.pool.idle)
