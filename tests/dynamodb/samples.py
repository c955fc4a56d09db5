"""Rows that the tests of faults write and read."""

from typing import Any

from django.db import transaction
from django.db.models import F

from tests.dynamodb.app.models import Item, Maker

NATIVE = {"stock": F("stock") - 1}


def stock() -> int:
    return Item.objects.get(pk="MUG").stock


def mug(**values: Any) -> Item:
    return Item.objects.create(sku="MUG", **values)


def two_makers() -> None:
    """A transaction of four writes: two rows and their unique values."""
    with transaction.atomic():
        Maker.objects.create(name="Acme")
        Maker.objects.create(name="Best")


def maker_names() -> list[str]:
    return sorted(Maker.objects.values_list("name", flat=True))
