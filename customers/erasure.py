"""Forgetting a person, and keeping what has to be proven (GDPR, Articles 17 and 7.1)."""

from typing import Any

from django.utils import timezone

from customers.events import CustomerErased
from customers.models import Customer
from customers.services import store_customer
from outbox.services import emit

KEPT = {"id", "created_at", "updated_at", "version", "erased_at", "merged_into"}


def erase_customer(*, customer: Customer) -> Customer:
    """Empty all that says who the customer was; id and moments stay. One write.

    The consent records stay as they are: they have an id that leads to nobody any more. Who was
    told the id with the erasure's confirmation can name it, and the records prove what was
    allowed. Raises errors.CustomerErased for who is gone already.
    """
    store_customer(customer=customer, **nobody(), erased_at=timezone.now())
    emit(CustomerErased(customer.pk))
    return customer


def nobody() -> dict[str, Any]:
    """What a customer's columns are of nobody. A column that is new is erased, unless KEPT."""
    fields = (field for field in Customer._meta.concrete_fields if field.name not in KEPT)
    return {field.attname: field.get_default() for field in fields}
