"""What changes a customer. Each change is one conditional write of one item.

Call these inside a transaction (`shop.api.unit_of_work` opens one per request): a change by
somebody else since the reading raises ConflictError at its end. Of two that make the same
customer at once, one gets an IntegrityError there, and finds the customer when it runs again.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from backoffice.beginnings import surname_first
from customers.errors import CustomerErased, GroupNotFound
from customers.events import CustomerCreated
from customers.models import Customer, CustomerGroup
from customers.rules import (
    Entry,
    add_to_book,
    change_in_book,
    check_defaults,
    defaults_of,
    drop_from_book,
)
from customers.selectors import customer_of_guest, customer_to_change
from dynamodb.duplicates import deferred_duplicates
from dynamodb.errors import ConflictError
from mails.addresses import normal_form
from outbox.services import emit

# The customer itself --------------------------------------------------------------------


def find_or_create_customer(*, user: User) -> Customer:
    """The customer of an account: made with its first use, the account's address unproven.

    A guest's customer of that address is another's until `claims.claim_guest_customer`.
    """
    customer = customer_to_change(user=user)
    return store_customer(customer=customer) if customer._state.adding else customer


def find_or_create_guest(*, email: str) -> Customer:
    """The guest's customer with this address. Raises WrongMailAddress."""
    customer = customer_of_guest(email=email)
    if customer is not None:
        return customer
    address = normal_form(email)
    return store_customer(customer=Customer(email=address, guest_email=address))


def change_customer(*, customer: Customer, **changes: Any) -> Customer:
    """Change some of what a profile has, the ids of the default addresses among it.

    Raises ValidationError for one that is not in the book, CustomerErased.
    """
    check_defaults(customer.addresses, changes)
    return store_customer(customer=customer, **changes)


def store_customer(*, customer: Customer, **columns: Any) -> Customer:
    """Write these columns: one insert for a new customer, else one update of that version.

    Raises CustomerErased.
    """
    if customer.is_gone:
        raise CustomerErased(customer.pk)
    columns |= derived(columns)
    if customer._state.adding:
        return insert_customer(customer=customer, columns=columns)
    columns |= {"version": customer.version + 1, "updated_at": timezone.now()}
    same = Customer.objects.filter(pk=customer.pk, version=customer.version)
    if same.update(**columns) != 1:
        raise ConflictError(f"Customer {customer.pk} has changed since it was read.")
    return with_columns(customer, columns)


def insert_customer(*, customer: Customer, columns: Mapping[str, Any]) -> Customer:
    customer.created_at = customer.updated_at = timezone.now()
    with_columns(customer, columns)
    if customer.user_id is not None:
        hold_account(customer.user_id)
    with deferred_duplicates():  # another of this user, or of this address, is found at the commit
        customer.save(force_insert=True)
    emit(CustomerCreated(customer.pk))
    return customer


def derived(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {"surname_first": surname_first(columns["name"])} if "name" in columns else {}


def with_columns(customer: Customer, columns: Mapping[str, Any]) -> Customer:
    for name, value in columns.items():
        setattr(customer, name, value)
    return customer


def hold_account(user_id: int) -> None:
    """Have the commit fail if the account is closed or deleted meanwhile.

    Costs no call in a request: who is signed in was read in its transaction.
    """
    User.objects.select_for_update().get(pk=user_id)


# Addresses ------------------------------------------------------------------------------


def add_address(*, customer: Customer, address: Mapping[str, str], label: str = "") -> Entry:
    """Put another address into the book; the first one is the default for all.

    `address` as `customers.addresses.check_address` gives it. Raises AddressBookFull.
    """
    book, entry = add_to_book(customer.addresses, label=label, address=address)
    store_customer(customer=customer, addresses=book, **defaults_of(book, vars(customer)))
    return entry


def change_address(*, customer: Customer, address_id: str, **changes: Any) -> Entry:
    """Change `label`, `address` or both of an entry. Raises AddressNotFound."""
    book, entry = change_in_book(customer.addresses, address_id, changes)
    store_customer(customer=customer, addresses=book)
    return entry


def remove_address(*, customer: Customer, address_id: str) -> None:
    """Take an address out; it is nobody's default any more. Raises AddressNotFound."""
    book = drop_from_book(customer.addresses, address_id)
    store_customer(customer=customer, addresses=book, **defaults_of(book, vars(customer)))


# Groups ---------------------------------------------------------------------------------


def join_group(*, customer: Customer, code: str) -> Customer:
    """Put the customer into a group; one read for the group. Raises GroupNotFound."""
    if not CustomerGroup.objects.filter(pk=code).exists():
        raise GroupNotFound(code)
    if code in customer.groups:
        return customer
    return store_customer(customer=customer, groups=sorted([*customer.groups, code]))


def leave_group(*, customer: Customer, code: str) -> Customer:
    """Take the customer out of a group; nothing is written for who is in none of that code."""
    if code not in customer.groups:
        return customer
    groups = [each for each in customer.groups if each != code]
    return store_customer(customer=customer, groups=groups)
