"""Who is told of what. A new subscriber is a line here, and a function that takes a Delivery.

docs/events.md says what the events are, and what a subscriber must bear.
"""

from catalog.events import CategoriesChanged, StockMoved, SwatchChanged
from orders.events import HeldOrderCancelled, OrderPlaced
from outbox.subscriptions import Subscription

SUBSCRIPTIONS = (
    Subscription(
        "orders.process",
        "orders.consumers.process_order",
        "orders",
        (OrderPlaced, HeldOrderCancelled),
        before_events="order",
    ),
    Subscription(
        "catalog.availability",
        "catalog.consumers.count_stock",
        "catalog",
        (StockMoved,),
        before_events="skus",
    ),
    Subscription(
        "catalog.categories",
        "catalog.consumers.republish_categories",
        "catalog",
        (CategoriesChanged,),
        before_events="categories",
    ),
    Subscription(
        "catalog.swatches",
        "catalog.consumers.republish_swatch",
        "catalog",
        (SwatchChanged,),
        before_events="words",
    ),
)
