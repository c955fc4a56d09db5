"""Who is told of what. A new subscriber is a line here, and a function that takes a Delivery.

docs/events.md says what the events are, and what a subscriber must bear.
"""

from catalog.events import (
    CategoriesChanged,
    ProductChanged,
    ProjectionsOutdated,
    StockMoved,
    SwatchChanged,
)
from orders.events import (
    HeldOrderCancelled,
    MoneyOwed,
    OrderCancelled,
    OrderConfirmed,
    OrderExpired,
    OrderPlaced,
    OrderShipped,
    PaymentDue,
    StockAwaited,
)
from outbox.subscriptions import Subscription
from payments.events import NotificationReceived, PaymentChanged, RefundRequested

SUBSCRIPTIONS = (
    Subscription(
        "orders.process",
        "orders.consumers.process_order",
        "orders",
        (
            OrderPlaced,
            MoneyOwed,
            PaymentChanged,
            PaymentDue,
            StockAwaited,
            OrderShipped,
            HeldOrderCancelled,
        ),
        before_events="order",
        reads="orders.consumers.rows",
    ),
    Subscription(
        "orders.mails",
        "orders.consumers.send_mail",
        "orders",
        (OrderConfirmed, OrderCancelled, OrderExpired),
        reads="orders.consumers.rows",
    ),
    Subscription(
        "payments.notifications",
        "payments.consumers.take_notification",
        "orders",
        (NotificationReceived,),
    ),
    Subscription(
        "payments.refunds",
        "payments.consumers.process_refund",
        "orders",
        (RefundRequested,),
    ),
    Subscription(
        "catalog.projections",
        "catalog.consumers.project",
        "catalog",
        (ProductChanged,),
    ),
    Subscription(
        "catalog.rebuilding",
        "catalog.consumers.rebuild",
        "catalog",
        (ProjectionsOutdated,),
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
