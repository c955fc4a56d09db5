"""Saves that die, and what customers read afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from catalog.models import (
    Listing,
    ProductPage,
    Publication,
    Variant,
)
from dynamodb.client.client import Client
from outbox.models import OutboxMessage
from tests.catalog.conftest import deliver

WRITES = {"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"}


@contextmanager
def death(monkeypatch: pytest.MonkeyPatch, at: int | None = None, side: str = "") -> Iterator[Any]:
    """In the block, of its writes the one of this number is the last thing that happens, or the
    first that does not (`before`). The operations."""
    call, written = Client.call, list[str]()

    def mortal(self: Client, operation: str, params: dict[str, Any], **options: Any) -> Any:
        if operation not in WRITES:
            return call(self, operation, params, **options)
        written.append(operation)
        number = len(written) - 1
        if (number, side) == (at, "before"):
            raise KeyboardInterrupt
        answer = call(self, operation, params, **options)
        if (number, side) == (at, "after"):
            raise KeyboardInterrupt
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Client, "call", mortal)
        yield written


def events() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(type="product.changed"))


def follow_up() -> int:
    """What the sweeper brings to the subscriber; how many events."""
    told = events()
    for message in told:
        assert deliver(message) == []
    assert events() == []
    return len(told)


def seen(product_id: int) -> Any:
    """All that customers read, without numbers that differ from run to run."""

    def plain(document: Any) -> Any:
        return {name: value for name, value in document.items() if name != "id"}

    return (
        sorted((row.shelf, str(plain(row.card))) for row in Listing.objects.all()),
        sorted((page.slug, str(plain(page.document))) for page in ProductPage.objects.all()),
        sorted(
            Variant.objects.values_list(
                "sku", "product_name", "product_slug", "image", "for_sale", "price"
            )
        ),
        [
            (each.slug, sorted(each.shelves), each.search_text)
            for each in Publication.objects.filter(pk=product_id)
        ],
    )
