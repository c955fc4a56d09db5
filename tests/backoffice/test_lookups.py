"""What the admin's lists answer from their address, and what they refuse: every list there is."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

import backoffice.addresses  # noqa: F401 - registers all pages
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = {
    model._meta.label_lower: reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    )
    for model in admin.site._registry
}
EVIL = "(a+)+$"
REFUSED = [
    ("catalog.product", "name__regex"),
    ("catalog.product", "name__iregex"),
    ("catalog.product", "name__icontains"),
    ("catalog.product", "description__contains"),
    ("catalog.product", "brand"),
    ("catalog.product", "created_at__year"),
    ("catalog.product", "status__regex"),
    ("catalog.product", "status__in"),
    ("catalog.product", "category__name__regex"),
    ("catalog.product", "category__id"),
    ("catalog.category", "slug__regex"),
    ("orders.order", "email__regex"),
    ("orders.order", "user__password__startswith"),
    ("orders.order", "shipping_address__city"),
    ("auth.user", "username__regex"),
    ("auth.user", "password__startswith"),
    ("auth.user", "email"),
    ("auth.group", "name__regex"),
    ("auth.group", "user__password__startswith"),
]
ANSWERED = [
    ("catalog.product", "status__exact", "draft"),
    ("catalog.product", "category__id__exact", "1"),
    ("catalog.product", "o", "2"),
    ("orders.order", "status", "held"),
    ("auth.user", "is_staff__exact", "1"),
    ("auth.user", "is_active__exact", "0"),
]


def test_every_list_refuses_what_its_filters_do_not_ask(superuser: Staff) -> None:
    for url in LISTS.values():
        assert superuser.get(url).status_code == 200
        assert superuser.get(url, {"pk__regex": EVIL}).status_code == 400, url


@pytest.mark.parametrize(("model", "lookup"), REFUSED)
def test_refused(superuser: Staff, calls, model: str, lookup: str) -> None:
    with calls() as made:
        assert superuser.get(LISTS[model], {lookup: EVIL}).status_code == 400
    assert [call.operation for call in made] == ["GetItem"] * 2  # who asks: session and account


@pytest.mark.parametrize(("model", "lookup", "value"), ANSWERED)
def test_answered(superuser: Staff, model: str, lookup: str, value: str) -> None:
    assert superuser.get(LISTS[model], {lookup: value}).status_code == 200


def test_people_of_a_group(superuser: Staff, clerk: Staff) -> None:
    group = Group.objects.get(name="Order clerks")
    clerk.user.groups.add(group)
    page = superuser.get(LISTS["auth.user"], {"groups__id__exact": group.pk})
    assert list(page.context["cl"].result_list) == [clerk.user]


def test_what_is_refused_is_refused_to_an_action_too(superuser: Staff) -> None:
    form = {"action": "delete_selected", "_selected_action": ["1"]}
    url = f"{LISTS['catalog.product']}?name__regex=x"
    assert superuser.post(url, form).status_code == 400
