"""Other services of AWS that speak JSON, as DynamoDB does: a secret, a queue. boto3 takes a
tenth of a second to import, which a process that starts for a request does not have.
"""

import time
from typing import Any

from django.db.utils import OperationalError

from dynamodb.client.refusals import ServiceError
from dynamodb.client.retries import delay
from dynamodb.client.sender import Sender
from dynamodb.client.signing import Service, endpoint_of


class Api(Sender):
    """`call(operation, params)` with the service's own names and JSON, in and out."""

    def __init__(
        self,
        service: Service,
        *,
        region: str,
        timeout: float,
        attempts: int,
        endpoint: str | None = None,
    ):
        """`timeout` in seconds, of one attempt. `endpoint`: another than the environment's."""
        super().__init__(
            service,
            region=region,
            endpoint=endpoint or endpoint_of(region, service),
            timeout=timeout,
        )
        self.attempts = attempts

    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """One request that may be repeated, and its answer.

        Raises ServiceError for a refusal, OperationalError where nobody answers.
        """
        body = self.prepare(params)
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


def passing(error: ServiceError) -> bool:
    """Whether it may be over in a moment; other services have other names for it."""
    return error.retryable or error.status >= 500 or "Throttl" in error.code
