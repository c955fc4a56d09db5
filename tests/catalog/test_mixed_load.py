"""20 editors of one product and 200 readers: no page mixes two versions of it."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from catalog.models import Listing, Product, Publication, Variant
from catalog.services import publish_product
from dynamodb.conflicts import retry_on_conflict
from outbox.models import OutboxMessage
from tests.cart.races import at_once
from tests.catalog.conftest import deliver

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS, READERS, MOST_READS = 20, 200, 500
SKUS = [f"M-{number}" for number in range(8)]


def save(product: Product, price: int) -> None:
    """A version in which all says the same number: the name, each price."""
    with transaction.atomic():
        stored = Product.objects.get(pk=product.pk)
        stored.name = f"Mug {price}"
        stored.save(update_fields=["name"])
        for variant in Variant.objects.in_bulk(SKUS).values():
            variant.price = Decimal(price)
            variant.save()
        publish_product(product=stored)


def edit(product: Product, price: int) -> None:
    retry_on_conflict(partial(save, product, price), attempts=200)


def watch() -> set[str]:
    """Read until there is another version than that of the first look; what was seen."""
    seen = read()
    for _ in range(MOST_READS):
        if len(seen := seen | read()) > 1:
            break
    return seen


def read() -> set[str]:
    """The number that all of the page says."""
    client = APIClient()
    page = client.get("/api/v1/products/mug/").json()
    prices = {str(int(Decimal(each["price"]["amount"]))) for each in page["variants"]}
    assert prices == {page["name"].removeprefix("Mug ")}, page
    (card,) = client.get("/api/v1/products/").json()["results"]
    price = str(int(Decimal(card["price_from"]["amount"])))
    assert (card["name"], card["price_varies"]) == (f"Mug {price}", False), card
    return prices


def test_no_page_mixes_two_versions(make_product: Callable[..., Product], calls: Any) -> None:
    product = make_product("Mug", dict.fromkeys(SKUS, "1.00"))
    edit(product, 1)
    assert read() == {"1"}  # and what is imported with the first request is there
    found = at_once(
        *(partial(edit, product, price) for price in range(2, 2 + EDITORS)),
        *[watch] * READERS,
    )
    assert [len(seen) for seen in found[EDITORS:]] == [2] * READERS
    for message in OutboxMessage.objects.all():
        assert deliver(message) == []
    last = Product.objects.get(pk=product.pk)
    assert last.version == EDITORS + 2
    assert Publication.objects.get().version == last.version
    assert {row.card["name"] for row in Listing.objects.all()} == {last.name}
    assert read() == {last.name.removeprefix("Mug ")}
