"""Consents: an append-only table proves them, and the customer holds what is the case now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from customers.errors import CustomerErased
from customers.events import ConsentChanged
from customers.models import ConsentRecord, Customer
from customers.rules import is_newer
from customers.services import store_customer
from dynamodb.duplicates import deferred_duplicates
from outbox.services import emit

CUSTOMER = "customer"  # who gave it: the person themselves
NEXT = timedelta(microseconds=1)  # what moments are told apart by


class Consent(NamedTuple):
    """What was given or withdrawn, when, and how it is known.

    `version` names the text that was shown, `by` is `customer` or `staff:` and a user's id.
    """

    purpose: str
    given: bool
    version: str
    at: datetime
    source: str
    language: str = ""
    by: str = CUSTOMER


def record_consent(*, customer: Customer, consent: Consent) -> bool:
    """Append the record and, unless a later one is known, change the customer: one write.

    Call it in a transaction, as all that changes a customer. False for a record that comes late:
    what it says is kept, and was not the case any more. Raises CustomerErased; the commit raises
    IntegrityError for a record that is there (same customer, moment, purpose).
    """
    if customer.is_gone:
        raise CustomerErased(customer.pk)
    record = append_record(customer=customer, consent=consent)
    if not is_newer(customer.consents, record.purpose, record.state["at"]):
        return False
    before = customer.consents
    store_customer(customer=customer, consents={**before, record.purpose: record.state})
    tell_change(before, record)
    return True


def tell_change(before: Mapping[str, Any], record: ConsentRecord) -> None:
    """Tell that the consent is another than in the states of `before`, if it is."""
    known = before.get(record.purpose)
    if known is None or known["given"] != record.given:
        emit(ConsentChanged(record.customer_id, record.purpose, state_of(record.given)))


def moment_to_say(customer: Customer, purpose: str) -> datetime:
    """Now, or right after the latest record of the purpose.

    Clocks of two processes differ, and a withdrawal must not come late by that.
    """
    known = customer.consents.get(purpose)
    now = timezone.now()
    return max(now, datetime.fromisoformat(known["at"]) + NEXT) if known else now


def append_record(*, customer: Customer, consent: Consent) -> ConsentRecord:
    record = ConsentRecord(
        customer_id=customer.pk,
        entry=ConsentRecord.entry_of(at=consent.at, purpose=consent.purpose),
        **consent._asdict(),
    )
    with deferred_duplicates():
        record.save(force_insert=True)
    return record


def says_the_same(customer: Customer, consent: Consent) -> bool:
    """Whether the customer's latest record of the purpose has this state and this text."""
    known: dict[str, Any] = customer.consents.get(consent.purpose, {})
    return (known.get("given"), known.get("version")) == (consent.given, consent.version)


def state_of(given: bool) -> str:
    return "given" if given else "withdrawn"
