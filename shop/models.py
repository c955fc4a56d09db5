"""What the API keeps of its own: the answers given, by idempotency key."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from dynamodb.fields import TTLField

KEPT = timedelta(hours=24)


class IdempotencyKey(models.Model):
    """The answer to a request that carried an `Idempotency-Key`, for a day."""

    key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of caller and key")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    expires_at = TTLField()

    @staticmethod
    def expiry() -> datetime:
        return timezone.now() + KEPT
