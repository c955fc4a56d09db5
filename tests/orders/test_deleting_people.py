"""People who ordered, and clerks who did much, are deleted in the admin; their orders stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from backoffice import deleting, deletion
from catalog.models import Variant
from dynamodb import bulk
from orders import services
from orders.models import Order
from orders.numbers import new_number
from tests.backoffice.elsewhere import elsewhere
from tests.backoffice.interference import Killed, after_write, kill
from tests.conftest import Customer, Staff, make_user
from tests.orders.shopping import ADDRESS, PLACED, check_out, fill_cart
from tests.outbox.queues import TestQueue

pytestmark = pytest.mark.django_db(transaction=True)

LIST = reverse("admin:auth_user_changelist")
MANY = 120


@pytest.fixture
def ada(db: None) -> User:
    """120 orders, 120 entries in the history, and in a group."""
    return with_much(make_user("ada"))


def with_much(person: User, *, orders: int = MANY, entries: int = MANY) -> User:
    person.groups.add(Group.objects.get(name="Order clerks"))
    bulk.load(order_of(person.pk, number) for number in range(orders))
    kind = ContentType.objects.get_for_model(Order)
    bulk.load(
        LogEntry(
            action_time=timezone.now() - timedelta(minutes=number),
            user_id=person.pk,
            content_type=kind,
            object_id=str(number),
            object_repr=str(number),
            action_flag=CHANGE,
            change_message="Cancelled.",
        )
        for number in range(entries)
    )
    return person


def order_of(user_id: int, number: int) -> Order:
    return Order(
        number=new_number(),
        user_id=user_id,
        email="ada@example.com",
        lines=[],
        currency="EUR",
        subtotal="0.00",
        shipping="0.00",
        tax="0.00",
        total="0.00",
        shipping_address=ADDRESS,
        payment_method="test-ok",
        history=[],
        placed_at=PLACED + timedelta(minutes=number),
        updated_at=PLACED,
    )


def delete_url(person: User) -> str:
    return reverse("admin:auth_user_delete", args=[person.pk])


def delete(staff: Staff, person: User) -> Any:
    return staff.post(delete_url(person), {"post": "yes"})


def delete_chosen(staff: Staff, *people: User) -> Any:
    keys = [person.pk for person in people]
    form = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    return staff.post(LIST, form)


def said(staff: Staff) -> list[str]:
    return [str(message) for message in staff.get(LIST).context["messages"]]


def left_of(person: User) -> tuple[int, int, int, int]:
    """The account, its orders, its entries in the history, its memberships."""
    return (
        User.objects.filter(pk=person.pk).count(),
        Order.objects.filter(user_id=person.pk).count(),
        LogEntry.objects.filter(user_id=person.pk).count(),
        User.groups.through.objects.filter(user_id=person.pk).count(),
    )


def deletions() -> list[str]:
    return [entry.object_repr for entry in LogEntry.objects.filter(action_flag=DELETION)]


def nobody_s_orders() -> int:
    return Order.objects.filter(user__isnull=True).count()


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


STAY = "<p>120 orders of ada are not deleted: they stay, without the user.</p>"


def test_the_page_that_asks_says_that_orders_stay(superuser: Staff, ada: User) -> None:
    page = superuser.get(reverse("admin:auth_user_delete", args=[ada.pk]))
    assert STAY in page.content.decode()


def test_so_does_the_action(superuser: Staff, ada: User, customer: Customer) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [ada.pk, customer.user.pk]}
    page = superuser.post(LIST, chosen).content.decode()
    assert STAY in page
    assert page.count("are not deleted") == 1  # the other has no orders


def test_of_very_many_it_says_no_number(
    superuser: Staff, ada: User, calls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "STAYING", 100)
    with calls() as made:
        page = superuser.get(reverse("admin:auth_user_delete", args=[ada.pk]))
    assert "<p>100 or more orders of ada are not deleted" in page.content.decode()
    asked = [(c.operation, c.index) for c in made if c.table.endswith("orders_order")]
    assert asked == [("Query", "order_user")]


def test_a_group_of_many(superuser: Staff) -> None:
    team = Group.objects.create(name="Everybody")
    people = [User(username=f"user-{number}") for number in range(110)]
    bulk.load(people)
    bulk.load(User.groups.through(user=person, group=team) for person in people)

    url = reverse("admin:auth_group_delete", args=[team.pk])
    assert "Everybody with 110 user-group relationships" in superuser.get(url).content.decode()
    assert superuser.post(url, {"post": "yes"}).status_code == 302

    assert not Group.objects.filter(name="Everybody").exists()
    assert User.groups.through.objects.filter(group_id=team.pk).count() == 0
    assert User.objects.filter(username__startswith="user-").count() == 110


def test_whoever_may_not_delete_people_deletes_nothing(clerk: Staff, ada: User) -> None:
    assert delete(clerk, ada).status_code == 403
    assert left_of(ada) == (1, MANY, MANY, 1)


def test_a_person_is_added_and_changed(superuser: Staff) -> None:
    form = {
        "username": "grace",
        "usable_password": "true",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }
    assert superuser.post(reverse("admin:auth_user_add"), form).status_code == 302
    grace = User.objects.get(username="grace")
    clerks = Group.objects.get(name="Order clerks")
    changed = {
        "username": "grace",
        "is_active": "on",
        "is_staff": "on",
        "groups": [clerks.pk],
        "date_joined_0": "2026-11-26",
        "date_joined_1": "12:00:00",
    }
    url = reverse("admin:auth_user_change", args=[grace.pk])
    assert superuser.post(url, changed).status_code == 302

    grace.refresh_from_db()
    assert (grace.is_staff, list(grace.groups.all())) == (True, [clerks])
