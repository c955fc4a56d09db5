"""Parcels and returns: stock, statuses and money follow what moves."""

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from catalog.models import StockMovement, Variant
from dynamodb.errors import ConflictError
from orders.fulfilling import (
    announce_return,
    mark,
    parcels_of,
    receive_return,
    returns_of,
    ship,
)
from orders.models import Fulfilment, Order, Return
from orders.process.ending import cancel_order
from orders.reconciling import faults_of, mend
from orders.timeline import timeline_of
from payments.models import Payment
from tests.cart.articles import stock_article, stock_of
from tests.cart.races import at_once
from tests.orders.shopping import deliver, follow, make_order

pytestmark = pytest.mark.django_db(transaction=True)

SHIPPED, DELIVERED = Fulfilment.State.SHIPPED, Fulfilment.State.DELIVERED
ACCEPTED, REJECTED = Return.Acceptance.ACCEPTED, Return.Acceptance.REJECTED


@pytest.fixture
def order(mug: Variant) -> Order:
    """Two mugs and a cup, paid."""
    stock_article("CUP")
    order = make_order({"MUG-RED": 2, "CUP": 1})
    assert deliver(order) == []
    return again(order)


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def statuses(order: Order) -> tuple[str, str]:
    stored = again(order)
    return stored.fulfilment_status or "", stored.standing or ""


