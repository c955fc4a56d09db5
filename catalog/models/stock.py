"""How many there are: a small item apart from the variant, because it is written most."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Variant


class Stock(models.Model):
    """Of one SKU: `available` can be sold, `reserved` is promised to orders.

    Changed by `services.stock` alone, never through `save()`: each change is one
    conditional update, so that neither number is ever below zero.
    """

    variant = models.OneToOneField(
        Variant, models.CASCADE, primary_key=True, related_name="stock", db_column="sku"
    )
    available = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0, editable=False)
    counted_at = models.DateTimeField(
        null=True, editable=False, help_text="When a person last set it; sales leave it."
    )

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")

    def __str__(self) -> str:
        return f"{self.pk}: {self.available}"
