"""What subscribes to what happens in the catalogue."""

from catalog.events import CategoriesChanged, StockMoved, SwatchChanged
from catalog.services.availability import count_again
from catalog.services.republishing import republish_found, republish_page
from outbox.events import Delivery


def count_stock(delivery: Delivery[StockMoved]) -> None:
    """Have lists say what is left of some SKUs."""
    count_again(delivery=delivery, skus=delivery.event.skus)


def republish_categories(delivery: Delivery[CategoriesChanged]) -> None:
    """Publish a page of the products of changed categories again."""
    event = delivery.event
    republish_page(delivery=delivery, category_ids=event.categories, after=event.after)


def republish_swatch(delivery: Delivery[SwatchChanged]) -> None:
    """Publish a page of the products of a changed colour again."""
    event = delivery.event
    republish_found(delivery=delivery, words=event.words, after=event.after)
