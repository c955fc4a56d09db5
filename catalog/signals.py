"""What the catalogue tells the apps above it, once it is committed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from catalog.models.reading import category_of

#: Customers read something else of a product than before. `slugs` are those that it has and
#: had, `categories` the slugs of those whose lists show it, or did.
published = Signal()
#: The tree of categories is another, and with it the navigation of every page.
tree_changed = Signal()


def tell_tree_changed() -> None:
    """Send it when the transaction is committed."""
    transaction.on_commit(partial(tree_changed.send_robust, sender=None))


def tell_published(*versions: Mapping[str, Any]) -> None:
    """Send it when the transaction is committed. `versions`: the product's `published`, before
    and after. What a receiver raises is logged: what is saved is saved.
    """
    slugs = {version.get("slug") for version in versions} - {None}
    shelves = {shelf for version in versions for shelf in version.get("shelves", ())}
    categories = {category for shelf in shelves if (category := category_of(shelf))}
    if slugs:
        send = partial(published.send_robust, sender=None, slugs=slugs, categories=categories)
        transaction.on_commit(send)
