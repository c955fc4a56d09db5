"""What the customer reads."""

from typing import Any

import pytest
from django.core import mail

from mails.services import send_mail
from orders.guest_secrets import order_secret
from orders.mails import make_mail
from orders.models import Order
from orders.states import State
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


def send_mail_of(order: Order) -> None:
    send_mail(message=make_mail(order, State(order.state)))


def html(message: mail.EmailMessage) -> str:
    assert isinstance(message, mail.EmailMultiAlternatives)
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return str(content)


def test_confirmed() -> None:
    order = make_order(state=State.CONFIRMED)

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
    order = make_order(state=State.CONFIRMED)

    send_mail_of(order)

    (message,) = mail.outbox
    link = f"https://shop.example.org/en/order/#{order.number}.{order_secret(order.number)}"
    assert message.body == CONFIRMED.format(number=order.number, way=f"Your order: {link}")
    assert f'<a href="{link}">Your order</a>' in html(message)


def test_cancelled() -> None:
    order = make_order(state=State.CANCELLED, reason="sold out: MUG-RED")

    send_mail_of(order)

    (message,) = mail.outbox
    assert message.subject == f"Your order {order.number} was cancelled"
    assert "The reason: sold out: MUG-RED.\n\nYou have not been charged." in message.body
    assert "The reason: sold out: MUG-RED." in html(message)


PREPARED = [{"status": state, "at": "2026-03-01T12:00:00Z"} for state in ("created", "prepared")]
HELD = [*PREPARED, {"status": "held", "at": "2026-03-01T12:00:01Z"}]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"reason": "sold out: X"}, "You have not been charged."),
        ({"reason": "payment declined: no", "history": PREPARED}, "You have not been charged."),
        ({"reason": "by you", "history": PREPARED}, "If you were charged, it is refunded."),
        ({"reason": "x", "payment_status": "charged"}, "What you were charged is refunded."),
        ({"reason": "x", "history": HELD}, "What you were charged is refunded."),
    ],
)
def test_no_more_is_said_of_the_money_than_is_known(columns: dict[str, Any], sentence: str) -> None:
    send_mail_of(make_order(state=State.CANCELLED, **columns))
    assert f"\n\n{sentence} This is what you had ordered:" in str(mail.outbox[0].body)


def test_expired() -> None:
    order = make_order(state=State.EXPIRED, history=PREPARED)
    send_mail_of(order)
    (message,) = mail.outbox
    assert message.subject == f"Your order {order.number} has expired"
    assert "no payment for it has come in time.\n\nYou have not been charged." in message.body
    assert "no payment for it has come" in html(message)


def test_what_customers_write_is_text() -> None:
    address = {**ADDRESS, "name": "<script>O'Neill & Co", "line2": "2nd floor"}

    send_mail_of(make_order(state=State.CONFIRMED, shipping_address=address))

    (message,) = mail.outbox
    assert "Hello <script>O'Neill & Co,\n" in message.body
    assert "1 Analytical Way\n2nd floor\n10115" in message.body
    assert "&lt;script&gt;O&#x27;Neill &amp; Co" in html(message)
    assert "<script>" not in html(message)
