"""Orders in the admin: to look at. Only a held one can be ended there."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail

from catalog.models import Variant
from dynamodb import bulk
from orders.models import Order
from orders.states import State
from outbox.models import OutboxMessage
from payments.facts import Fact
from payments.gateways.testing import TestGateway
from pricing.money import Money
from tests.cart.articles import stock_of
from tests.conftest import Staff
from tests.orders.shopping import PLACED, deliver, follow, make_order
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/order/"


@pytest.fixture
def orders() -> dict[str, Order]:
    return {
        state.value: make_order(state=state, email=f"{state.value}@example.com")
        for state in (State.CONFIRMED, State.CANCELLED)
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"confirmed", "cancelled"}),
        ("?q=", {"confirmed", "cancelled"}),
        ("?q=%20", {"confirmed", "cancelled"}),
        ("?o=3", {"confirmed", "cancelled"}),
        ("?status=confirmed", {"confirmed"}),
        ("?status=cancelled", {"cancelled"}),
        ("?status=open", set()),
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


def test_what_was_done_to_an_order(superuser: Staff, orders: dict[str, Order]) -> None:
    """Django asks the list's paginator for the entries, too."""
    number = orders["confirmed"].number
    page = superuser.get(f"{LIST}{number}/history/")

    assert page.status_code == 200
    assert list(page.context["action_list"]) == []


@pytest.mark.parametrize(
    ("query", "said", "chosen"),
    [
        ("", "All orders, whatever their status; the list ends after 1,000", "All"),
        ("?status=held", "Orders that are held; the list ends after 1,000", "held"),
        ("?q=ada", "All orders, whatever their status, found by “ada”", "All"),
        ("?q=ada&status=held", "Orders that are held, found by “ada”", "held"),
    ],
)
def test_the_list_says_what_it_shows(superuser: Staff, query: str, said: str, chosen: str) -> None:
    page = superuser.get(LIST + query)

    assert f"<h2>{said}</h2>" in page.content.decode()
    (status,) = page.context["cl"].filter_specs
    choices = list(status.choices(page.context["cl"]))
    assert [each["display"] for each in choices if each["selected"]] == [chosen]


@pytest.mark.django_db(transaction=True)
def test_pages_of_all_statuses(superuser: Staff, calls: Any) -> None:
    """GIVEN orders of three statuses in turns WHEN paged THEN each comes once, by its time; of
    each status no more is read than the page needs."""
    states = (State.CREATED, State.CONFIRMED, State.CANCELLED)
    bulk.load(
        Order(
            **{
                **{field.attname: getattr(template, field.attname) for field in Order._meta.fields},
                "number": f"0000-0000-{number:04d}",
                "state": states[number % 3],
                "placed_at": PLACED + timedelta(minutes=number),
            }
        )
        for template in [make_order(number="0000-0000-0000", state=State.CREATED)]
        for number in range(1, 250)
    )
    numbers = [f"0000-0000-{number:04d}" for number in range(250)]

    for order, wanted in (("", numbers[::-1]), ("3", numbers)):
        for page, part in (("1", slice(100)), ("2", slice(100, 200)), ("3", slice(200, 300))):
            with calls() as made:
                found = superuser.get(LIST, {"p": page, **({"o": order} if order else {})})
            assert [each.number for each in found.context["cl"].result_list] == wanted[part]
            assert [call for call in made if call.operation == "Scan"] == []
            asked = [call.index for call in made if call.table.endswith("orders_order")]
            assert asked == ["order_standing"] * 12  # counted, and read


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
    assert "Ada Byron<br>1 Analytical Way<br>10115 Berlin<br>GERMANY" in text


def test_times_as_the_admin_shows_them(superuser: Staff) -> None:
    """Local and to the minute; as stored where one points at it. And no table is cut."""
    stored = "2026-03-01T12:07:05.306165Z"
    order = make_order(history=[{"status": "created", "at": stored}])

    text = superuser.get(f"{LIST}{order.number}/change/").content.decode()

    shown = "March 1, 2026, 12:07 p.m."
    assert f'<td><time datetime="{stored}" title="{stored}">{shown}</time></td>' in text
    assert text.count('<div style="overflow-x: auto"><table><thead>') == 3
    assert text.count("<table><thead>") == 3


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


def act(staff: Staff, *orders: Order) -> list[str]:
    """Choose the action for these orders; what the page says then."""
    form = {"action": "cancel_held_orders", "_selected_action": [order.pk for order in orders]}
    page = staff.post(f"{LIST}?status=held", form, follow=True)
    return [str(message) for message in page.context["messages"]]


@pytest.fixture
def held(mug: Variant, order_queue: TestQueue, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Its two mugs are reserved, and the customer was charged a tenth."""
    order = make_order()
    pay, tenth = TestGateway.pay, Money(Decimal("2.89"), "EUR")

    def pay_another_sum(self: TestGateway, *, amount: Money, **options: Any) -> list[Fact]:
        return pay(self, amount=tenth, **options)

    with monkeypatch.context() as patch:
        patch.setattr(TestGateway, "pay", pay_another_sum)
        deliver(order)
    assert stock_of("MUG-RED") == (8, 2)
    return order


@pytest.mark.django_db(transaction=True)
def test_a_held_order_is_cancelled_once(superuser: Staff, held: Order) -> None:
    said = f"1 order cancelled, stock given back, money on its way, customers told: {held.pk}."

    assert act(superuser, held) == [said]
    order = Order.objects.get(pk=held.pk)
    assert (order.status, order.reason) == ("cancelled", "charged 2.89 EUR instead of 28.90 EUR")
    assert stock_of("MUG-RED") == (10, 0)
    assert LogEntry.objects.get(object_id=held.pk).get_change_message().startswith("Cancelled;")
    assert act(superuser, held) == [
        "What you chose is not in this list any more: nothing was done."
    ]
    assert (stock_of("MUG-RED"), mail.outbox) == ((10, 0), [])

    told = {message.type: message.open for message in OutboxMessage.objects.all()}
    assert told == {"order.cancelled": "orders.mails", "order.money_owed": "orders.process"}
    assert follow(order) == []
    (sent,) = mail.outbox
    assert "What you were charged is refunded." in str(sent.body)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.PREPARED])
def test_others_are_left_as_they_are(superuser: Staff, state: State) -> None:
    order = make_order(state=state)
    form = {"action": "cancel_held_orders", "_selected_action": [order.pk]}

    page = superuser.post(f"{LIST}?status={order.status.value}", form, follow=True)

    assert [str(m) for m in page.context["messages"]] == [
        f"1 order not held, and not changed: {order.pk}."
    ]
    assert Order.objects.get(pk=order.pk).state == state


def test_whoever_may_only_look_may_not_cancel(clerk: Staff, held: Order) -> None:
    clerk.user.user_permissions.add(Permission.objects.get(codename="view_order"))

    assert act(clerk, held) == []
    assert Order.objects.get(pk=held.pk).status == "held"
