"""Reading customers."""

from typing import Any

from django.db.models import QuerySet

from customers.models import ConsentRecord, Customer
from dynamodb.reads import get_one
from mails.addresses import normal_form
from mails.errors import WrongMailAddress


def customer_of_user(*, user: Any) -> Customer | None:
    """The customer that the account belongs to: one Query, a moment behind."""
    return Customer.objects.filter(user=user).first()


def own_customer(*, user: Any) -> Customer:
    """The same; for an account without one an empty one, which is not stored."""
    return customer_of_user(user=user) or empty_customer(user=user)


def customer_to_change(*, user: Any) -> Customer:
    """The same as it is now: the row by its key, which a change in a transaction reads anyway."""
    key = Customer.objects.filter(user=user).values_list("pk", flat=True).first()
    found = get_one(Customer, key) if key else None
    if found is None or found.user_id != user.pk:  # the index has not heard of it yet
        return empty_customer(user=user)
    return found


def empty_customer(*, user: Any) -> Customer:
    """That of an account before its first change stores it; the address is not proven."""
    return Customer(user=user, email=usable_address(user.email))


def customer_of_guest(*, email: str) -> Customer | None:
    """The guest's customer with this address, however it is written: two reads, consistent; one
    where there is none.

    Accounts' customers are never found so: nobody has proven yet whose the address is. Raises
    WrongMailAddress.
    """
    return Customer.objects.filter(guest_email=normal_form(email)).first()


def list_consent_records(*, customer: Customer) -> QuerySet[ConsentRecord]:
    """All that the customer ever gave and withdrew, the latest first: one Query, consistent."""
    return ConsentRecord.objects.filter(customer=customer).order_by("-entry")


def usable_address(address: str) -> str:
    """The address as customers keep it; empty where no mail can be sent to it."""
    try:
        return normal_form(address)
    except WrongMailAddress:
        return ""
