"""Mail through SES that gives up in time."""

from typing import Any, ClassVar

from botocore.config import Config
from django_ses import SESBackend

# Two tries end well before the claim on a mail does (`orders.saga.MAIL_LEASE`).
PATIENCE = {"connect_timeout": 3, "read_timeout": 10, "retries": {"total_max_attempts": 2}}


class PromptSESBackend(SESBackend):
    """django-ses with short timeouts, and one client for all mails of a process.

    Making a client took two thirds of an order's CPU. Imported with the first mail, for
    botocore is slow to.
    """

    client: ClassVar[Any] = None
    connection: Any

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"aws_config": Config(**PATIENCE), **kwargs})

    def open(self) -> bool:
        """Whether the caller has to close it: never."""
        if PromptSESBackend.client is None:
            super().open()
            PromptSESBackend.client = self.connection
        self.connection = PromptSESBackend.client
        return False
