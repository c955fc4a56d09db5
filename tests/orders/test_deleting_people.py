"""People who ordered, and clerks who did much, are deleted in the admin; their orders stay."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from backoffice import deletion
from catalog.models import Variant
from orders import services
from orders.models import Order
from tests.backoffice.elsewhere import elsewhere
from tests.backoffice.interference import Killed, after_write, kill
from tests.conftest import Customer, Staff, make_user
from tests.orders.deleting import (
    MANY,
    ada,
    delete,
    delete_chosen,
    delete_url,
    deletions,
    left_of,
    nobody_s_orders,
    order_of,
    with_much,
)
from tests.orders.shopping import check_out, fill_cart
from tests.outbox.queues import TestQueue

__all__ = ["ada"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("way", [delete, delete_chosen])
def test_orders_stay_and_the_history_goes(
    superuser: Staff, ada: User, way: Callable[..., Any]
) -> None:
    with after_write(0, kill) as writes:
        assert way(superuser, ada).status_code == 302

    assert left_of(ada) == (0, 0, 0, 0)
    assert nobody_s_orders() == MANY
    assert deletions() == ["ada"]
    # Closed; 5 parts of orders, 5 of entries, 1 of memberships; account and history's line.
    assert writes == ["UpdateItem", *["TransactWriteItems"] * 12]


def test_several_people_at_once(superuser: Staff, ada: User) -> None:
    bob = with_much(make_user("bob"), orders=30, entries=30)

    assert delete_chosen(superuser, ada, bob).status_code == 302

    assert (left_of(ada), left_of(bob)) == ((0, 0, 0, 0), (0, 0, 0, 0))
    assert nobody_s_orders() == MANY + 30
    assert sorted(deletions()) == ["ada", "bob"]


def test_the_question_tells_how_many(superuser: Staff, ada: User) -> None:
    page = superuser.get(delete_url(ada)).content.decode()

    assert "Log entries: 120" in page
    assert "ada with 120 log entries, 1 user-group relationship" in page
    assert left_of(ada) == (1, MANY, MANY, 1)


def test_the_question_names_a_few(superuser: Staff) -> None:
    bob = with_much(make_user("bob"), orders=3, entries=2)

    page = superuser.get(delete_url(bob)).content.decode()

    assert page.count("Log entry: ") == 2
    assert "Log entries: 2" in page


def test_killed_after_each_write_it_goes_on_when_asked_again(superuser: Staff, ada: User) -> None:
    """Children first: whatever the moment, there is no row whose person is gone."""
    seen = []
    while User.objects.filter(pk=ada.pk).exists():
        with after_write(1, kill), pytest.raises(Killed):
            delete(superuser, ada)
        seen.append(left_of(ada))

    parts = [95, 70, 45, 20, 0]
    assert seen == [
        (1, MANY, MANY, 1),  # closed, and nothing else
        *((1, MANY, left, 1) for left in parts),
        (1, MANY, 0, 0),
        *((1, left, 0, 0) for left in parts),
        (0, 0, 0, 0),
    ]
    assert nobody_s_orders() == MANY
    assert deletions() == ["ada"]


def test_more_than_a_request_has_time_for(
    superuser: Staff, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "MOST", 100)
    unfinished = (
        "There is more to delete than one request has time for, and a part of it is deleted. "
        "Do the same again to go on."
    )

    answers = []
    while User.objects.filter(pk=ada.pk).exists():
        page = superuser.post(delete_url(ada), {"post": "yes"}, follow=True)
        answers += [str(message) for message in page.context["messages"]]

    assert answers == [unfinished, unfinished, "The user “ada” was deleted successfully."]
    assert left_of(ada) == (0, 0, 0, 0)
    assert nobody_s_orders() == MANY


@pytest.mark.parametrize("moment", [1, 4, 8, 12])
def test_two_clerks_at_once(superuser: Staff, ada: User, moment: int) -> None:
    """The other clerk deletes the same person, start to end, after so many writes of ours."""
    other = Staff(make_user("other", is_staff=True, is_superuser=True))
    answers: list[Any] = []

    with after_write(moment, lambda: answers.append(elsewhere(lambda: delete(other, ada)))):
        assert delete(superuser, ada).status_code == 302

    assert [answer.status_code for answer in answers] == [302]
    assert left_of(ada) == (0, 0, 0, 0)
    assert nobody_s_orders() == MANY
    assert deletions() == ["ada"]


@pytest.mark.parametrize("moment", [1, 12, 13])
def test_an_order_that_was_on_its_way(superuser: Staff, ada: User, moment: int) -> None:
    """Stored while the person is deleted, and at the latest right after: nobody's, too."""
    late = order_of(ada.pk, MANY)

    with after_write(moment, lambda: elsewhere(lambda: late.save(force_insert=True))):
        assert delete(superuser, ada).status_code == 302

    assert left_of(ada) == (0, 0, 0, 0)
    assert nobody_s_orders() == MANY + 1


def test_who_is_being_deleted_orders_nothing_more(
    superuser: Staff, customer: Customer, mug: Variant, order_queue: TestQueue
) -> None:
    """Killed right after the beginning: the account is closed already."""
    fill_cart(customer, {"MUG-RED": 1})
    with after_write(1, kill), pytest.raises(Killed):
        delete(superuser, customer.user)

    assert check_out(customer).status_code == 401
    assert Order.objects.count() == 0


@pytest.fixture
def deleted_meanwhile(superuser: Staff, customer: Customer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The customer is deleted between a checkout's reading and its commit."""
    build = services.new_order
    answers: list[Any] = []

    def interrupted(checkout: services.Checkout) -> Order:
        if not answers:
            answers.append(elsewhere(lambda: delete(superuser, customer.user)))
        return build(checkout)

    monkeypatch.setattr(services, "new_order", interrupted)
    return answers


def test_deleted_within_a_checkout(
    customer: Customer, mug: Variant, order_queue: TestQueue, deleted_meanwhile: list[Any]
) -> None:
    fill_cart(customer, {"MUG-RED": 1})

    assert check_out(customer).status_code == 401

    assert [answer.status_code for answer in deleted_meanwhile] == [302]
    assert Order.objects.count() == 0
    assert left_of(customer.user) == (0, 0, 0, 0)


def test_deleted_within_a_checkout_without_the_guard(
    customer: Customer,
    mug: Variant,
    order_queue: TestQueue,
    deleted_meanwhile: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "hold_account", lambda user: None)
    fill_cart(customer, {"MUG-RED": 1})

    assert check_out(customer).status_code == 202

    assert left_of(customer.user) == (0, 1, 0, 0)  # an order of nobody who exists


def test_an_order_of_nobody_who_exists_can_be_looked_at(superuser: Staff) -> None:
    order = order_of(12345, 0)
    order.save(force_insert=True)

    page = superuser.get(reverse("admin:orders_order_change", args=[order.pk]))

    assert page.status_code == 200
