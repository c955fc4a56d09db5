import pytest

from catalog.models import Variant
from tests.cart.articles import stock_article
from tests.cart.conftest import shopper
from tests.cart.shoppers import Shopper
from tests.orders.shopping import fill_cart
from tests.outbox.queues import order_queue

__all__ = ["order_queue", "shopper"]


@pytest.fixture
def mug(db: None) -> Variant:
    """Ten red mugs at 12.00 EUR."""
    return stock_article("MUG-RED")


@pytest.fixture
def buyer(shopper: Shopper, mug: Variant) -> Shopper:
    """A guest with two red mugs in the cart."""
    fill_cart(shopper, {"MUG-RED": 2})
    return shopper
