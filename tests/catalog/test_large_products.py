"""A product of 2,048 variants: saved, killed, listed, looked through, bought from, deleted."""

import math
from base64 import b64decode
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from rest_framework.test import APIClient

from benchmarks.cost.sizes import item_size
from catalog.models import (
    Category,
    Listing,
    PagePart,
    Product,
    ProductContents,
    ProductPage,
    Publication,
    StagedRows,
    Stock,
    Variant,
)
from catalog.projections.combinations import number_of, pack, unpack
from catalog.projections.projecting import copies_of
from catalog.projections.snapshots import take_snapshot
from catalog.services import delete_product, publish_product, save_product
from catalog.staging import COPIES, describe
from dynamodb.client.client import Client
from dynamodb.conflicts import retry_on_conflict
from outbox.models import OutboxMessage
from tests.cart.races import at_once
from tests.cart.shoppers import Shopper
from tests.catalog.conftest import deliver
from tests.dynamodb.sent import requests
from tests.orders.shopping import check_out

pytestmark = pytest.mark.django_db(transaction=True)

SIZES, COLOURS, FABRICS = range(16), range(16), range(8)
URL = "/api/v1/products/shirt/"


def rows(fabrics: range = FABRICS, price: str = "20.00") -> Iterator[Variant]:
    """In another order than that of their combinations."""
    place = 0
    for colour in COLOURS:
        for size in reversed(SIZES):
            for fabric in fabrics:
                yield Variant(
                    sku=f"SHIRT-{size:02d}-{colour:02d}-{fabric}",
                    options={"size": f"s{size}", "colour": f"c{colour}", "fabric": f"f{fabric}"},
                    price=Decimal(price),
                    position=place,
                )
                place += 1


def save(category: Category, fabrics: range = FABRICS) -> Product:
    product = Product(name="Shirt", slug="shirt", category=category, status="active")
    variants = list(rows(fabrics))
    save_product(product=product, rows=variants, stock={each.sku: 5 for each in variants})
    return product


def test_from_end_to_end(mugs: Category, guest: APIClient, calls: Any) -> None:
    product = save(mugs)
    assert (Variant.objects.count(), Stock.objects.count()) == (2048, 2048)
    assert not StagedRows.objects.exists()
    assert not OutboxMessage.objects.exists()
    (card,) = guest.get("/api/v1/products/").json()["results"]
    assert (card["slug"], card["price_from"]["amount"]) == ("shirt", "20.00")

    # Its page: two calls, and 60 read units at most.
    with calls() as made, requests() as sent:
        page = guest.get(URL).json()
    assert [call.operation for call in made] == ["GetItem", "BatchGetItem"]
    (stock,) = sent[1][1]["RequestItems"].values()
    assert stock["ConsistentRead"] is False
    table = sent[0][1]["TableName"]
    item = stored_item(table, {"slug": {"S": "shirt"}})
    units = math.ceil(item_size(item) / 4096) / 2 + len(stock["Keys"]) / 2
    assert (len(stock["Keys"]), units <= 60) == (100, True), units
    assert len(page["variants"]) == 100

    # All of them, page by page, in the order of their combinations.
    further = page["further"]
    values = {each["name"]: [value["name"] for value in each["values"]] for each in page["options"]}
    assert (further["count"], unpack(further["to_be_had"])) == (2048, set(range(2048)))
    found: list[Any] = []
    following: str | None = f"{URL}variants/"
    for first in further["pages"]:
        assert following is not None
        with calls() as made:
            answer = guest.get(following).json()
        assert [call.operation for call in made] == ["GetItem", "BatchGetItem"]
        assert number_of(answer["results"][0]["options"], values) == first
        found += answer["results"]
        following = answer["next"]
    assert following is None
    numbers = [number_of(each["options"], values) for each in found]
    assert numbers == list(range(2048))
    assert {each["available"] for each in found} == {5}
    assert guest.get(f"{URL}variants/?page=22").status_code == 400
    assert guest.get("/api/v1/products/hat/variants/").status_code == 404

    # Bought from its last page until one is sold out.
    last = found[-1]["sku"]
    buyer = Shopper(guest.post("/api/v1/cart/").headers["Cart-Token"])
    assert buyer.post("/api/v1/cart/lines/", {"sku": last, "quantity": 5}).status_code == 200
    assert check_out(buyer).status_code == 202
    work_off()
    assert Stock.objects.get(pk=last).available == 0
    bits = guest.get(URL).json()["further"]["to_be_had"]
    assert unpack(bits) == set(range(2047))

    # One price: the variant, its history, the product's version, the event; then the page's part,
    # and what is published.
    set_price(product, found[701]["sku"], "25.00")
    with requests() as sent:
        set_price(product, found[700]["sku"], "21.00")
    first, second = (
        params["TransactItems"] for operation, params in sent if operation.startswith("Transact")
    )
    assert [count_writes(first), count_writes(second)] == [4, 2]
    part = guest.get(f"{URL}variants/?page=8").json()["results"]
    assert part[0]["price"]["amount"] == "21.00"
    assert unpack(guest.get(URL).json()["further"]["to_be_had"]) == set(range(2047))

    delete_product(product_id=product.pk)
    for model in (Product, Variant, Stock, Listing, ProductPage, PagePart, Publication):
        assert not model._default_manager.exists()


def set_price(product: Product, sku: str, price: str) -> None:
    with transaction.atomic():
        variant = Variant.objects.get(pk=sku)
        variant.price = Decimal(price)
        variant.save()
        publish_product(product=Product.objects.get(pk=product.pk))


def stored_item(table: str, key: dict[str, Any]) -> Any:
    from django.db import connection

    client: Client = connection.store.client  # type: ignore[attr-defined]
    return client.call("GetItem", {"TableName": table, "Key": key})["Item"]


