"""A guest's customer becomes that of an account whose address was proven."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from customers.consents import Consent, append_record, tell_change
from customers.erasure import nobody
from customers.models import ConsentRecord, Customer, Source
from customers.rules import DEFAULTS, defaults_of, is_newer, merge_books
from customers.selectors import customer_of_guest, customer_to_change, list_consent_records
from customers.services import hold_account, store_customer
from mails.addresses import normal_form

TAKEN_IF_EMPTY = (
    "name", "phone", "language", "currency", "channels", "birth_date", "gender", "company",
    "vat_id", "notes",
)  # fmt: skip


def claim_guest_customer(*, user: User, verified_email: str) -> Customer:
    """The account's customer, with all that is known of the guest of this address.

    To be called by whoever has just seen the user open a link that was sent to the address, and
    with that address, never with one that was only typed in: a guest's addresses and consents
    would be handed to whoever signs up with somebody else's. Call it in a transaction.

    Without a customer of its own, the account gets the guest's as it is, id and records included.
    Else the guest's goes into it: what it lacks is taken, the later consent counts, and the
    guest's row stays, emptied, with the other's id. Raises WrongMailAddress.
    """
    own = customer_to_change(user=user)
    guest = customer_of_guest(email=verified_email)
    address = normal_form(verified_email)
    if guest is None and own.email == address and not own._state.adding:
        return own
    if guest is None:
        return store_customer(customer=own, email=address)
    if own._state.adding:
        hold_account(user.pk)
        return store_customer(customer=guest, user_id=user.pk, guest_email=None)
    taken = columns_of_both(own, guest)
    store_customer(customer=guest, **nobody(), erased_at=timezone.now(), merged_into=own.pk)
    return store_customer(customer=own, email=address, **taken)


def columns_of_both(own: Customer, guest: Customer) -> dict[str, Any]:
    """What the account's customer has with the guest's, whose later consents are recorded."""
    taken = what_it_lacks(own, guest, TAKEN_IF_EMPTY)
    book = merge_books(own.addresses, guest.addresses)
    return (
        taken
        | defaults_of(book, what_it_lacks(own, guest, DEFAULTS))
        | {
            "addresses": book,
            "groups": sorted({*own.groups, *guest.groups}),
            "consents": own.consents | record_later_consents(own, guest),
        }
    )


def what_it_lacks(own: Customer, guest: Customer, names: Iterable[str]) -> dict[str, Any]:
    """The account's columns, and the guest's where they are empty."""
    return {name: getattr(own, name) or getattr(guest, name) for name in names}


def record_later_consents(own: Customer, guest: Customer) -> dict[str, Any]:
    """The guest's consents that are later than the account's; each recorded of that customer, and
    told. One Query for the guest's records, which know more than the states do."""
    later = {
        record.purpose: record
        for record in list_consent_records(customer=guest)
        if record.state == guest.consents.get(record.purpose)
        and is_newer(own.consents, record.purpose, record.state["at"])
    }
    for record in later.values():
        tell_change(own.consents, append_record(customer=own, consent=as_claimed(record)))
    return {purpose: record.state for purpose, record in later.items()}


def as_claimed(record: ConsentRecord) -> Consent:
    return Consent(
        purpose=record.purpose,
        given=record.given,
        version=record.version,
        at=record.at,
        source=Source.CLAIM,
        language=record.language,
        by=record.by,
    )
