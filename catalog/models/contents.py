"""What a product consists of, and rows that are on their way into it."""

from django.db import models


class ProductContents(models.Model):
    """The keys of a product's rows, by its id: an index of them would lag, this does not.

    Written by `services.publish_product`, where it differs, in the transaction of the rows.
    """

    product_id = models.BigIntegerField(primary_key=True)
    category_id = models.BigIntegerField()
    skus = models.JSONField(default=list)
    images = models.JSONField(default=list)

    class Meta:
        default_permissions = ()  # nobody's to look at, or to change


class StagedRows(models.Model):
    """A part of a save that is larger than a transaction: stored with it, applied after it.

    `rows` is what `services.staging` writes of variants, stock and pictures. It goes in the
    transaction that applies it.
    """

    pk = models.CompositePrimaryKey("product_id", "number")
    product_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    rows = models.JSONField()

    class Meta:
        default_permissions = ()
