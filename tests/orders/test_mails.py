"""What the customer reads."""

from typing import Any

import pytest
from django.core import mail

from orders.guest_secrets import order_secret
from orders.mails import send_mail_of
from orders.states import Status
from tests.orders.shopping import ADDRESS, make_order

pytestmark = pytest.mark.django_db

CONFIRMED = """\
Hello Ada Byron,

thank you for your order {number}. It is paid and will be sent to:

Ada Byron
1 Analytical Way
10115 Berlin
GERMANY

2 x Product MUG-RED, Red (MUG-RED): 24.00 EUR

Subtotal  24.00 EUR
Shipping  4.90 EUR
Total     28.90 EUR (tax included: 4.61 EUR)


{way}

Corner Shop

"""


def html(message: mail.EmailMessage) -> str:
    assert isinstance(message, mail.EmailMultiAlternatives)
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return str(content)


def test_confirmed() -> None:
    order = make_order(status=Status.CONFIRMED)

    send_mail_of(order)

    (message,) = mail.outbox
    assert message.subject == f"Your order {order.number} is confirmed"
    assert (message.to, message.from_email) == (["ada@example.com"], "shop@example.com")
    way = f"To find your order again, its secret: {order_secret(order.number)}"
    assert message.body == CONFIRMED.format(number=order.number, way=way)
    assert way in html(message)
    assert f"<strong>{order.number}</strong>" in html(message)
    assert "28.90 EUR" in html(message)


def test_the_way_back(settings: Any) -> None:
    """Where the shop has an address, a link to the storefront's page of the order."""
    settings.PUBLIC_URL = "https://shop.example.org/en"
    order = make_order(status=Status.CONFIRMED)

    send_mail_of(order)

    (message,) = mail.outbox
    link = f"https://shop.example.org/en/order/#{order.number}.{order_secret(order.number)}"
    assert message.body == CONFIRMED.format(number=order.number, way=f"Your order: {link}")
    assert f'<a href="{link}">Your order</a>' in html(message)


def test_cancelled() -> None:
    order = make_order(status=Status.CANCELLED, reason="sold out: MUG-RED")

    send_mail_of(order)

    (message,) = mail.outbox
    assert message.subject == f"Your order {order.number} was cancelled"
    assert "The reason: sold out: MUG-RED.\n\nYou have not been charged." in message.body
    assert "The reason: sold out: MUG-RED." in html(message)


def test_what_customers_write_is_text() -> None:
    address = {**ADDRESS, "name": "<script>O'Neill & Co", "line2": "2nd floor"}

    send_mail_of(make_order(status=Status.CONFIRMED, shipping_address=address))

    (message,) = mail.outbox
    assert "Hello <script>O'Neill & Co,\n" in message.body
    assert "1 Analytical Way\n2nd floor\n10115" in message.body
    assert "&lt;script&gt;O&#x27;Neill &amp; Co" in html(message)
    assert "<script>" not in html(message)
