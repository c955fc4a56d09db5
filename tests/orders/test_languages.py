"""An order remembers the language in which it was placed."""

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from catalog.models import Variant
from dynamodb.tables.table import table_name
from orders.errors import PriceChanged
from orders.models import Order
from orders.reasons import DECLINED, REASONS, SOLD_OUT, is_of, told
from orders.states import State
from pricing.money import Money
from pricing.writing import written
from tests.cart.shoppers import Shopper
from tests.conftest import Customer
from tests.dynamodb.engine import connection
from tests.orders.shopping import check_out, deliver, make_order

pytestmark = pytest.mark.django_db(transaction=True)


def stored(order: Order) -> Any:
    """The attribute of the item: None if it has none."""
    table = table_name(connection.table_prefix, Order._meta.db_table)
    asked = {"TableName": table, "Key": {"number": {"S": order.pk}}}
    item = connection.dynamodb.call("GetItem", asked)["Item"]
    return item.get("lang")


@pytest.mark.parametrize(
    ("accepted", "body", "language", "kept"),
    [
        ("en", {}, "en", None),
        ("de-AT,en;q=0.5", {}, "de", {"S": "de"}),
        ("de", {"language": "en"}, "en", None),
        ("ja", {"language": "de"}, "de", {"S": "de"}),
    ],
)
def test_checkout(
    buyer: Shopper, accepted: str, body: dict[str, str], language: str, kept: Any
) -> None:
    buyer.credentials(HTTP_CART_TOKEN=buyer.token, HTTP_ACCEPT_LANGUAGE=accepted)
    assert check_out(buyer, **body).status_code == 202
    order = Order.objects.get()
    assert (order.language, stored(order)) == (language, kept)


def test_no_language_of_the_shop(buyer: Shopper) -> None:
    answer = check_out(buyer, language="fr")
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"language": ["One of en, de."]},
    )


def test_the_mail_is_in_it(buyer: Shopper) -> None:
    """GIVEN an order in German WHEN it is processed, of which no request is part."""
    check_out(buyer, language="de")
    assert deliver(Order.objects.get()) == []
    order = Order.objects.get()
    assert order.state == State.CONFIRMED
    assert mail.outbox[0].subject == f"Ihre Bestellung {order.number} ist bestätigt"


def test_an_order_of_before_is_english() -> None:
    order = make_order()
    assert (stored(order), order.language) == (None, "en")


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        ("sold out: MUG-RED", "ausverkauft: MUG-RED"),
        ("payment declined: no: card\nstolen", "Zahlung abgelehnt: no: card\nstolen"),
        (
            "payment declined: the card was refused",
            "Zahlung abgelehnt: die Karte wurde nicht angenommen",
        ),
        ("payment declined: ", "Zahlung abgelehnt: "),
        ("not paid in time", "nicht rechtzeitig bezahlt"),
        ("the payment was taken back", "die Zahlung wurde zurückgenommen"),
        ("charged 5.00 EUR instead of 6.00 EUR", "5.00 EUR eingezogen statt 6.00 EUR"),
        ("authorized 5.00 EUR instead of 6.00 EUR", "5.00 EUR zugesagt statt 6.00 EUR"),
        ("on the telephone", "on the telephone"),
        ("", ""),
    ],
)
def test_a_reason_is_told_in_the_reader_s_language(reason: str, german: str) -> None:
    with translation.override("de"):
        assert told(reason) == german
    with translation.override("en"):
        assert told(reason) == reason


def test_reasons_are_told_apart() -> None:
    assert is_of(DECLINED, "payment declined: sold out: X")
    assert not is_of(SOLD_OUT, "payment declined: sold out: X")
    assert len({told(each) for each in REASONS}) == 6


def test_an_order_shows_its_reason(customer: Customer) -> None:
    order = make_order(user=customer.user, state=State.CANCELLED, reason="sold out: MUG-RED")
    answer = customer.get(f"/api/v1/orders/{order.number}/?lang=de")
    assert (answer["Content-Language"], answer.json()["reason"]) == ("de", "ausverkauft: MUG-RED")


@pytest.mark.parametrize(
    ("amount", "currency", "english", "german"),
    [
        ("1234.5", "EUR", "1,234.50 EUR", "1.234,50 EUR"),
        ("1234567", "JPY", "1,234,567 JPY", "1.234.567 JPY"),
        ("0.125", "KWD", "0.125 KWD", "0,125 KWD"),
        ("-4.9", "EUR", "-4.90 EUR", "-4,90 EUR"),
    ],
)
def test_amounts(amount: str, currency: str, english: str, german: str) -> None:
    money = Money(Decimal(amount), currency)
    assert written(money) == english
    with translation.override("de"):
        assert written(money) == german


def test_a_changed_price(buyer: Shopper) -> None:
    expected = {"amount": "20.00", "currency": "EUR"}
    buyer.credentials(HTTP_CART_TOKEN=buyer.token, HTTP_ACCEPT_LANGUAGE="de")
    answer = check_out(buyer, expected_total=expected)
    assert (answer.status_code, answer.json()["code"]) == (409, PriceChanged.default_code)
    assert answer.json()["detail"] == (
        "Die Summe ist 28,90 EUR, nicht 20,00 EUR. Geändert: der Warenkorb. Zeigen Sie den "
        "Warenkorb noch einmal, und bestellen Sie mit seiner Summe."
    )


@pytest.mark.parametrize(
    ("accepted", "body", "name"),
    [
        ("en", {}, "Product MUG-RED"),
        ("de", {}, "Roter Becher"),
        ("de", {"language": "en"}, "Product MUG-RED"),
        ("en", {"language": "de"}, "Roter Becher"),
    ],
)
def test_its_lines_are_called_as_in_its_language(
    buyer: Shopper, accepted: str, body: dict[str, str], name: str
) -> None:
    """And stay so, whoever reads them."""
    Variant.objects.update(product_names={"de": "Roter Becher"})
    buyer.credentials(HTTP_CART_TOKEN=buyer.token, HTTP_ACCEPT_LANGUAGE=accepted)
    receipt = check_out(buyer, **body).json()
    secret = {"Order-Secret": receipt["secret"]}
    for reader in ("en", "de"):
        order = buyer.get(f"{receipt['url']}?lang={reader}", headers=secret).json()
        assert [line["name"] for line in order["lines"]] == [name]
