"""Mail through SES that gives up in time."""

from typing import Any

from botocore.config import Config
from django_ses import SESBackend

# Two tries end well before the claim on a mail does (`orders.saga.MAIL_LEASE`).
PATIENCE = {"connect_timeout": 3, "read_timeout": 10, "retries": {"total_max_attempts": 2}}


class PromptSESBackend(SESBackend):
    """django-ses with short timeouts. Imported with the first mail, for botocore is slow to."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"aws_config": Config(**PATIENCE), **kwargs})
