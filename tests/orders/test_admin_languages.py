"""The admin of orders in the language of whoever looks at it."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from catalog.models import Variant
from orders.fulfilling import announce_return, ship
from orders.models import Order
from orders.states import State
from tests.conftest import Staff
from tests.orders.shopping import deliver, make_order

pytestmark = pytest.mark.django_db(transaction=True)
GERMAN = {"Accept-Language": "de-DE"}


def page(client: Client, address: str) -> str:
    return client.get(address, headers=GERMAN).content.decode()


def test_the_list(superuser: Staff, calls: Any) -> None:
    """It costs what it costs in English."""
    make_order(state=State.HELD)
    address = "/admin/orders/order/?status=held"
    with calls() as english:
        superuser.get(address)
    with calls() as german:
        text = page(superuser, address)
    assert len(german) == len(english)
    for words in (
        "Bestellungen mit dem Status angehalten; die Liste endet nach 1.000",
        "Angehaltene Bestellungen stornieren und das Geld erstatten",
        "Bestellt am",
        "28,90 EUR",
    ):
        assert words in text


def test_what_happened_to_it(superuser: Staff, mug: Variant) -> None:
    order = make_order(language="de")
    assert deliver(order) == []
    order = Order.objects.get(pk=order.pk)
    ship(order=order, lines={"MUG-RED": 1}, by="ada")
    announce_return(order=order, lines={"MUG-RED": 1}, by="ada")
    text = page(superuser, f"/admin/orders/order/{order.pk}/change/")
    for words in (
        "<td>eingezogen</td><td>28,90 EUR</td>",
        "<td>E-Mail gesendet</td><td>bestätigt</td>",
        "<td>verschickt</td><td>Paket 1</td><td>ada</td>",
        "<td>Rücksendung angekündigt</td><td>Rücksendung 1</td><td>ada</td>",
    ):
        assert words in text


def test_an_order(superuser: Staff) -> None:
    order = make_order(state=State.CANCELLED, reason="sold out: MUG-RED", language="de")
    text = page(superuser, f"/admin/orders/order/{order.pk}/change/")
    for words in (
        "Zwischensumme",
        "24,00 EUR",
        "ausverkauft: MUG-RED",
        "Lieferstatus",
        "storniert",
    ):
        assert words in text


def test_an_action(superuser: Staff) -> None:
    """What is said is German; the history is English, for all who read it."""
    order = make_order(state=State.CONFIRMED)
    chosen = {"action": "cancel_held_orders", "_selected_action": [order.pk]}
    answer = superuser.post("/admin/orders/order/", chosen, headers=GERMAN, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        f"1 Bestellung nicht angehalten, und nicht geändert: {order.pk}."
    ]
    assert Order.objects.get().state == State.CONFIRMED
    assert not LogEntry.objects.exists()
