"""What the schedule calls."""

from typing import Any

from django.utils import timezone

from outbox.services import sweep_messages


def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Send the stored messages that are due; answers `{"sent": <how many>}`."""
    return {"sent": sweep_messages(now=timezone.now())}
