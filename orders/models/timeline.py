"""What people did to an order."""

from django.db import models


class OrderEntry(models.Model):
    """A line of an order's timeline that its states do not tell; never changed."""

    pk = models.CompositePrimaryKey("order", "number")
    order = models.CharField(max_length=14, help_text="The order's number")
    number = models.PositiveIntegerField(help_text="Of the order's entries: 1, 2, ...")
    what = models.CharField(max_length=40, help_text="shipped, delivered, cancelled, note")
    data = models.JSONField(default=dict)
    by = models.CharField(max_length=150, blank=True, help_text="The person's user name")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "order entries"

    def __str__(self) -> str:
        return f"{self.order} {self.what}"
