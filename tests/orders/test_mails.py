"""What the customer reads."""

import re
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from mails.services import send_mail
from orders.guest_secrets import order_secret
from orders.mails import make_mail
from orders.models import Order
from orders.states import State
from tests.orders.shopping import ADDRESS, make_order

pytestmark = pytest.mark.django_db

LINES = """\
2 x Product MUG-RED, Red (MUG-RED): 24.00 EUR

Subtotal  24.00 EUR
Shipping  4.90 EUR
Total     28.90 EUR (tax included: 4.61 EUR)


{way}

Corner Shop

"""
ZEILEN = """\
2 x Product MUG-RED, Red (MUG-RED): 24,00 EUR

Zwischensumme  24,00 EUR
Versand        4,90 EUR
Summe          28,90 EUR (enthaltene Steuer: 4,61 EUR)


{way}

Corner Shop

"""
CONFIRMED = f"""\
Hello Ada Byron,

thank you for your order {{number}}. It is paid and will be sent to:

Ada Byron
1 Analytical Way
10115 Berlin
GERMANY

{LINES}"""
BESTAETIGT = f"""\
Guten Tag Ada Byron,

vielen Dank für Ihre Bestellung {{number}}. Sie ist bezahlt und geht an:

Ada Byron
1 Analytical Way
10115 Berlin
GERMANY

{ZEILEN}"""
CANCELLED = f"""\
Hello Ada Byron,

we are sorry: your order {{number}} was cancelled.
The reason: sold out: MUG-RED.

You have not been charged. This is what you had ordered:

{LINES}"""
STORNIERT = f"""\
Guten Tag Ada Byron,

es tut uns leid: Ihre Bestellung {{number}} wurde storniert.
Der Grund: ausverkauft: MUG-RED.

Ihnen wurde nichts berechnet. Das hatten Sie bestellt:

{ZEILEN}"""
EXPIRED = f"""\
Hello Ada Byron,

your order {{number}} has expired: no payment for it has come in time.

You have not been charged. This is what you had ordered:

{LINES}"""
VERFALLEN = f"""\
Guten Tag Ada Byron,

Ihre Bestellung {{number}} ist verfallen: es kam rechtzeitig keine Zahlung für sie.

Ihnen wurde nichts berechnet. Das hatten Sie bestellt:

{ZEILEN}"""
WAY = {
    "en": "To find your order again, its secret: {secret}",
    "de": "Um Ihre Bestellung wiederzufinden, ihr Geheimnis: {secret}",
}


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


@pytest.mark.parametrize(
    ("state", "language", "subject", "body"),
    [
        (State.CONFIRMED, "en", "Your order {number} is confirmed", CONFIRMED),
        (State.CONFIRMED, "de", "Ihre Bestellung {number} ist bestätigt", BESTAETIGT),
        (State.CANCELLED, "en", "Your order {number} was cancelled", CANCELLED),
        (State.CANCELLED, "de", "Ihre Bestellung {number} wurde storniert", STORNIERT),
        (State.EXPIRED, "en", "Your order {number} has expired", EXPIRED),
        (State.EXPIRED, "de", "Ihre Bestellung {number} ist verfallen", VERFALLEN),
    ],
)
def test_each_mail_in_each_language(state: State, language: str, subject: str, body: str) -> None:
    """Whatever language is active where it is made."""
    order = make_order(state=state, reason="sold out: MUG-RED", language=language)

    with translation.override("de" if language == "en" else "en"):
        send_mail_of(order)

    (message,) = mail.outbox
    way = WAY[language].format(secret=order_secret(order.number))
    assert message.subject == subject.format(number=order.number)
    assert message.body == body.format(number=order.number, way=way)
    assert pages_text(html(message)) == sentences(message.body)
    assert f'<html lang="{language}">' in html(message)


def pages_text(page: str) -> set[str]:
    """What stands in the page's body, without marks and signs of its own."""
    body = page.partition("<body")[2].partition(">")[2]
    return sentences(unescape(re.sub(r"</?(?:strong|small)\b[^>]*>", "", body)))


def sentences(text: str) -> set[str]:
    """The words of a text, each once: page and text differ by layout alone."""
    return set(re.findall(r"[\w.,@-]+", re.sub(r"<[^>]+>", " ", text))) - {"x"}


@pytest.mark.parametrize(("named", "folder"), [("en", ""), ("de", "/de")])
def test_the_way_leads_to_the_storefront_in_its_language(
    settings: Any, named: str, folder: str
) -> None:
    settings.PUBLIC_URL = "https://shop.example.org"
    order = make_order(state=State.CONFIRMED, language=named)

    send_mail_of(order)

    link = f"https://shop.example.org{folder}/order/#{order.number}.{order_secret(order.number)}"
    assert f'<a href="{link}">' in html(mail.outbox[0])


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
