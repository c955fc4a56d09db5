"""A whole purchase, with the client that openapi-python-client made of the schema.

python purchase.py <shop's address> <user> <password>

mypy --strict reads it with the client beside it (`shop_client`). Writes what it saw as JSON.
"""

import json
import sys
import time
from http import HTTPStatus
from typing import TypeVar
from uuid import uuid4

from shop_client import AuthenticatedClient, Client
from shop_client.api.auth import auth_token_create, auth_token_refresh_create
from shop_client.api.cart import (
    cart_create,
    cart_lines_clear,
    cart_lines_create,
    cart_lines_destroy,
    cart_lines_partial_update,
    cart_retrieve,
)
from shop_client.api.categories import categories_retrieve
from shop_client.api.checkout import checkout_create
from shop_client.api.health import health_retrieve
from shop_client.api.orders import orders_list, orders_retrieve
from shop_client.api.products import products_list, products_retrieve
from shop_client.models import (
    AddressRequest,
    Cart,
    CategoryTree,
    CheckoutRequest,
    ExpectedTotalRequest,
    Health,
    NewCart,
    NewLineRequest,
    Order,
    PaginatedOrderList,
    PaginatedProductCardList,
    Problem,
    Product,
    QuantityRequest,
    Receipt,
    Refresh,
    RefreshRequest,
    StatusEnum,
    Token,
    TokenRequest,
)
from shop_client.types import Unset

DEADLINE = 60.0  # seconds until an order is confirmed
POLL = 0.2  # seconds
ADDRESS = AddressRequest(
    name="Ada Byron",
    line1="1 Analytical Way",
    postal_code="10115",
    city="Berlin",
    country="DE",
)
T = TypeVar("T")


def good(answer: T | Problem | None) -> T:
    """The answer, where it is no problem."""
    assert answer is not None and not isinstance(answer, Problem), answer
    return answer


def bad(answer: object) -> str:
    """The problem's code, and which fields are at fault."""
    assert isinstance(answer, Problem), answer
    fields = [] if isinstance(answer.errors, Unset) else answer.errors.additional_keys
    return " ".join([answer.code, *fields])


def guest_with(token: str, url: str) -> AuthenticatedClient:
    """A guest's credential is the token of a cart."""
    return AuthenticatedClient(base_url=url, token=token, prefix="", auth_header_name="Cart-Token")


def browse(client: Client) -> str:
    """The SKU of the first variant of the first product."""
    health: Health = good(health_retrieve.sync(client=client))
    tree: CategoryTree = good(categories_retrieve.sync(client=client))
    page: PaginatedProductCardList = good(
        products_list.sync(client=client, category=tree.results[0].slug, page_size=1)
    )
    card = page.results[0]
    product: Product = good(products_retrieve.sync(card.slug, client=client))
    assert health.status == "ok" and card.price_from == product.variants[0].price
    return product.variants[0].sku


def order_of(cart: Cart, client: AuthenticatedClient) -> tuple[Receipt, Receipt]:
    """What checkout answers to the cart's total, sent twice with one key."""
    total = cart.totals.total
    body = CheckoutRequest(
        email="ada@example.com",
        shipping_address=ADDRESS,
        payment_method="test-ok",
        expected_total=ExpectedTotalRequest(amount=total.amount, currency=total.currency),
    )
    key = str(uuid4())
    first: Receipt = good(checkout_create.sync(client=client, body=body, idempotency_key=key))
    again: Receipt = good(checkout_create.sync(client=client, body=body, idempotency_key=key))
    return first, again


def confirmed(number: str, client: AuthenticatedClient) -> Order:
    """The order, once it is confirmed."""
    deadline = time.monotonic() + DEADLINE
    while True:
        order: Order = good(orders_retrieve.sync(number, client=client))
        if order.status == StatusEnum.CONFIRMED:
            return order
        assert time.monotonic() < deadline, order.status
        time.sleep(POLL)


def buy_as_guest(url: str) -> dict[str, object]:
    nobody = Client(base_url=url)
    sku = browse(nobody)
    new: NewCart = good(cart_create.sync(client=nobody))
    guest = guest_with(new.token, url)
    line = NewLineRequest(sku=sku, quantity=1)
    good(cart_lines_create.sync(client=guest, body=line, idempotency_key=str(uuid4())))
    good(cart_lines_partial_update.sync(sku, client=guest, body=QuantityRequest(quantity=2)))
    cart: Cart = good(cart_retrieve.sync(client=guest))
    first, again = order_of(cart, guest)
    owner = AuthenticatedClient(
        base_url=url, token=first.secret, prefix="", auth_header_name="Order-Secret"
    )
    order = confirmed(first.number, owner)
    stranger = guest_with(new.token, url)
    return {
        "sold": [[each.sku, each.quantity] for each in order.lines],
        "problem": cart.lines[0].problem,
        "total": order.totals.total.amount,
        "same order": first.number == again.number == order.number,
        "states": [entry.state.value for entry in order.history],
        "placed at": order.placed_at.tzinfo is not None,
        "a stranger": bad(orders_retrieve.sync(first.number, client=stranger)),
    }


def buy_as_customer(url: str, username: str, password: str) -> dict[str, object]:
    nobody = Client(base_url=url)
    sku = browse(nobody)
    wrong = TokenRequest(username=username, password="wrong")
    tokens: Token = good(
        auth_token_create.sync(
            client=nobody, body=TokenRequest(username=username, password=password)
        )
    )
    renewed: Refresh = good(
        auth_token_refresh_create.sync(client=nobody, body=RefreshRequest(refresh=tokens.refresh))
    )
    customer = AuthenticatedClient(base_url=url, token=renewed.access)
    good(cart_lines_clear.sync(client=customer))  # whatever other tests have left in it
    line = NewLineRequest(sku=sku, quantity=1)
    cart: Cart = good(cart_lines_create.sync(client=customer, body=line))
    order = confirmed(order_of(cart, customer)[0].number, customer)
    orders: PaginatedOrderList = good(
        orders_list.sync(client=customer, placed_after=order.placed_at)
    )
    good(cart_lines_create.sync(client=customer, body=line))
    without: Cart = good(cart_lines_destroy.sync(sku, client=customer))
    good(cart_lines_create.sync(client=customer, body=line))
    cleared: Cart = good(cart_lines_clear.sync(client=customer))
    unknown = NewLineRequest(sku="NO-SUCH", quantity=100)
    refused = cart_lines_create.sync_detailed(client=customer, body=unknown)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    return {
        "wrong password": bad(auth_token_create.sync(client=nobody, body=wrong)),
        "orders": [each.number == order.number for each in orders.results],
        "lines": [len(without.lines), len(cleared.lines)],
        "no such line": bad(cart_lines_destroy.sync(sku, client=customer)),
        "too many": bad(refused.parsed),
    }


if __name__ == "__main__":
    url, username, password = sys.argv[1:]
    seen = {"guest": buy_as_guest(url), "customer": buy_as_customer(url, username, password)}
    sys.stdout.write(json.dumps(seen))
