"""What leaves the shop for an order, and what comes back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fulfilment(models.Model):
    """A parcel of some pieces of an order. `lines` is {sku: quantity}."""

    class State(models.TextChoices):
        SHIPPED = "shipped", _("Shipped")
        DELIVERED = "delivered", _("Delivered")
        LOST = "lost", _("Lost")  # on its way

    pk = models.CompositePrimaryKey("order", "number")
    order = models.CharField(max_length=14, help_text="The order's number")
    number = models.PositiveSmallIntegerField(help_text="Of the order's parcels: 1, 2, ...")
    state = models.CharField(max_length=12, choices=State.choices, default=State.SHIPPED)
    lines = models.JSONField()
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=80, blank=True, help_text="The carrier's number")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order} parcel {self.number}"


class Return(models.Model):
    """Pieces that a customer sends back: whether they came, and whether they are taken, are two
    questions. `lines` is {sku: quantity}."""

    class Reception(models.TextChoices):
        AWAITED = "awaited"
        RECEIVED = "received"
        MISSING = "missing"  # never came

    class Acceptance(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    pk = models.CompositePrimaryKey("order", "number")
    order = models.CharField(max_length=14, help_text="The order's number")
    number = models.PositiveSmallIntegerField(help_text="Of the order's returns: 1, 2, ...")
    reception = models.CharField(
        max_length=12, choices=Reception.choices, default=Reception.AWAITED
    )
    acceptance = models.CharField(
        max_length=12, choices=Acceptance.choices, default=Acceptance.PENDING
    )
    lines = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order} return {self.number}"