def count_writes(items: list[Any]) -> int:
    return sum("ConditionCheck" not in item for item in items)


def work_off() -> None:
    while messages := list(OutboxMessage.objects.all()):
        for message in messages:
            assert deliver(message) == []


def test_a_large_save_that_dies_is_finished_by_the_event(
    mugs: Category, guest: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN 256 variants, and a death at any of the transactions WHEN the event comes THEN all are
    there; and before it customers see what they saw."""
    call, left = Client.call, [0]

    def mortal(self: Client, operation: str, params: Any, **options: Any) -> Any:
        if operation == "TransactWriteItems":
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
        return call(self, operation, params, **options)

    for lives in (1, 2, 5, 9, 10, 12):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Client, "call", mortal)
            left[0] = lives
            save(mugs, range(1))
        product = Product.objects.get()
        assert guest.get(URL).status_code == 404
        assert OutboxMessage.objects.count() == 1
        work_off()
        assert len(guest.get(URL).json()["variants"]) == 100, lives
        assert (Variant.objects.count(), Product.objects.get().staged) == (256, 0)
        assert {stock.available for stock in Stock.objects.all()} == {5}
        delete_product(product_id=product.pk)


def test_a_death_before_it_is_decided_leaves_nothing(
    mugs: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(self: Client, operation: str, params: Any, **options: Any) -> Any:
        if operation == "TransactWriteItems":
            raise KeyboardInterrupt
        return call(self, operation, params, **options)

    call = Client.call
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Client, "call", dead)
        save(mugs, range(1))
    for model in (Product, Variant, Stock, StagedRows, OutboxMessage):
        assert not model._default_manager.exists()


def test_what_is_staged_holds_none_of_the_projections_copies(product: Product) -> None:
    """They may be others by the time it is applied."""
    (variant,) = product.variants.all()
    contents = ProductContents.objects.get(pk=product.pk)
    copies = copies_of(take_snapshot(product, contents), variant)
    assert copies.keys() == set(COPIES)
    assert not copies.keys() & describe(variant, {})["values"].keys()


def test_a_sku_that_another_takes_meanwhile(
    mugs: Category, make_product: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Between the decision and its part: the product goes without it, and the log says so."""
    product = Product(name="Shirt", slug="shirt", category=mugs, status="active")
    variants = list(rows(range(1)))
    with transaction.atomic():
        save_product(product=product, rows=variants)
        make_product("Mug", {"SHIRT-03-07-0": "9.00"})
    work_off()
    assert Variant.objects.get(pk="SHIRT-03-07-0").product_name == "Mug"
    assert Variant.objects.filter(product=product).count() == 255
    assert "Shirt goes without SHIRT-03-07-0, which others took meanwhile" in caplog.text


@pytest.mark.parametrize("price", ["-1.00", "1.005"])
def test_a_price_that_there_cannot_be(mugs: Category, price: str) -> None:
    """It is refused before the save is decided: else it could never be applied, and nobody could
    save or delete the product."""
    product = Product(name="Shirt", slug="shirt", category=mugs, status="active")
    many = list(rows(range(1)))
    many[200].price = Decimal(price)
    with pytest.raises(ValidationError, match="price"):
        save_product(product=product, rows=many)
    assert not Product.objects.exists()
    assert not StagedRows.objects.exists()


@pytest.mark.parametrize("place", [0, 255])
def test_more_text_than_a_part_has_room_for(mugs: Category, place: int) -> None:
    product = Product(name="Shirt", slug="shirt", category=mugs, status="active")
    many = list(rows(range(1)))
    many[place].options["size"] = "x" * 300_000
    with pytest.raises(DataError, match="Too large for a page"):
        save_product(product=product, rows=many)
    assert not Product.objects.exists()


def test_nobody_saves_it_meanwhile(mugs: Category) -> None:
    from dynamodb.errors import ConflictError

    product = save(mugs, range(1))
    Product.objects.filter(pk=product.pk).update(staged=1)
    with pytest.raises(ConflictError, match="is being finished"):
        publish_product(product=product)


def test_two_large_saves_at_once(mugs: Category) -> None:
    """All of one, then all of the other."""
    key = save(mugs, range(1)).pk

    def reprice(price: int) -> None:
        with transaction.atomic():
            product = Product.objects.get(pk=key)
            product.name = f"Shirt at {price}"
            variants = list(Variant.objects.in_bulk([each.sku for each in rows(range(1))]).values())
            for each in variants:
                each.price = Decimal(price)
            save_product(product=product, rows=variants)

    at_once(*(partial(retry_on_conflict, partial(reprice, price)) for price in (7, 8, 9)))
    work_off()
    (price,) = {each.price for each in Variant.objects.filter(product_id=key)}
    assert Product.objects.get().name == ProductPage.objects.get().document["name"]
    assert Product.objects.get().name == f"Shirt at {price:.0f}"
    assert not StagedRows.objects.exists()


def test_more_variants_than_there_can_be(mugs: Category) -> None:
    product = Product(name="Shirt", slug="shirt", category=mugs, status="active")
    many = [*rows(), Variant(sku="ONE-MORE", options={"size": "xl"}, price=1)]
    with pytest.raises(ValidationError, match="at most 2048 variants, not 2049"):
        save_product(product=product, rows=many)
    assert not Product.objects.exists()


def test_bits() -> None:
    assert (pack([]), unpack("")) == ("", set())
    assert b64decode(pack([0, 3, 8])) == bytes([0b1001, 0b1])
    assert unpack(pack([0, 3, 8, 2047])) == {0, 3, 8, 2047}
