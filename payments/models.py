"""What the built-in test gateway remembers."""

from django.db import models

from pricing.fields import AmountField


class TestCharge(models.Model):
    """A charge that was asked for, by its reference: the same one is never made twice."""

    __test__ = False  # not a test, whatever pytest reads in the name

    class Status(models.TextChoices):
        CHARGED = "charged"
        DECLINED = "declined"

    reference = models.CharField(max_length=64, primary_key=True)
    amount = AmountField(max_digits=19)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=16, choices=Status.choices)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"