def test_in_two_parcels(order: Order) -> None:
    first = ship(order=order, lines={"MUG-RED": 1}, carrier="DHL", tracking="00340", by="clerk")
    assert (first.number, statuses(order)) == (1, ("partial", "confirmed"))
    assert (stock_of("MUG-RED"), stock_of("CUP")) == ((8, 1), (9, 1))

    second = ship(order=order, lines={"MUG-RED": 1, "CUP": 1})
    assert (second.number, statuses(order)) == (2, ("fulfilled", "confirmed"))
    assert (stock_of("MUG-RED"), stock_of("CUP")) == ((8, 0), (9, 0))

    mark(parcel=first, state=DELIVERED)
    assert statuses(order) == ("fulfilled", "confirmed")
    mark(parcel=second, state=DELIVERED)
    assert statuses(order) == ("delivered", "completed")
    moved = StockMovement.objects.filter(document__startswith=order.pk)
    assert sorted((each.document, each.kind, each.lines) for each in moved) == [
        (order.pk, "allocation", {"MUG-RED": 2, "CUP": 1}),
        (f"{order.pk}/f1", "sale", {"MUG-RED": 1}),
        (f"{order.pk}/f2", "sale", {"MUG-RED": 1, "CUP": 1}),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ({}, ["At least one piece."]),
        ({"MUG-RED": 0}, ["At least one piece."]),
        ({"MUG-RED": 3}, ["MUG-RED: 2 left"]),
        ({"MUG-RED": 1, "HAT": 1}, ["HAT: 0 left"]),
    ],
)
def test_no_more_is_sent_than_was_ordered(
    order: Order, lines: dict[str, int], said: list[str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        ship(order=order, lines=lines)
    detail: Any = refused.value.detail
    assert detail["lines"] == said
    assert (parcels_of(order.pk), stock_of("MUG-RED")) == ([], (8, 2))


def test_nothing_is_sent_of_an_order_that_is_not_confirmed(mug: Variant) -> None:
    with pytest.raises(ValidationError):
        ship(order=make_order(), lines={"MUG-RED": 1})


def test_the_last_piece_is_sent_once(order: Order) -> None:
    def send() -> str:
        try:
            ship(order=order, lines={"CUP": 1})
        except (ValidationError, ConflictError) as error:
            return type(error).__name__
        return "sent"

    outcomes = at_once(*[send] * 5)

    assert outcomes.count("sent") == 1
    assert (len(parcels_of(order.pk)), stock_of("CUP")) == (1, (9, 0))


def test_what_has_left_is_not_cancelled(order: Order) -> None:
    ship(order=order, lines={"CUP": 1})
    assert cancel_order(order=again(order), reason="late") is False
    assert again(order).state == "confirmed"


@pytest.mark.parametrize(
    ("acceptance", "restock", "stock", "status"),
    [
        (ACCEPTED, True, (9, 0), "partly_returned"),
        (ACCEPTED, False, (8, 0), "partly_returned"),
        (REJECTED, True, (8, 0), "fulfilled"),
    ],
)
def test_a_return(
    order: Order,
    acceptance: Return.Acceptance,
    restock: bool,
    stock: tuple[int, int],
    status: str,
) -> None:
    ship(order=order, lines={"MUG-RED": 2, "CUP": 1})
    back = announce_return(order=order, lines={"MUG-RED": 1}, reason="too red")
    assert (stock_of("MUG-RED"), statuses(order)[0]) == ((8, 0), "fulfilled")

    for _ in range(2):
        receive_return(back=back, acceptance=acceptance, restock=restock)

    assert (stock_of("MUG-RED"), statuses(order)[0]) == (stock, status)


def test_no_more_comes_back_than_was_sent(order: Order) -> None:
    ship(order=order, lines={"MUG-RED": 1})
    announce_return(order=order, lines={"MUG-RED": 1})
    for lines in ({"MUG-RED": 1}, {"CUP": 1}):
        with pytest.raises(ValidationError):
            announce_return(order=order, lines=lines)
    assert len(returns_of(order.pk)) == 1


def test_all_of_it_came_back(order: Order) -> None:
    everything = {"MUG-RED": 2, "CUP": 1}
    ship(order=order, lines=everything)
    back = announce_return(order=order, lines=everything)
    receive_return(back=back, acceptance=ACCEPTED, restock=True)
    assert statuses(order) == ("returned", "completed")
    assert (stock_of("MUG-RED"), stock_of("CUP")) == ((10, 0), (10, 0))


def test_what_came_back_completes_nothing_while_pieces_are_to_be_sent(order: Order) -> None:
    ship(order=order, lines={"MUG-RED": 2})
    back = announce_return(order=order, lines={"MUG-RED": 1})
    receive_return(back=back, acceptance=ACCEPTED, restock=True)
    assert statuses(order) == ("partial", "confirmed")
    ship(order=order, lines={"CUP": 1})
    assert statuses(order)[0] == "partly_returned"


def test_what_was_promised_is_taken_with_the_first_parcel(mug: Variant, settings: Any) -> None:
    settings.CAPTURE_LATER = True
    order = make_order({"MUG-RED": 2})
    assert deliver(order) == []
    assert (again(order).state, again(order).payment_status) == ("confirmed", "authorized")

    ship(order=order, lines={"MUG-RED": 1})
    assert follow(order) == []

    assert again(order).payment_status == "charged"
    payment = Payment.objects.get(order=order.pk, number=1)
    assert [fact.kind.value for fact in payment.known] == ["authorized", "charged"]
    assert str(payment.sums.charged) == "28.90"


def test_the_timeline(order: Order) -> None:
    ship(order=order, lines={"CUP": 1}, by="clerk")
    told = [(each.what, each.details, each.by) for each in timeline_of(again(order))]
    assert sorted(told) == [
        ("charged", "28.90 EUR", ""),
        ("confirmed", "", ""),
        ("created", "", ""),
        ("mailed", "confirmed", ""),
        ("prepared", "", ""),
        ("shipped", "parcel 1", "clerk"),
    ]


def test_reconciling_knows_what_parcels_say(order: Order) -> None:
    ship(order=order, lines={"CUP": 1})
    assert list(faults_of(again(order))) == []
    Order.objects.filter(pk=order.pk).update(fulfilment_status="fulfilled")
    wrong = f"{order}: fulfilment fulfilled, and its parcels say partial"
    assert list(faults_of(again(order))) == [wrong]
    mend(again(order))
    assert list(faults_of(again(order))) == []
