"""How clerks find an order: by what a customer says on the telephone, and at what cost."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from backoffice.beginnings import surname_first
from dynamodb import bulk
from orders.models import Order
from tests.cart.shoppers import Shopper
from tests.conftest import Customer, Staff
from tests.orders.shopping import ADDRESS, PLACED, check_out, make_order
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/orders/order/"
NUMBER = "K7Q2-9F0M-1TBD"


def store(number: str, name: str, email: str, **columns: Any) -> Order:
    return make_order(
        number=number,
        email=email,
        shipping_address={**ADDRESS, "name": name},
        recipient=surname_first(name),
        **columns,
    )


@pytest.fixture
def orders(db: None) -> None:
    store(NUMBER, "Ada Byron", "ada@example.com")
    store("0000-0000-0002", "José Ångström", "jose.a@example.org")
    store("0000-0000-0003", "Li Wei", "wei@example.net")
    store("0000-0000-0004", "Vincent van Gogh", "v.gogh@example.com")
    store("FRAN-KENS-TE1N", "Zoe Zed", "zoe@example.com")
    store("0000-0000-0006", "Mary Frankenstein", "mary@example.com")


def found(staff: Staff, text: str, **more: str) -> list[str]:
    page = staff.get(LIST, {"q": text, **more})
    assert page.status_code == 200
    return sorted(order.recipient for order in page.context["cl"].result_list)


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        (NUMBER, ["byron ada"]),
        ("k7q29f0m1tbd", ["byron ada"]),
        ("K7Q2 9F0M 1TBD", ["byron ada"]),
        ("K7Q2\u20139FOM\u2013ITBD", ["byron ada"]),
        ("k7q2-9fom-ltbd", ["byron ada"]),
        ("K7Q2-9F0M", []),
        ("ada@example.com", ["byron ada"]),
        (" ADA@Example.com ", ["byron ada"]),
        ("ada@ex", ["byron ada"]),
        ("jose.", ["angstrom jose"]),
        ("Byron", ["byron ada"]),
        ("byr", ["byron ada"]),
        ("by", []),
        ("Ada Byron", ["byron ada"]),
        ("ÅNGSTRÖM", ["angstrom jose"]),
        ("jose angstrom", ["angstrom jose"]),
        ("Wei", ["wei li"]),
        ("gogh", ["gogh vincent van"]),
        ("Vincent van Gogh", ["gogh vincent van"]),
        ("frankenstein", ["frankenstein mary", "zed zoe"]),  # a surname, and a number as it sounds
        ("example.com", []),
        ("%", []),
        ("@", []),
    ],
)
def test_found(superuser: Staff, orders: None, text: str, recipients: list[str]) -> None:
    assert found(superuser, text) == recipients


def test_a_short_surname(superuser: Staff) -> None:
    store("0000-0000-0001", "Bruce Li", "b@example.com")
    store("0000-0000-0002", "Bo Lindt", "bo@example.com")
    assert found(superuser, "li") == ["li bruce"]
    assert found(superuser, "Bruce Li") == ["li bruce"]


def test_within_a_status(superuser: Staff, orders: None) -> None:
    store("0000-0000-0007", "Ada Byron", "ada@example.com", state="held")
    assert found(superuser, "byron", status="held") == ["byron ada"]
    assert found(superuser, "byron") == ["byron ada", "byron ada"]


def test_checkout_notes_the_surname(
    buyer: Shopper, superuser: Staff, order_queue: TestQueue
) -> None:
    address = {**ADDRESS, "name": "Søren Åberg"}
    number = check_out(buyer, shipping_address=address).json()["number"]
    page = superuser.get(LIST, {"q": "aberg"})
    assert [order.number for order in page.context["cl"].result_list] == [number]


@pytest.mark.parametrize("text", [NUMBER, "k7q29f0m1tbd", "K7Q2 9FOM ITBD", "k7q2-9f0m-ltbd"])
def test_the_api_reads_numbers_so_too(customer: Customer, text: str) -> None:
    make_order(number=NUMBER, user=customer.user)
    answer = customer.get(f"/api/v1/orders/{text}/")
    assert (answer.status_code, answer.json()["number"]) == (200, NUMBER)


def test_lines_show_what_was_chosen(superuser: Staff) -> None:
    order = make_order()
    page = superuser.get(f"{LIST}{order.number}/change/").content.decode()
    assert "<th>Options</th>" in page
    assert "<td>colour=Red</td>" in page


def many(size: int) -> Iterator[Order]:
    template = make_order()
    for number in range(size):
        name = f"Nn{number} {'Byron' if number % 40 == 0 else f'S{number}'}"
        yield Order(
            **{
                **{field.attname: getattr(template, field.attname) for field in Order._meta.fields},
                "number": f"{number:04d}-0000-0000",
                "email": f"person{number}@example.com",
                "recipient": surname_first(name),
                "placed_at": PLACED + timedelta(minutes=number),
                "state": "confirmed",
                "standing": "confirmed",
            }
        )


START, BYRON, FIVE = "Query order_email_start", "Query order_recipient", "BatchGetItem order"


@pytest.mark.parametrize("size", [60, 2_000])
def test_the_calls_of_each_look_up(size: int, superuser: Staff, calls: Any) -> None:
    bulk.load(many(size))
    expected = {
        "": ["Query order_standing"] * (12 if size == 60 else 8),  # a count ends at 1,000
        "0059-0000-0000": ["GetItem order"] * 2,
        "oo59 oooo oooo": ["GetItem order"] * 2,
        "person59@example.com": [START, *["GetItem order"] * 2],
        "person59@": [START, *["GetItem order"] * 2],
        "byron": [START, BYRON, FIVE, FIVE],
        "nn0 byron": [BYRON, BYRON, *["GetItem order"] * 2],
        "nobody": [START, BYRON],
    }
    for text, wanted in expected.items():
        with calls() as made:
            assert superuser.get(LIST, {"q": text} if text else {}).status_code == 200
        assert [call.table for call in made if call.operation == "Scan"] == []
        assert [
            f"{call.operation} {call.index or 'order'}"
            for call in made
            if call.table.endswith("orders_order")
        ] == wanted, text


def test_orders_from_before_are_named_by_the_migration(superuser: Staff, orders: None) -> None:
    Order.objects.update(recipient="")
    assert found(superuser, "byron") == []
    name = "orders.migrations.0005_order_recipient"
    import_module(name).name_recipients(apps, None)
    assert found(superuser, "byron") == ["byron ada"]
    assert found(superuser, "angstrom") == ["angstrom jose"]
