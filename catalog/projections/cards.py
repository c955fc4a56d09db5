"""Products as lists show them, for whoever has just saved one."""

from collections.abc import Iterable

from catalog.models import Product, ProductContents, Publication
from catalog.projections.documents import Document
from catalog.projections.projecting import card_for, is_current
from catalog.projections.snapshots import take_snapshot
from dynamodb.reads import get_many


def read_cards(products: Iterable[Product]) -> dict[int, Document]:
    """The cards of these products, also of drafts, by their ids: one BatchGetItem.

    Where the projection is behind its product, the card is made of the rows.
    """
    every = {product.pk: product for product in products}
    published = get_many({Publication: every})[Publication]
    cards = {key: each.card for key, each in published.items()}
    behind = [
        product
        for key, product in every.items()
        if key not in published or not is_current(published[key], product)
    ]
    contents = get_many({ProductContents: [each.pk for each in behind]})[ProductContents]
    for product in behind:
        if product.pk in contents:
            cards[product.pk] = card_for(take_snapshot(product, contents[product.pk]))
    return cards
