"""The group that `migrate` makes for those who look after customers."""

import pytest
from django.contrib.auth.models import Group

from customers.models import Customer
from customers.roles import CUSTOMER_SERVICE, create_customer_service
from tests.backoffice.browser import Tab
from tests.conftest import Staff, make_user
from tests.customers.people import make_customer, stored

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/customers/customer/"
GROUPS = "/admin/customers/customergroup/"


@pytest.fixture
def service(db: None) -> Staff:
    user = make_user("service", is_staff=True)
    user.groups.add(Group.objects.get(name=CUSTOMER_SERVICE))
    return Staff(user)


@pytest.fixture
def ada(db: None) -> Customer:
    return make_customer(name="Ada")


def codenames() -> list[str]:
    group = Group.objects.get(name=CUSTOMER_SERVICE)
    return sorted(group.permissions.values_list("codename", flat=True))


def test_they_change_customers_and_look_at_groups() -> None:
    assert codenames() == ["change_customer", "view_customer", "view_customergroup"]


def test_what_somebody_changed_stays() -> None:
    Group.objects.get(name=CUSTOMER_SERVICE).permissions.clear()
    create_customer_service()
    assert codenames() == []


def test_their_admin(service: Staff, ada: Customer) -> None:
    page = f"{LIST}{ada.pk}/change/"
    assert service.get(LIST).status_code == 200
    assert Tab(service, page).type(notes="Called.").save().status_code == 302
    assert stored(ada).notes == "Called."
    assert service.get(GROUPS).status_code == 200
    for url in (f"{LIST}add/", f"{LIST}{ada.pk}/delete/", f"{GROUPS}add/", "/admin/auth/user/"):
        assert service.get(url).status_code == 403


def test_nobody_else(manager: Staff, clerk: Staff, ada: Customer) -> None:
    for staff in (manager, clerk):
        for url in (LIST, f"{LIST}{ada.pk}/change/", GROUPS):
            assert staff.get(url).status_code == 403
