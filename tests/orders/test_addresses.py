"""Where a parcel goes: nothing that was sent is lost, and what an order refuses."""

from typing import Any

import pytest
from django.core import mail
from rest_framework.test import APIClient

from catalog.models import Variant
from orders.guest_secrets import order_secret
from orders.mails import make_mail
from orders.models import Order
from orders.states import State
from tests.cart.shoppers import Shopper
from tests.conftest import Staff
from tests.customers.places import SAN_FRANCISCO, STREET
from tests.orders.shopping import ADDRESS, check_out, make_order
from tests.outbox.queues import TestQueue


def refused(buyer: Shopper, address: dict[str, Any]) -> dict[str, list[str]]:
    response = check_out(buyer, shipping_address=address)
    assert response.status_code == 400
    assert not Order.objects.exists()
    return response.json()["errors"]["shipping_address"]


@pytest.mark.django_db(transaction=True)
def test_an_order_keeps_the_state(buyer: Shopper, order_queue: TestQueue) -> None:
    response = check_out(buyer, shipping_address={**SAN_FRANCISCO, "administrative_area": "ca"})

    assert response.status_code == 202
    assert Order.objects.get().shipping_address == SAN_FRANCISCO


@pytest.mark.django_db(transaction=True)
def test_hong_kong_has_no_postal_codes(buyer: Shopper, order_queue: TestQueue) -> None:
    address = {**STREET, "city": "Central", "country": "HK"}

    assert check_out(buyer, shipping_address=address).status_code == 202
    assert Order.objects.get().shipping_address == address


STATES = "ACT, JBT, NSW, NT, QLD, SA, TAS, VIC, WA."
AUSTRALIAN = {**ADDRESS, "country": "AU", "postal_code": "2060"}
NEEDED: list[tuple[dict[str, str], dict[str, list[str]]]] = [
    (
        {**STREET, "country": "DE"},
        {"city": ["Needed in DE."], "postal_code": ["Needed in DE, like 26133 or 53225."]},
    ),
    (
        {**ADDRESS, "postal_code": "1011"},
        {"postal_code": ["Not a postal code of DE, which look like 26133 or 53225."]},
    ),
    (AUSTRALIAN, {"administrative_area": [f"Needed in AU: the state, one of {STATES}"]}),
    (
        {**AUSTRALIAN, "administrative_area": "XX"},
        {"administrative_area": [f"No state of AU. One of {STATES}"]},
    ),
    (
        {**ADDRESS, "country": "IE", "postal_code": "99999"},  # not IE99999
        {"postal_code": ["Not a postal code of IE, which look like A65 F4E2."]},
    ),
    (
        {**ADDRESS, "country": "XK", "postal_code": "9999"},
        {"postal_code": ["Not a postal code of XK, which look like 10000."]},
    ),
]


@pytest.mark.django_db(transaction=True)
def test_what_a_country_needs(buyer: Shopper) -> None:
    for address, errors in NEEDED:
        assert refused(buyer, address) == errors


@pytest.mark.django_db(transaction=True)
def test_nothing_is_dropped_in_silence(buyer: Shopper) -> None:
    for name in ("state", "region", "line3", "company"):
        assert refused(buyer, {**SAN_FRANCISCO, name: "CA"}) == {
            name: [
                "Nothing reads this. Known here: name, line1, line2, postal_code, city, "
                "administrative_area (state or province), country."
            ]
        }


LINES = ("name", "line1", "line2", "city", "administrative_area")
HIDDEN = ("\u202e", "\u2066", "\u200f", "\u00ad", "\ufeff", "\U000e0041")


@pytest.mark.django_db(transaction=True)
def test_text_that_turns_or_hides(buyer: Shopper) -> None:
    sentence = "Without invisible characters, such as marks of the direction of writing."
    for field in LINES:
        for mark in HIDDEN:
            address = {**ADDRESS, field: f"Ada{mark}moc.live"}
            assert refused(buyer, address) == {field: [sentence]}
    assert refused(buyer, {**ADDRESS, "name": "\u200d \u200c"}) == {"name": [sentence]}


WEB = (
    "Pay at http://evil.test",
    "HTTPS://x",
    "www.evil.test",
    "Claim it: evil.com",
    "bit.ly/a1",
    "t.me/x",
    "evil.ru",
    "Evil。com",
    "ｅｖｉｌ．ｃｏｍ",
    "eve@evil.com",
    "мойсайт.рф",
    "evil.mov",
    "Claim your prize: Evil.ZIP",
    "www2.evil.mov",
    "free.evil.vodka",
    "evil.dev.example",
    "evil.网址",
)


@pytest.mark.django_db(transaction=True)
def test_web_addresses(buyer: Shopper) -> None:
    sentence = "Without addresses of web pages or mail. If it is none, put a blank after the point."
    for field in LINES:
        for text in WEB:
            assert refused(buyer, {**ADDRESS, field: text}) == {field: [sentence]}


@pytest.mark.django_db(transaction=True)
def test_the_state_is_in_mail_admin_and_answer(
    guest: APIClient, superuser: Staff, mug: Variant
) -> None:
    order = make_order(state=State.CONFIRMED, shipping_address=SAN_FRANCISCO)

    make_mail(order, State.CONFIRMED).send()
    page = superuser.get(f"/admin/orders/order/{order.number}/change/").content.decode()
    secret = {"Order-Secret": order_secret(order.number)}
    shown = guest.get(f"/api/v1/orders/{order.number}/", headers=secret).json()

    assert "\nSan Francisco, CA 94105\nUNITED STATES\n" in mail.outbox[0].body
    assert "<br>San Francisco, CA 94105<br>UNITED STATES" in page
    assert shown["shipping_address"] == SAN_FRANCISCO


@pytest.mark.django_db(transaction=True)
def test_an_order_from_before_is_shown_as_it_was(guest: APIClient) -> None:
    """GIVEN an address that would not be taken any more."""
    old = {**STREET, "postal_code": "94105", "city": "San Francisco", "country": "US"}
    order = make_order(shipping_address=old)

    secret = {"Order-Secret": order_secret(order.number)}
    shown = guest.get(f"/api/v1/orders/{order.number}/", headers=secret)

    assert (shown.status_code, shown.json()["shipping_address"]) == (200, old)
    assert order.address_lines == [
        "Ada Byron",
        "1 Analytical Way",
        "San Francisco, 94105",
        "UNITED STATES",
    ]
