"""Customers, and what changes them, in transactions of their own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from customers.consents import Consent
from customers.models import Customer, Purpose, Source
from customers.services import find_or_create_customer, find_or_create_guest
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from outbox.models import OutboxMessage
from tests.customers.places import BERLIN, SAN_FRANCISCO

T = TypeVar("T")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME: dict[str, Any] = {"id": "00000001", "label": "Home", "address": BERLIN}
OFFICE: dict[str, Any] = {"id": "00000002", "label": "", "address": SAN_FRANCISCO}


def once(run: Callable[[], T]) -> T:
    """In a transaction that is run once: it must not meet another."""
    with transaction.atomic():
        return run()


def in_turn(run: Callable[[], T]) -> T:
    """In a transaction that is run again where somebody was faster, as a request's is."""

    def attempt() -> T:
        try:
            return once(run)
        except IntegrityError as error:
            raise ConflictError(str(error)) from error

    return retry_on_conflict(attempt)


def make_customer(*, user: User | None = None, email: str = "", **columns: Any) -> Customer:
    """A customer of the user, or else a guest's, with these columns besides."""
    if user is not None:
        customer = once(lambda: find_or_create_customer(user=user))
    else:
        customer = once(lambda: find_or_create_guest(email=email or "ada@example.com"))
    Customer.objects.filter(pk=customer.pk).update(**columns)
    return stored(customer)


def stored(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def consent(*, minutes: int = 0, given: bool = True, **fields: Any) -> Consent:
    """To the newsletter, so many minutes after noon."""
    said = {
        "purpose": Purpose.NEWSLETTER.value,
        "given": given,
        "version": "2026-03",
        "at": NOON + timedelta(minutes=minutes),
        "source": Source.ACCOUNT.value,
        "language": "en",
        **fields,
    }
    return Consent(**said)


def told() -> list[tuple[str, dict[str, Any]]]:
    """Type and data of all events that wait for a subscriber."""
    return [(each.type, each.body) for each in OutboxMessage.objects.order_by("pk")]
