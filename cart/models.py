"""A cart is one item: one read to show it, one write to change it."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from dynamodb.fields import TTLField

KEPT = timedelta(days=7)  # since the last change


class Cart(models.Model):
    """The cart of a guest or of a user; `cart.keys` makes the key.

    `lines` is {sku: {"quantity": 2, "price": "12.00", "currency": "EUR", "added_at": "<ISO
    8601>"}}, where price is the one that the customer saw when the line was made. It is there to
    report a change; what is charged comes from the variant and its prices.

    `checkouts` and `declines` are [window, how many]: see `cart.limits`.
    """

    key = models.CharField(max_length=80, primary_key=True)
    lines = models.JSONField(default=dict)
    checkouts = models.JSONField(null=True, help_text="Orders from it, for limits on abuse")
    declines = models.JSONField(null=True, help_text="Declined payments of those, likewise")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = TTLField()

    def __str__(self) -> str:
        return self.key

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at <= now

    def save_changes(self) -> None:
        """One write: a new cart is inserted, a known one updated. Its week starts again."""
        self.updated_at = timezone.now()
        self.expires_at = self.updated_at + KEPT
        self.save(force_insert=self._state.adding, force_update=not self._state.adding)
