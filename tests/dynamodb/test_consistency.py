"""Reads see what was written before, unless a block says that it need not be so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from dynamodb.consistency import eventually_consistent
from dynamodb.reads import get_many
from tests.dynamodb.app.models import Item, Line, Maker
from tests.dynamodb.samples import mug
from tests.dynamodb.sent import requests

pytestmark = pytest.mark.usefixtures("tables")

READS: dict[str, Callable[[], Any]] = {
    "GetItem": lambda: Item.objects.get(pk="MUG"),
    "GetItem by unique value": lambda: Maker.objects.get(name="Acme"),
    "BatchGetItem": lambda: list(Item.objects.filter(pk__in=["MUG", "CUP"])),
    "BatchGetItem of two models": lambda: get_many({Item: ["MUG"], Maker: [1]}),
    "Query": lambda: list(Line.objects.filter(basket="A")),
    "Query that counts": lambda: Line.objects.filter(basket="A").count(),
    "Scan": lambda: list(Item.objects.all()),
}


def asked(read: Callable[[], Any]) -> set[bool]:
    """What the requests of a read say of its consistency."""
    with requests() as seen:
        read()
    return {
        each["ConsistentRead"]
        for _, params in seen
        for each in params.get("RequestItems", {"": params}).values()
    }


@pytest.mark.parametrize("kind", READS)
def test_each_kind_of_read(kind: str) -> None:
    mug()
    Maker.objects.create(name="Acme")

    assert asked(READS[kind]) == {True}
    with eventually_consistent():
        assert asked(READS[kind]) == {False}
        with transaction.atomic():
            assert asked(READS[kind]) == {True}
    assert asked(READS[kind]) == {True}
