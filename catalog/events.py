"""What happens in the catalogue, for subscribers."""

from typing import ClassVar

from outbox.events import Event, event

LONGEST_KEY = 100  # characters
WHOLE = "catalogue"  # one group: a change of many products waits behind those of single ones


@event
class StockMoved(Event):
    """So much was taken or came back that lists may have to say otherwise."""

    type: ClassVar[str] = "stock.moved"
    skus: list[str]

    @property
    def key(self) -> str:
        return self.skus[0]


@event
class ProductChanged(Event):
    """A product was saved, or deleted."""

    type: ClassVar[str] = "product.changed"
    product: int

    @property
    def key(self) -> str:
        return str(self.product)


@event
class CategoriesChanged(Event):
    """Names or places of categories, by their ids; of the first, products up to the id `after`
    show it already."""

    type: ClassVar[str] = "categories.changed"
    categories: list[int]
    after: int = 0

    @property
    def key(self) -> str:
        return str(self.categories[0])

    @property
    def group(self) -> str:
        return WHOLE


@event
class SwatchChanged(Event):
    """The colour of an option's value, which the search finds by `words`; products up to the id
    `after` show it already."""

    type: ClassVar[str] = "swatch.changed"
    words: list[str]
    after: int = 0

    @property
    def key(self) -> str:
        return " ".join(self.words)[:LONGEST_KEY]

    @property
    def group(self) -> str:
        return WHOLE


@event
class ProjectionsOutdated(Event):
    """What customers read is of another format, but for products up to the id `after`."""

    type: ClassVar[str] = "projections.outdated"
    after: int = 0

    @property
    def key(self) -> str:
        return "all"

    @property
    def group(self) -> str:
        return WHOLE
