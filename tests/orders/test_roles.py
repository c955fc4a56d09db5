"""The group that `migrate` makes for those who look after orders."""

import pytest
from django.contrib.auth.models import Group

from orders.models import Order
from orders.roles import ORDER_CLERKS, create_order_clerks
from orders.states import State
from tests.conftest import Staff, make_user
from tests.orders.shopping import make_order

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/order/"


@pytest.fixture
def order_clerk(db: None) -> Staff:
    user = make_user("order_clerk", is_staff=True)
    user.groups.add(Group.objects.get(name=ORDER_CLERKS))
    return Staff(user)


def codenames() -> list[str]:
    group = Group.objects.get(name=ORDER_CLERKS)
    return sorted(group.permissions.values_list("codename", flat=True))


def test_clerks_look_and_end_what_is_held() -> None:
    assert codenames() == ["change_order", "view_order"]


def test_what_somebody_changed_stays() -> None:
    Group.objects.get(name=ORDER_CLERKS).permissions.clear()
    create_order_clerks()
    assert codenames() == []


def test_a_clerk_s_admin(order_clerk: Staff) -> None:
    order = make_order(state=State.CONFIRMED)

    assert order_clerk.get(LIST).status_code == 200
    page = order_clerk.get(f"{LIST}{order.number}/change/")
    assert page.status_code == 200
    assert order_clerk.post(f"{LIST}{order.number}/change/", {"email": "x"}).status_code == 403
    assert order_clerk.post(f"{LIST}{order.number}/delete/", {"post": "yes"}).status_code == 403
    assert Order.objects.get(pk=order.pk).email == "ada@example.com"
    actions = order_clerk.get(LIST).context["action_form"].fields["action"].choices
    assert [name for name, _ in actions] == ["", "cancel_held_orders"]
    for url in ("/admin/catalog/product/", "/admin/auth/user/", "/admin/auth/group/"):
        assert order_clerk.get(url).status_code == 403


def test_a_person_is_a_link_for_who_may_follow_it(order_clerk: Staff, superuser: Staff) -> None:
    user = make_user("ada")
    order = make_order(state=State.CONFIRMED, user=user)
    address, person = f"{LIST}{order.number}/change/", f"/admin/auth/user/{user.pk}/change/"
    for staff, leads_on in ((order_clerk, False), (superuser, True)):
        page = staff.get(address).content.decode()
        assert "ada" in page
        assert (person in page) == leads_on
    assert order_clerk.get(person).status_code == 403
