"""What customers read, made from the rows that managers edit.

A save stores rows, a new version of the product, and one event: nothing that is a copy. Cards on
shelves, the page and its parts, and what variants repeat of their product are made after it, by
whoever saved, and by the event's subscriber should that one die. Each transaction that writes them
holds the product at the version that was read: so no page mixes two versions, and whoever is late
writes nothing.
"""

from catalog.projections.availability import count_availability
from catalog.projections.cards import read_cards
from catalog.projections.projecting import Projected, project_product
from catalog.projections.snapshots import read_rows

__all__ = ["Projected", "count_availability", "project_product", "read_cards", "read_rows"]
