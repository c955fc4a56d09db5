"""What customers read: copies of the catalogue in the shape that a page needs.

Written by `catalog.projections` alone, from the rows that managers edit.
"""

from typing import Any

from django.db import models

ALL, CATEGORY = "all", "category:"
#: The partition of the index that has all publications.
CATALOGUE = "main"


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


class PagePart(models.Model):
    """Variants that the page has no room for: part 2 has the second hundred, and so on."""

    pk = models.CompositePrimaryKey("slug", "number")
    slug = models.CharField(max_length=100)
    number = models.PositiveSmallIntegerField()
    product_id = models.BigIntegerField()
    document = models.JSONField()

    class Meta:
        default_permissions = ()


class Publication(models.Model):
    """What is published of a product, by its id: the projections' own note.

    `version` is the product's that all of it shows, `format` that of the documents. `card` is what
    lists show, also of a product that is on no shelf: the admin shows it. `slug` is empty for one
    without a page; `digests` are of its page and the parts of that. `counted` rises with each
    change of what is said of the stock.
    """

    product_id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)
    format = models.PositiveSmallIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    slug = models.CharField(max_length=100, blank=True)
    #: The slug under which parts were written ahead of their page; empty when that is done.
    ahead = models.CharField(max_length=100, blank=True)
    shelves = models.JSONField(default=list)
    digests = models.JSONField(default=list)
    card = models.JSONField(default=dict)
    catalogue = models.CharField(max_length=8, default=CATALOGUE)
    search_text = models.TextField(default="", help_text="What managers find it by")

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(
                fields=["catalogue", "product_id"], include=["search_text"],
                name="publication_search",
            ),
        )  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        """Where customers find it."""
        return {"slug": self.slug or None, "shelves": self.shelves}
