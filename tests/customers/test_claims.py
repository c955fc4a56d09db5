"""A guest's customer becomes the account's, once the address is proven to be the account's."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from customers.claims import claim_guest_customer
from customers.consents import record_consent
from customers.models import ConsentRecord, Customer
from customers.selectors import customer_of_guest, customer_of_user
from customers.services import find_or_create_guest
from tests.conftest import make_user
from tests.customers.people import HOME, OFFICE, consent, make_customer, once, stored

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "Ada@Example.com"


@pytest.fixture
def user(db: None) -> User:
    return make_user("ada")


@pytest.fixture
def guest(db: None) -> Customer:
    return make_customer(
        email=ADDRESS, name="Ada Byron", phone="030 1", addresses=[HOME], groups=["vip"]
    )


def claim(user: User, address: str = ADDRESS) -> Customer:
    customer = once(lambda: claim_guest_customer(user=user, verified_email=address))
    return stored(customer)


def says(customer: Customer, **said: Any) -> None:
    once(lambda: record_consent(customer=stored(customer), consent=consent(**said)))


def test_an_account_without_a_customer_gets_the_guest_s(user: User, guest: Customer) -> None:
    says(guest)
    mine = claim(user)

    assert (mine.pk, mine.user_id, mine.guest_email) == (guest.pk, user.pk, None)
    assert (mine.name, mine.addresses, mine.groups) == ("Ada Byron", [HOME], ["vip"])
    assert ConsentRecord.objects.filter(customer=mine).count() == 1
    assert customer_of_guest(email=ADDRESS) is None


def test_the_next_guest_of_the_address_is_another(user: User, guest: Customer) -> None:
    claim(user)
    assert once(lambda: find_or_create_guest(email=ADDRESS)).pk != guest.pk


def test_an_account_with_a_customer_takes_what_it_lacks(user: User, guest: Customer) -> None:
    own = make_customer(user=user, name="A. Byron", addresses=[OFFICE], groups=["trade"])
    says(own, minutes=1, given=False)
    says(guest, minutes=0)
    says(guest, minutes=2, purpose="sms")

    mine = claim(user)

    assert (mine.pk, mine.email) == (own.pk, "ada@example.com")
    assert (mine.name, mine.phone) == ("A. Byron", "030 1")
    assert (mine.addresses, mine.groups) == ([OFFICE, HOME], ["trade", "vip"])
    assert {name: state["given"] for name, state in mine.consents.items()} == {
        "newsletter": False,
        "sms": True,
    }
    copied = ConsentRecord.objects.get(customer=mine, purpose="sms")
    assert (copied.source, copied.entry) == ("claim", "2026-03-01T12:02:00.000000Z sms")


def test_what_went_into_another_is_empty_and_says_where_to(user: User, guest: Customer) -> None:
    says(guest)
    own = make_customer(user=user)
    claim(user)

    left = stored(guest)
    assert (left.merged_into, left.is_gone) == (own.pk, True)
    assert (left.email, left.guest_email, left.name, left.addresses) == ("", None, "", [])
    assert ConsentRecord.objects.filter(customer=left).count() == 1


def test_without_a_guest_the_address_is_the_account_s(user: User) -> None:
    mine = claim(user, "ada@byron.example")
    assert (mine.user_id, mine.email, mine.version) == (user.pk, "ada@byron.example", 1)
    assert claim(user, "ada@byron.example").version == 1
    assert claim(user).version == 2


def test_nobody_else_s(user: User, guest: Customer) -> None:
    """GIVEN an account with the guest's address, which has proven another one."""
    user.email = "ada@example.com"
    user.save()
    mine = claim(user, "eve@example.com")

    assert (mine.pk != guest.pk, mine.name) == (True, "")
    assert stored(guest).guest_email == "ada@example.com"


def test_twice_is_once(user: User, guest: Customer) -> None:
    first = claim(user)
    assert (claim(user).pk, stored(guest).version) == (first.pk, 2)
    found = customer_of_user(user=user)
    assert found is not None and found.pk == guest.pk
