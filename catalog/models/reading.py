"""What customers read: copies of the catalogue in the shape that a page needs.

Written by `services.publish_product` in the transaction that changes the product.
"""

from django.db import models

ALL, CATEGORY = "all", "category:"


def shelf_of(category_slug: str) -> str:
    """The shelf that lists a category and everything below it.

    Named by slug, not by id, so that `?category=<slug>` needs no lookup; renaming a
    category's slug lists its products anew.
    """
    return f"{CATEGORY}{category_slug}"


def category_of(shelf: str) -> str | None:
    """The slug of the category whose shelf it is."""
    return shelf.removeprefix(CATEGORY) if shelf.startswith(CATEGORY) else None


class Listing(models.Model):
    """A product on a shelf: one Query gives a page of cards, newest first."""

    pk = models.CompositePrimaryKey("shelf", "position")
    shelf = models.CharField(max_length=90)
    position = models.BigIntegerField(help_text="The product's id: these ascend with time.")
    product_id = models.BigIntegerField()
    card = models.JSONField()


class ProductPage(models.Model):
    """All that a product's page shows, but its stock: one read by slug."""

    slug = models.CharField(max_length=100, primary_key=True)
    product_id = models.BigIntegerField()
    document = models.JSONField()
