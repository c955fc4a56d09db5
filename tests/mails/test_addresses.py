"""Which addresses the shop takes at checkout: those that SES can send to."""

import pytest

from mails.addresses import normal_form
from mails.fields import MailAddressField
from orders.models import Order
from tests.cart.shoppers import Shopper
from tests.orders.shopping import check_out
from tests.outbox.queues import TestQueue

NOT_ASCII = (
    "Only unaccented Latin letters, digits and signs before the @: our mail cannot reach other "
    "addresses. Give another one."
)
NOT_BEFORE = (
    "Our mail cannot reach what stands before the @: at most 64 letters, digits and signs, single "
    "points between them, no blanks or quotation marks."
)
NOT_AFTER = "No mail can be sent to what stands after the @: a domain like example.com."


TAKEN = ["Ada@Example.COM", "ada@bücher.example"]


@pytest.mark.parametrize("email", TAKEN)
@pytest.mark.django_db(transaction=True)
def test_ordered(buyer: Shopper, order_queue: TestQueue, email: str) -> None:
    assert check_out(buyer, email=email).status_code == 202
    assert Order.objects.get().email == email.lower()


@pytest.mark.parametrize(
    ("email", "stored", "sent_to"),
    [
        ("Ada@Example.COM", "ada@example.com", "ada@example.com"),
        ("ada@bücher.example", "ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@straße.example", "ada@straße.example", "ada@xn--strae-oqa.example"),
        ("ada@例え.テスト", "ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("o'neill+shop@a.b.example", "o'neill+shop@a.b.example", "o'neill+shop@a.b.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_taken(email: str, stored: str, sent_to: str) -> None:
    assert MailAddressField().run_validation(email) == stored
    assert normal_form(stored) == sent_to


REFUSED = [
    ("dän@example.com", NOT_ASCII),
    ("用户@example.com", NOT_ASCII),
    ('"ada byron"@example.com', NOT_BEFORE),
    ('"ada@"@example.com', NOT_BEFORE),
    ("ada..byron@example.com", NOT_BEFORE),
    ("a" * 65 + "@example.com", NOT_BEFORE),
    ("ada@example.com\r\nBcc: eve@example.com", NOT_BEFORE),
    ("ada@localhost", NOT_AFTER),
    ("ada@[127.0.0.1]", NOT_AFTER),
    ("ada@127.0.0.1", NOT_AFTER),
    ("ada@xn--.example\u200d", NOT_AFTER),
    ("ada@exa mple.com", NOT_AFTER),
    ("ada@" + "ü" * 60 + ".example", NOT_AFTER),
    ("ada", "An address like ada@example.com."),
]


@pytest.mark.django_db(transaction=True)
def test_refused(buyer: Shopper) -> None:
    for email, sentence in REFUSED:
        response = check_out(buyer, email=email)
        assert (response.status_code, response.json()["errors"]) == (400, {"email": [sentence]})
    assert not Order.objects.exists()
