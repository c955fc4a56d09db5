"""Several who change, or make, one customer at the same moment."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from customers.claims import claim_guest_customer
from customers.consents import record_consent
from customers.erasure import erase_customer, nobody
from customers.errors import CustomerErased
from customers.models import ConsentRecord, Customer
from customers.rules import MOST_ADDRESSES
from customers.selectors import customer_of_guest
from customers.services import add_address, find_or_create_customer, find_or_create_guest
from tests.cart.races import at_once
from tests.conftest import Customer as Client
from tests.conftest import make_user
from tests.customers.people import HOME, consent, in_turn, make_customer, stored
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


def test_the_book_has_room_for_one_of_five(customer: Client) -> None:
    book = [{**HOME, "id": f"{number:08x}"} for number in range(MOST_ADDRESSES - 1)]
    mine = make_customer(user=customer.user, addresses=book)

    def add() -> int:
        return int(customer.post(f"{URL}addresses/", {"address": BERLIN}).status_code)

    assert sorted(at_once(*[add] * 5)) == [201, 409, 409, 409, 409]
    assert len(stored(mine).addresses) == MOST_ADDRESSES


def test_what_is_written_while_somebody_is_erased_is_of_a_new_customer(customer: Client) -> None:
    """The account is left: what it writes afterwards, or at the same moment, is kept, and nothing
    of it with whom was erased."""
    mine = make_customer(user=customer.user, name="Ada", addresses=[HOME])
    given = {"purpose": "newsletter", "given": True, "version": "1"}

    def erase() -> int:
        in_turn(lambda: erase_customer(customer=stored(mine)))
        return 200

    answers = at_once(
        erase,
        lambda: customer.patch(URL, {"phone": "030 100"}).status_code,
        lambda: customer.post(f"{URL}addresses/", {"address": BERLIN}).status_code,
        lambda: customer.post(f"{URL}consents/", given).status_code,
    )

    assert answers == [200, 200, 201, 200]
    erased = stored(mine)
    assert erased.erased_at is not None
    assert {name: getattr(erased, name) for name in nobody()} == nobody()
    with pytest.raises(CustomerErased):
        in_turn(lambda: erase_customer(customer=stored(mine)))
    assert customer.patch(URL, {"phone": "030 200"}).status_code == 200
    assert Customer.objects.get(user=customer.user).phone == "030 200"


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
