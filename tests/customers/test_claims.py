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
from tests.customers.people import HOME, OFFICE, consent, make_customer, once, stored, told

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


def test_a_consent_of_the_guest_s_is_proven_and_told_as_it_was(
    user: User, guest: Customer, listener: None
) -> None:
    """Given to a clerk, in German: that is what the account's record says, too."""
    own = make_customer(user=user)
    says(own, given=True)
    before = told()
    says(guest, minutes=1, given=True, purpose="sms", language="de", by="staff:7")
    says(guest, minutes=2, given=False, purpose="newsletter", language="de")
    of_guest = told()[len(before) :]

    mine = claim(user)

    copied = ConsentRecord.objects.filter(customer=mine, source="claim").order_by("entry")
    assert [(each.entry, each.given, each.language, each.by) for each in copied] == [
        ("2026-03-01T12:01:00.000000Z sms", True, "de", "staff:7"),
        ("2026-03-01T12:02:00.000000Z newsletter", False, "de", "customer"),
    ]
    changed = "customer.consent_changed"
    assert sorted(told()[len(before) + len(of_guest) :], key=str) == [
        (changed, {"customer": mine.pk, "purpose": "newsletter", "state": "withdrawn"}),
        (changed, {"customer": mine.pk, "purpose": "sms", "state": "given"}),
    ]


def test_what_is_so_already_is_not_told_again(user: User, guest: Customer, listener: None) -> None:
    says(make_customer(user=user))
    says(guest, minutes=1)
    before = told()
    claim(user)
    assert told() == before


def test_the_guest_s_default_is_a_default_where_there_was_none(user: User, guest: Customer) -> None:
    Customer.objects.filter(pk=guest.pk).update(
        addresses=[HOME, OFFICE],
        default_shipping_address=OFFICE["id"],
        default_billing_address=OFFICE["id"],
    )
    other = {**HOME, "id": "00000003"}  # the guest's HOME, by the account's own id
    make_customer(user=user, addresses=[other], default_billing_address=other["id"])

    mine = claim(user)

    assert mine.addresses == [other, OFFICE]
    assert mine.default_shipping_address == OFFICE["id"]
    assert mine.default_billing_address == other["id"]


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
