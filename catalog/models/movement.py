"""What moved stock: a document for each step of an order, or of whoever else moves it."""

from django.db import models


class StockMovement(models.Model):
    """Pieces of several SKUs that moved together, in the transaction that moved them.

    `lines` is {sku: quantity}. Never changed: what is undone is another movement.
    """

    class Kind(models.TextChoices):
        ALLOCATION = "allocation"  # available -> reserved
        RELEASE = "release"  # reserved -> available
        SALE = "sale"  # reserved -> gone with a parcel
        RETURN = "return"  # back, and available

    pk = models.CompositePrimaryKey("document", "number")
    document = models.CharField(max_length=40, help_text="Such as an order's number")
    number = models.PositiveSmallIntegerField(help_text="Of the document's movements, in order")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    lines = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document} {self.kind}"
