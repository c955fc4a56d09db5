"""Orders in the admin: to look at, never to change."""

import pytest

from orders.models import Order
from orders.states import Status
from tests.conftest import Staff
from tests.orders.shopping import make_order

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/order/"


@pytest.fixture
def orders() -> dict[str, Order]:
    return {
        status.value: make_order(status=status, email=f"{status.value}@example.com")
        for status in (Status.CONFIRMED, Status.CANCELLED)
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"confirmed"}),
        ("?status=cancelled", {"cancelled"}),
        ("?status=created", set()),
        ("?q=Cancelled@Example.com", {"cancelled"}),
        ("?q=nobody@example.com", set()),
        ("?q=nonsense", set()),
        ("?q=cancelled@example.com&status=confirmed", set()),
    ],
)
def test_list(superuser: Staff, orders: dict[str, Order], query: str, shown: set[str]) -> None:
    page = superuser.get(LIST + query)

    assert page.status_code == 200
    listed = {order.number for order in page.context["cl"].result_list}
    assert listed == {orders[status].number for status in shown}


def test_search_by_number(superuser: Staff, orders: dict[str, Order]) -> None:
    number = orders["cancelled"].number

    page = superuser.get(LIST, {"q": number.lower()})

    assert [order.number for order in page.context["cl"].result_list] == [number]


def test_an_order_in_full(superuser: Staff, orders: dict[str, Order]) -> None:
    page = superuser.get(f"{LIST}{orders['confirmed'].number}/change/")

    assert page.status_code == 200
    text = page.content.decode()
    for cell in ("MUG-RED", "Product MUG-RED", "12.00 EUR", "24.00 EUR", "28.90 EUR", "created"):
        assert f"<td>{cell}</td>" in text
    assert "Ada Byron<br>1 Analytical Way<br>10115<br>Berlin<br>DE" in text


def test_what_customers_write_is_text(superuser: Staff) -> None:
    order = make_order(shipping_address={"name": "<script>alert(1)</script>"})

    page = superuser.get(f"{LIST}{order.number}/change/")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()
    assert "<script>alert(1)" not in page.content.decode()


def test_nothing_to_change(superuser: Staff, orders: dict[str, Order]) -> None:
    number = orders["confirmed"].number

    assert superuser.get(f"{LIST}add/").status_code == 403
    assert superuser.post(f"{LIST}{number}/change/", {"status": "created"}).status_code == 403
    assert superuser.post(f"{LIST}{number}/delete/", {"post": "yes"}).status_code == 403
    assert Order.objects.get(pk=number).status == "confirmed"


def test_without_the_right_to_see(clerk: Staff, orders: dict[str, Order]) -> None:
    assert clerk.get(LIST).status_code == 403
    assert clerk.get(f"{LIST}{orders['confirmed'].number}/change/").status_code == 403
