"""Consents: each is proven by a record, and the customer has what is the case now."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from customers.consents import Consent, record_consent
from customers.errors import CustomerErased
from customers.models import ConsentRecord, Customer
from customers.selectors import list_consent_records
from tests.customers.people import consent, make_customer, once, stored, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(db: None) -> Customer:
    return make_customer()


def record(customer: Customer, said: Consent) -> bool:
    """With the customer as it is stored."""
    return once(lambda: record_consent(customer=stored(customer), consent=said))


def given(customer: Customer) -> dict[str, bool]:
    return {purpose: state["given"] for purpose, state in stored(customer).consents.items()}


def test_a_consent(ada: Customer) -> None:
    assert record(ada, consent(by="staff:7", source="staff")) is True

    assert stored(ada).consents == {
        "newsletter": {"given": True, "version": "2026-03", "at": "2026-03-01T12:00:00.000000Z"}
    }
    kept = ConsentRecord.objects.get(customer=ada)
    names = ("purpose", "given", "version", "source", "language", "by")
    assert [getattr(kept, name) for name in names] == [
        "newsletter", True, "2026-03", "staff", "en", "staff:7",
    ]  # fmt: skip
    assert kept.entry == "2026-03-01T12:00:00.000000Z newsletter"
    assert kept.at == consent().at


def test_each_purpose_by_itself(ada: Customer) -> None:
    record(ada, consent())
    record(ada, consent(purpose="sms"))
    record(ada, consent(minutes=1, given=False))
    assert given(ada) == {"newsletter": False, "sms": True}


def test_what_comes_late_is_kept_and_changes_nothing(ada: Customer, listener: None) -> None:
    record(ada, consent(minutes=5, given=False))
    assert record(ada, consent(minutes=1)) is False

    assert given(ada) == {"newsletter": False}
    assert [each.given for each in list_consent_records(customer=ada)] == [False, True]
    assert [event["state"] for _, event in told()] == ["withdrawn"]


def test_records_are_listed_from_the_latest_on(ada: Customer) -> None:
    for minutes in (2, 0, 1):
        record(ada, consent(minutes=minutes, version=str(minutes)))
    make_customer(email="other@example.com")
    found = list_consent_records(customer=ada)
    assert [each.version for each in found] == ["2", "1", "0"]


def test_the_same_record_twice_is_one(ada: Customer) -> None:
    record(ada, consent())
    with pytest.raises(IntegrityError):
        record(ada, consent())
    assert ConsentRecord.objects.filter(customer=ada).count() == 1
    assert stored(ada).version == 2


def test_an_event_tells_of_another_state_only(ada: Customer, listener: None) -> None:
    record(ada, consent())
    record(ada, consent(minutes=1, version="2026-04"))  # the same, to a newer text
    record(ada, consent(minutes=2, given=False))

    named = {"customer": ada.pk, "purpose": "newsletter"}
    assert told() == [
        ("customer.consent_changed", {**named, "state": "given"}),
        ("customer.consent_changed", {**named, "state": "withdrawn"}),
    ]
    assert stored(ada).consents["newsletter"]["version"] == "2026-03"


def test_nothing_is_recorded_of_who_is_gone(ada: Customer) -> None:
    Customer.objects.update(erased_at=ada.created_at)
    with pytest.raises(CustomerErased):
        record(ada, consent())
    assert ConsentRecord.objects.filter(customer=ada).count() == 0


def test_what_it_costs(ada: Customer, calls: Any) -> None:
    for minutes, write in ((0, "TransactWriteItems"), (-1, "PutItem")):
        with calls() as made, transaction.atomic():
            record_consent(customer=stored(ada), consent=consent(minutes=minutes))
        assert [call.operation for call in made] == ["GetItem", write]
    with calls() as made:
        assert len(list_consent_records(customer=ada)) == 2
    assert [(call.operation, call.index) for call in made] == [("Query", None)]
