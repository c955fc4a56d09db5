"""How often may be ordered, and by whom: floods of mail, stolen cards, and a full office."""

import time
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from cart.keys import guest_key
from catalog.models import Variant
from limits.rates import DEFAULTS
from limits.services import Counter
from orders.limits import Origin, cart_of, remembered
from orders.models import Order
from orders.states import State
from tests.cart.articles import stock_article
from tests.cart.races import at_once
from tests.conftest import PASSWORD, Customer, make_user
from tests.orders.shopping import CHECKOUT, check_out, deliver, fill_cart, make_order
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE, STRANGER = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    """As a deployment has them, but for windows that do not end while a test runs."""
    settings.LIMITS = {name: f"{rate.partition('/')[0]}/d" for name, rate in DEFAULTS.items()}


@pytest.fixture
def mugs() -> Variant:
    return stock_article("MUG-RED", available=1000)


def open_cart(address: str) -> Any:
    return APIClient().post("/api/v1/cart/", REMOTE_ADDR=address)


def fill(address: str, token: str) -> dict[str, str]:
    headers = {"Cart-Token": token}
    line = {"sku": "MUG-RED", "quantity": 1}
    APIClient().post("/api/v1/cart/lines/", line, headers=headers, REMOTE_ADDR=address)
    return headers


def order(address: str, *, token: str = "", key: str = "", **changes: str) -> Any:
    """One checkout of a guest, in a new cart unless there is a token."""
    token = token or open_cart(address).json()["token"]
    headers = {**fill(address, token), "Idempotency-Key": key or f"{Order.objects.count():016}"}
    body = {**CHECKOUT, **changes}
    return APIClient().post("/api/v1/checkout/", body, headers=headers, REMOTE_ADDR=address)


def test_a_stranger_is_mailed_ten_times(mugs: Variant, order_queue: TestQueue) -> None:
    """25 orders, each from another cart and network, to one person who asked for none."""
    tags = ["", "+a", "+b.c"]
    answers = [
        order(f"198.51.100.{n}", email=f"Victim{tags[n % 3]}@example.net") for n in range(25)
    ]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429] * 15
    refused = answers[-1]
    assert refused.json()["code"] == "throttled"
    assert refused.json()["detail"].startswith("Too many orders for this email address. Try again")
    assert int(refused["Retry-After"]) > 0
    assert order(STRANGER, email="ada@example.net").status_code == 202


def test_a_domain_spelt_otherwise_is_the_same(mugs: Variant, order_queue: TestQueue) -> None:
    spellings = ["example.org", "exam\u200bple.org", "ex\uff41mple.org", "EXAMPLE.org"]
    answers = [order(f"198.51.100.{n}", email=f"victim@{spellings[n % 4]}") for n in range(12)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429] * 2


def test_a_refused_order_leaves_the_cart_as_it_was(mugs: Variant, order_queue: TestQueue) -> None:
    for n in range(10):
        order(f"198.51.100.{n}")
    token = open_cart(STRANGER).json()["token"]
    assert order(STRANGER, token=token).status_code == 429
    cart = APIClient().get("/api/v1/cart/", headers={"Cart-Token": token}).json()
    assert [line["quantity"] for line in cart["lines"]] == [1]


def test_one_cart_orders_ten_times(mugs: Variant, order_queue: TestQueue) -> None:
    token = open_cart(OFFICE).json()["token"]
    answers = [order(OFFICE, token=token, email=f"p{n}@example.net") for n in range(11)]
    assert [answer.status_code for answer in answers] == [202] * 10 + [429]


def test_repeats_with_one_key_count_once(mugs: Variant, order_queue: TestQueue) -> None:
    """A client that asks again and again for the answer it has lost takes nothing from itself."""
    token = open_cart(OFFICE).json()["token"]
    first = order(OFFICE, token=token, key="0123456789abcdef")
    headers = {"Cart-Token": token, "Idempotency-Key": "0123456789abcdef"}
    for _ in range(15):
        again = APIClient().post("/api/v1/checkout/", CHECKOUT, headers=headers)
        assert (again.status_code, again.json()) == (202, first.json())
    assert order(OFFICE).status_code == 202


