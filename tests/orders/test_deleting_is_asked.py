"""What the admin says before it deletes people, and who may; other rows of many."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from backoffice import deleting
from dynamodb import bulk
from tests.conftest import Customer, Staff
from tests.orders.deleting import (
    LIST,
    MANY,
    ada,
    delete,
    left_of,
)

__all__ = ["ada"]

pytestmark = pytest.mark.django_db(transaction=True)
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
