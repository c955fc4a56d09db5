from tests.mails.ses import ses
from tests.orders.conftest import buyer, mug, order_queue, shopper

__all__ = ["buyer", "mug", "order_queue", "ses", "shopper"]
