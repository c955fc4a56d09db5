"""Several who change, or make, one customer at the same moment."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from customers.claims import claim_guest_customer
from customers.consents import record_consent
from customers.models import ConsentRecord, Customer
from customers.selectors import customer_of_guest
from customers.services import add_address, find_or_create_customer, find_or_create_guest
from tests.cart.races import at_once
from tests.conftest import Customer as Client
from tests.conftest import make_user
from tests.customers.people import consent, in_turn, make_customer, stored
from tests.customers.places import BERLIN

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/customer/"


@pytest.fixture
def user(db: None) -> User:
    return make_user("ada")


def test_first_requests_make_one_customer(customer: Client) -> None:
    def change(number: int) -> Any:
        return customer.patch(URL, {"phone": f"030 {number}00"}).status_code

    assert customer.get(URL).status_code == 200
    assert at_once(*[lambda n=n: change(n) for n in range(1, 6)]) == [200] * 5
    assert Customer.objects.get().version == 5


def test_an_account_s_first_uses_make_one(user: User) -> None:
    def find() -> str:
        return in_turn(lambda: find_or_create_customer(user=user)).pk

    assert len(set(at_once(*[find] * 5))) == 1
    assert Customer.objects.count() == 1


def test_a_guest_s_first_orders_make_one() -> None:
    def find() -> str:
        return in_turn(lambda: find_or_create_guest(email="ada@example.com")).pk

    assert len(set(at_once(*[find] * 5))) == 1
    assert Customer.objects.count() == 1


def test_no_address_is_lost(user: User) -> None:
    customer = make_customer(user=user)

    def add() -> None:
        in_turn(lambda: add_address(customer=stored(customer), address=BERLIN))

    at_once(*[add] * 5)
    assert len(stored(customer).addresses) == 5


def test_the_latest_consent_counts_in_whatever_order() -> None:
    customer = make_customer()

    def record(minutes: int) -> None:
        said = consent(minutes=minutes, given=minutes % 2 == 0)
        in_turn(lambda: record_consent(customer=stored(customer), consent=said))

    at_once(*[lambda n=n: record(n) for n in (3, 0, 4, 1, 2)])
    assert stored(customer).consents["newsletter"] == {
        "given": True,
        "version": "2026-03",
        "at": "2026-03-01T12:04:00.000000Z",
    }
    assert ConsentRecord.objects.filter(customer=customer).count() == 5


def test_two_accounts_claim_one_guest(user: User) -> None:
    """Both have proven the address: the second finds no guest any more."""
    guest = make_customer(email="ada@example.com", name="Ada")
    other = make_user("other")

    def claim(who: User) -> str:
        return in_turn(lambda: claim_guest_customer(user=who, verified_email="ada@example.com")).pk

    claimed = at_once(lambda: claim(user), lambda: claim(other))
    assert (len(set(claimed)), guest.pk in claimed) == (2, True)
    assert customer_of_guest(email="ada@example.com") is None
    assert sorted(each.name for each in Customer.objects.all()) == ["", "Ada"]
