"""Several requests for one cart at the same moment."""

import pytest
from rest_framework.test import APIClient

from cart.keys import user_key
from cart.models import Cart
from catalog.models import Variant
from tests.cart.races import at_once
from tests.cart.shoppers import Shopper
from tests.conftest import Customer

pytestmark = pytest.mark.django_db(transaction=True)

ADD = {"sku": "MUG-RED", "quantity": 1}


def add(client: APIClient) -> int:
    return client.post("/api/v1/cart/lines/", ADD).status_code


def test_five_additions_to_one_line(shopper: Shopper, mug: Variant) -> None:
    assert at_once(*[lambda: add(shopper)] * 5) == [200] * 5

    assert shopper.get("/api/v1/cart/").json()["lines"][0]["quantity"] == 5


def test_a_customer_s_first_additions(customer: Customer, mug: Variant) -> None:
    """Each finds no cart and wants to make it."""
    assert at_once(*[lambda: add(customer)] * 5) == [200] * 5

    cart = Cart.objects.get(pk=user_key(customer.user.pk))
    assert cart.lines["MUG-RED"]["quantity"] == 5
