"""What the cart costs, in DynamoDB calls."""

import pytest
from rest_framework.test import APIClient

from catalog.models import Variant
from tests.cart.shoppers import Shopper
from tests.conftest import Customer

pytestmark = pytest.mark.django_db(transaction=True)

URL, LINES = "/api/v1/cart/", "/api/v1/cart/lines/"
ADD = {"sku": "MUG-RED", "quantity": 1}


def test_a_guest(shopper: Shopper, mug: Variant, calls) -> None:
    shopper.post(LINES, ADD)

    with calls() as made:
        shopper.get(URL)
    assert [call.operation for call in made] == ["GetItem", "BatchGetItem"]
    with calls() as made:
        shopper.post(LINES, ADD)
    assert [call.operation for call in made] == ["GetItem", "BatchGetItem", "UpdateItem"]


def test_a_new_cart(guest: APIClient, db: None, calls) -> None:
    with calls() as made:
        guest.post(URL)
    assert [call.operation for call in made] == ["TransactWriteItems", "PutItem"]


def test_a_customer(customer: Customer, mug: Variant, calls) -> None:
    with calls() as made:
        customer.post(LINES, ADD)
    assert [call.operation for call in made] == ["GetItem", "GetItem", "BatchGetItem", "PutItem"]
    with calls() as made:
        customer.get(URL)
    assert [call.operation for call in made] == ["GetItem", "GetItem", "BatchGetItem"]