def test_what_is_not_valid_does_not_count(mugs: Variant, order_queue: TestQueue) -> None:
    token = open_cart(OFFICE).json()["token"]
    assert [order(OFFICE, token=token, email="none").status_code for _ in range(12)] == [400] * 12
    assert order(OFFICE, token=token).status_code == 202


@pytest.mark.parametrize(("scope", "limit"), [("cart-address", 3), ("checkout-address", 2)])
def test_an_address_has_its_limit(
    scope: str, limit: int, mugs: Variant, order_queue: TestQueue, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, scope: f"{limit}/d"}
    if scope == "cart-address":
        answers = [open_cart(OFFICE) for _ in range(4)]
        assert open_cart(STRANGER).status_code == 201
    else:
        answers = [order(OFFICE, email=f"p{n}@example.net") for n in range(3)]
    made = 201 if scope == "cart-address" else 202
    assert [answer.status_code for answer in answers] == [made] * limit + [429]


def test_a_new_ipv6_address_lifts_no_limit(mugs: Variant, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "cart-address": "2/d"}
    answers = [open_cart(f"2001:db8::{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]


def test_stolen_cards_are_tried_five_times_a_cart(mugs: Variant, order_queue: TestQueue) -> None:
    token = open_cart(OFFICE).json()["token"]
    for n in range(5):
        made = order(OFFICE, token=token, email=f"p{n}@example.net", payment_method="test-declined")
        assert made.status_code == 202
        deliver(Order.objects.get(pk=made.json()["number"]))
    refused = order(OFFICE, token=token, email="p6@example.net")
    assert refused.status_code == 429
    assert refused.json()["detail"].startswith("Too many payments were declined. Try again in")
    assert Order.objects.filter(state=State.CANCELLED).count() == 5
    assert order(OFFICE, email="p7@example.net").status_code == 202  # another cart, the same office


def test_and_five_times_a_customer(
    customer: Customer, mugs: Variant, order_queue: TestQueue
) -> None:
    """Whose cart is found by who ordered, and by nobody once the account is gone."""
    for n in range(5):
        fill_cart(customer, {"MUG-RED": 1})
        made = check_out(customer, email=f"p{n}@example.net", payment_method="test-declined")
        placed = Order.objects.get(pk=made.json()["number"])
        assert placed.origin["cart"] == "user"
        deliver(placed)
    fill_cart(customer, {"MUG-RED": 1})
    assert check_out(customer, email="p6@example.net").status_code == 429
    orphan = make_order(origin=placed.origin, payment_method="test-declined")
    assert deliver(orphan) == []


def test_an_order_that_did_not_come_about_does_not_count(
    mugs: Variant, order_queue: TestQueue, settings: Any
) -> None:
    """The cart's count is in the order's transaction: a refused one leaves it alone."""
    settings.LIMITS = {**settings.LIMITS, "checkout-cart": "1/d", "checkout-recipient": "1/d"}
    order(STRANGER, email="victim@example.net")
    token = open_cart(OFFICE).json()["token"]
    assert order(OFFICE, token=token, email="victim@example.net").status_code == 429
    assert order(OFFICE, token=token, email="ada@example.net").status_code == 202
    refused = order(OFFICE, token=token, email="bob@example.net")
    assert refused.status_code == 429
    assert refused.json()["detail"].startswith("Too many orders from this cart. Try again in")


def test_the_cart_of_an_order(db: None) -> None:
    """As orders keep it, and as code of before did: sixteen letters that lead nowhere."""
    key = guest_key("x" * 43)
    kept = remembered(Origin(cart=key, network=OFFICE))
    assert [len(kept["cart"]), kept["network"]] == [43, OFFICE]
    assert cart_of(make_order(origin=kept)) == key
    assert cart_of(make_order(origin={"cart": "0123456789abcdef", "network": OFFICE})) is None
    assert cart_of(make_order(origin={})) is None


def test_declined_orders_of_before_count_for_their_network(
    mugs: Variant, order_queue: TestQueue, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "declined-address": "1/d"}
    origin = {"cart": "0123456789abcdef", "network": OFFICE}
    assert deliver(make_order(origin=origin, payment_method="test-declined")) == []
    assert order(OFFICE).status_code == 429


def test_ten_checkouts_of_one_cart_at_once(
    mugs: Variant, order_queue: TestQueue, settings: Any
) -> None:
    """GIVEN room for three orders WHEN ten are filled and sent at once THEN three come about."""
    settings.LIMITS = {**settings.LIMITS, "checkout-cart": "3/d"}
    token = open_cart(OFFICE).json()["token"]

    def fill_and_order(n: int) -> None:
        for attempt in range(4):
            order(OFFICE, token=token, key=f"{n:08}{attempt:08}", email=f"p{n}@example.net")

    at_once(*[partial(fill_and_order, n) for n in range(10)])

    assert Order.objects.count() == 3


def test_and_so_often_an_address(mugs: Variant, order_queue: TestQueue, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "declined-address": "2/d"}
    for n in range(2):
        made = order(OFFICE, email=f"p{n}@example.net", payment_method="test-declined")
        deliver(Order.objects.get(pk=made.json()["number"]))
        deliver(Order.objects.get(pk=made.json()["number"]))  # delivered twice, declined once
    assert order(OFFICE, email="p6@example.net").status_code == 429
    assert order(STRANGER, email="p7@example.net").status_code == 202


def test_an_office_that_orders_at_once(mugs: Variant, order_queue: TestQueue) -> None:
    """GIVEN twenty people behind one address WHEN they order in one moment THEN all have done so:
    where the counter that they share would hold them up, it is counted before."""
    carts = [fill(OFFICE, open_cart(OFFICE).json()["token"]) for _ in range(20)]

    def one_of_them(n: int) -> Any:
        body = {**CHECKOUT, "email": f"p{n}@example.net"}
        headers = {**carts[n], "Idempotency-Key": f"{n:016}"}
        return APIClient().post("/api/v1/checkout/", body, headers=headers, REMOTE_ADDR=OFFICE)

    answers = at_once(*[partial(one_of_them, n) for n in range(20)])

    assert [answer.status_code for answer in answers] == [202] * 20
    assert counted("checkout-address", OFFICE) == 20


def test_the_last_order_there_is_room_for(
    mugs: Variant, order_queue: TestQueue, settings: Any
) -> None:
    """GIVEN room for five of an address WHEN twelve are sent at once THEN five come about."""
    settings.LIMITS = {**settings.LIMITS, "checkout-address": "5/d"}
    carts = [fill(OFFICE, open_cart(OFFICE).json()["token"]) for _ in range(12)]

    def one_of_them(n: int) -> Any:
        body = {**CHECKOUT, "email": f"p{n}@example.net"}
        headers = {**carts[n], "Idempotency-Key": f"{n:016}"}
        return APIClient().post("/api/v1/checkout/", body, headers=headers, REMOTE_ADDR=OFFICE)

    answers = at_once(*[partial(one_of_them, n) for n in range(12)])

    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [429] * 7
    assert (Order.objects.count(), counted("checkout-address", OFFICE)) == (5, 5)


def counted(scope: str, name: str) -> int:
    key = Counter(scope, name, "").limit(time.time()).key
    found: int = cache.get(key)
    return found


def test_an_office_of_two_hundred(mugs: Variant, order_queue: TestQueue) -> None:
    """200 people behind one address sign in, fill a cart and order, in one minute's window."""
    statuses = set()
    for n in range(200):
        make_user(f"p{n}")
        person = APIClient(REMOTE_ADDR=OFFICE)
        form = {"username": f"p{n}", "password": PASSWORD}
        signed_in = person.post("/api/v1/auth/token/", form)
        person.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access']}")
        person.post("/api/v1/cart/lines/", {"sku": "MUG-RED", "quantity": 1})
        body = {**CHECKOUT, "email": f"p{n}@example.net"}
        ordered = person.post("/api/v1/checkout/", body, headers={"Idempotency-Key": f"{n:016}"})
        statuses.add((signed_in.status_code, ordered.status_code))
    assert statuses == {(200, 202)}
    assert Order.objects.count() == 200


def test_an_attacker_in_one_place_has_twenty_guesses() -> None:
    guesses = [
        APIClient(REMOTE_ADDR=STRANGER).post(
            "/api/v1/auth/token/", {"username": f"p{n % 7}", "password": "guess"}
        )
        for n in range(25)
    ]
    assert [guess.status_code for guess in guesses] == [401] * 20 + [429] * 5
