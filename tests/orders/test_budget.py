"""What checkout and orders cost, in DynamoDB calls."""

import pytest
from rest_framework.test import APIClient

from catalog.models import Variant
from orders.guest_secrets import order_secret
from tests.cart.shoppers import Shopper
from tests.conftest import Customer
from tests.orders.shopping import check_out, fill_cart, make_order
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)

# The cart and a counter, its article (several in a BatchGetItem), the order with its limits.
CHECKOUT = ["BatchGetItem", "GetItem", "TransactWriteItems"]


def test_a_guest_s_checkout(buyer: Shopper, order_queue: TestQueue, calls) -> None:
    with calls() as made:
        assert check_out(buyer).status_code == 202
    assert [call.operation for call in made] == CHECKOUT


def test_a_customer_s_checkout(
    customer: Customer, mug: Variant, order_queue: TestQueue, calls
) -> None:
    fill_cart(customer, {"MUG-RED": 1})

    with calls() as made:
        assert check_out(customer).status_code == 202
    assert [call.operation for call in made] == ["GetItem", *CHECKOUT]


def test_an_order(guest: APIClient, db: None, calls) -> None:
    order = make_order()

    with calls() as made:
        secret = {"Order-Secret": order_secret(order.number)}
        assert guest.get(f"/api/v1/orders/{order.number}/", headers=secret).status_code == 200
    assert [call.operation for call in made] == ["GetItem"]


def test_a_list(customer: Customer, calls) -> None:
    make_order(user=customer.user)

    with calls() as made:
        assert len(customer.get("/api/v1/orders/").json()["results"]) == 1
    assert [call.operation for call in made] == ["GetItem", "Query"]
