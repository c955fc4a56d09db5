"""People with very many orders, and clerks who delete them, for tests."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from dynamodb import bulk
from orders.models import Order
from orders.numbers import new_number
from tests.conftest import Staff, make_user
from tests.orders.shopping import ADDRESS, PLACED

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
