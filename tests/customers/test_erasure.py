"""Nothing is left of a person, and the records of consents prove what was allowed."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from customers.consents import record_consent
from customers.erasure import erase_customer
from customers.errors import CustomerErased
from customers.models import ConsentRecord, Customer
from customers.selectors import customer_of_guest, customer_of_user, list_consent_records
from customers.services import find_or_create_customer, find_or_create_guest
from dynamodb.errors import ConflictError
from tests.conftest import make_user
from tests.customers.people import HOME, consent, make_customer, once, stored, told

pytestmark = pytest.mark.django_db(transaction=True)

PERSONAL: dict[str, Any] = {
    "phone": "030 1",
    "name": "Ada Byron",
    "surname_first": "byron ada",
    "language": "en",
    "currency": "GBP",
    "groups": ["vip"],
    "channels": ["sms"],
    "addresses": [HOME],
    "default_shipping_address": HOME["id"],
    "default_billing_address": HOME["id"],
    "birth_date": date(1815, 12, 10),
    "gender": "female",
    "company": "Analytical Engines",
    "vat_id": "GB1",
    "notes": "Called twice.",
}
NOT_PERSONAL = {"id", "created_at", "updated_at", "version", "erased_at", "merged_into"}


@pytest.fixture
def user(db: None) -> User:
    return make_user("ada")


@pytest.fixture
def ada(user: User) -> Customer:
    """All there is to know of her."""
    customer = make_customer(user=user, **PERSONAL)
    once(lambda: record_consent(customer=customer, consent=consent()))
    return customer


def row(customer: Customer) -> dict[str, Any]:
    return dict(Customer.objects.filter(pk=customer.pk).values().get())


def test_all_columns_are_looked_at() -> None:
    """GIVEN a new column: somebody says here whether it is a person's."""
    known = {*PERSONAL, *NOT_PERSONAL, "user", "email", "guest_email", "consents"}
    assert {field.name for field in Customer._meta.concrete_fields} == known


def test_nothing_is_left(ada: Customer, listener: None) -> None:
    once(lambda: erase_customer(customer=ada))

    left = {name: value for name, value in row(ada).items() if name not in NOT_PERSONAL}
    assert [value for value in left.values() if value not in ("", None, [], {})] == []
    assert len(left) == len(PERSONAL) + 4
    assert row(ada)["erased_at"] is not None
    assert told() == [("customer.erased", {"customer": ada.pk})]


def test_the_records_stay_and_name_nobody(ada: Customer) -> None:
    before = list(ConsentRecord.objects.filter(customer=ada).values())
    once(lambda: erase_customer(customer=ada))

    assert list(ConsentRecord.objects.filter(customer=ada).values()) == before
    assert len(list_consent_records(customer=ada)) == 1
    assert {name: value for name, value in before[0].items() if name != "at"} == {
        "customer_id": ada.pk,
        "entry": "2026-03-01T12:00:00.000000Z newsletter",
        "purpose": "newsletter",
        "given": True,
        "version": "2026-03",
        "source": "account",
        "language": "en",
        "by": "customer",
    }


def test_the_account_and_the_address_are_free_again(ada: Customer, user: User) -> None:
    guest = make_customer(email="ada@example.com")
    once(lambda: erase_customer(customer=ada))
    once(lambda: erase_customer(customer=guest))

    assert customer_of_user(user=user) is None
    assert customer_of_guest(email="ada@example.com") is None
    assert once(lambda: find_or_create_customer(user=user)).pk != ada.pk
    assert once(lambda: find_or_create_guest(email="ada@example.com")).pk != guest.pk


def test_once(ada: Customer) -> None:
    once(lambda: erase_customer(customer=ada))
    with pytest.raises(CustomerErased):
        once(lambda: erase_customer(customer=stored(ada)))


def test_what_was_read_before_brings_nothing_back(ada: Customer) -> None:
    late = stored(ada)
    once(lambda: erase_customer(customer=ada))

    with pytest.raises(ConflictError):
        once(lambda: record_consent(customer=late, consent=consent(minutes=1)))

    assert row(ada)["consents"] == {}
    assert ConsentRecord.objects.filter(customer=ada).count() == 1


def test_what_it_costs(ada: Customer, calls: Any) -> None:
    """The row again, since its unique values go with it."""
    with calls() as made:
        once(lambda: erase_customer(customer=ada))
    assert [call.operation for call in made] == ["GetItem", "TransactWriteItems"]
