"""What subscribes to what happens in the catalogue."""

from catalog.events import (
    CategoriesChanged,
    ProductChanged,
    ProjectionsOutdated,
    StockMoved,
    SwatchChanged,
)
from catalog.services.availability import count_again
from catalog.services.categories import settle_below
from catalog.services.publishing import take_change
from catalog.services.republishing import project_page, republish_found, republish_page
from outbox.events import Delivery


def project(delivery: Delivery[ProductChanged]) -> None:
    """Finish a product's save, where that is left, and have customers see it."""
    take_change(delivery=delivery, product_id=delivery.event.product)


def count_stock(delivery: Delivery[StockMoved]) -> None:
    """Have lists say what is left of some SKUs."""
    count_again(delivery=delivery, skus=delivery.event.skus)


def republish_categories(delivery: Delivery[CategoriesChanged]) -> None:
    """Publish a page of the products of changed categories again; before the first page of one,
    have what lies below it follow."""
    event = delivery.event
    if not event.after:
        settle_below(category_id=event.categories[0])
    republish_page(delivery=delivery, category_ids=event.categories, after=event.after)


def republish_swatch(delivery: Delivery[SwatchChanged]) -> None:
    """Publish a page of the products of a changed colour again."""
    event = delivery.event
    republish_found(delivery=delivery, words=event.words, after=event.after)


def rebuild(delivery: Delivery[ProjectionsOutdated]) -> None:
    """Bring a page of all products up to the format of this code."""
    project_page(delivery=delivery, after=delivery.event.after)
