import pytest
from rest_framework.test import APIClient

from catalog.models import Variant
from tests.cart.articles import stock_article
from tests.cart.shoppers import Shopper


@pytest.fixture
def mug(db: None) -> Variant:
    """Ten red mugs at 12.00 EUR."""
    return stock_article("MUG-RED")


@pytest.fixture
def shopper(guest: APIClient, db: None) -> Shopper:
    """A guest with an empty cart."""
    return Shopper(guest.post("/api/v1/cart/").headers["Cart-Token"])
