"""What customers read follows what managers save: whoever dies where, and whoever is late."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from catalog.models import (
    Category,
    Listing,
    Product,
    ProductPage,
    Publication,
    Variant,
)
from catalog.projections import Projected, project_product, projecting, read_cards
from catalog.projections.snapshots import read_notes, take_snapshot
from catalog.services import delete_product, open_stock, publish_product, set_status
from outbox.models import OutboxMessage
from tests.cart.races import at_once
from tests.catalog.deaths import death, events, follow_up, seen
from tests.catalog.forms import LIST
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)


def change(product: Product, category: Category) -> None:
    """Another name, slug and category, a price, a variant more and one less: in one save."""
    with transaction.atomic():
        stored = Product.objects.get(pk=product.pk)
        stored.name, stored.slug, stored.category = "Cup", "cup", category
        stored.save()
        dearer = Variant.objects.get(pk="M-1")
        dearer.price = Decimal(13)
        dearer.save()
        Variant.objects.filter(pk="M-2").delete()
        Variant(sku="M-3", product=stored, price=Decimal(2), position=2).save()
        open_stock(sku="M-3", available=1)
        publish_product(product=stored)


def archive(product: Product, category: Category) -> None:
    set_status(product_id=product.pk, status=Product.Status.ARCHIVED)


def remove(product: Product, category: Category) -> None:
    delete_product(product_id=product.pk)


@pytest.mark.parametrize("save", [change, archive, remove])
def test_a_death_at_every_write(
    make_product: Callable[..., Product],
    kitchen: Category,
    monkeypatch: pytest.MonkeyPatch,
    save: Callable[..., None],
) -> None:
    """GIVEN a save that dies at any of its writes, on either side of it, WHEN the event comes THEN
    customers read what they read after one that lives; or all is as before, and no event there."""

    def fresh() -> Product:
        for product in Product.objects.all():
            delete_product(product_id=product.pk)
        OutboxMessage.objects.all().delete()
        return make_product("Mug", {"M-1": "12.00", "M-2": "14.00"})

    product = fresh()
    before = seen(product.pk)
    with death(monkeypatch) as writes:
        save(product, kitchen)
    after = seen(product.pk)
    assert (after != before, events()) == (True, [])
    assert len(writes) >= 3  # the save, what customers read, and that it was done

    for number in range(len(writes)):
        for side in ("before", "after"):
            product = fresh()
            with pytest.raises(KeyboardInterrupt), death(monkeypatch, number, side):
                save(product, kitchen)
            moment = f"{side} {number}: {writes[number]}"
            if (number, side) == (0, "before"):
                assert (seen(product.pk), follow_up()) == (before, 0), moment
                continue
            follow_up()
            assert seen(product.pk) == after, moment


def late(monkeypatch: pytest.MonkeyPatch, product: Product, run: Callable[[], Any]) -> None:
    """Project the product; between its reading and its writing this happens elsewhere, once."""
    take, left = take_snapshot, [run]

    def slowly(*args: Any) -> Any:
        snapshot = take(*args)
        if left:
            at_once(left.pop())
        return snapshot

    with monkeypatch.context() as patch:
        patch.setattr(projecting, "take_snapshot", slowly)
        with transaction.atomic():
            publish_product(product=Product.objects.get(pk=product.pk))


@contextmanager
def unheld(product: Product, rows: Any) -> Iterator[None]:
    with transaction.atomic(savepoint=False):
        yield


@pytest.mark.parametrize(("guarded", "name"), [(True, "Cup"), (False, "Pot")])
def test_who_is_late_writes_nothing_old(
    make_product: Callable[..., Product],
    kitchen: Category,
    monkeypatch: pytest.MonkeyPatch,
    guarded: bool,
    name: str,
) -> None:
    """GIVEN a new name on its way in several transactions, and between its reading and the first of
    them the next, THEN variants have the next; without holding the product where it was read the
    one before."""
    product = make_product("Mug", {"M-1": "12.00", "M-2": "14.00"})
    monkeypatch.setattr(projecting, "AT_ONCE", 1)
    Product.objects.filter(pk=product.pk).update(name="Pot")
    if not guarded:
        monkeypatch.setattr(projecting, "held_at", unheld)
    late(monkeypatch, product, lambda: change(product, kitchen))
    assert [page.slug for page in ProductPage.objects.all()] == ["cup"]
    assert Variant.objects.get(pk="M-1").product_name == name
    assert follow_up() == 0


def test_a_slug_that_another_product_has_now(make_product: Callable[..., Product]) -> None:
    """The page of whoever had it before goes, and only that."""
    first = make_product("Mug", {"M-1": "12.00"})
    first.slug = "old-mug"
    first.save(update_fields=["slug"])
    second = make_product("Mug", {"N-1": "9.00"})
    publish_product(product=Product.objects.get(pk=first.pk))
    pages = {page.slug: page.product_id for page in ProductPage.objects.all()}
    assert pages == {"mug": second.pk, "old-mug": first.pk}


def test_managers_see_rows_where_what_customers_read_is_behind(
    manager: Staff, make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product("Mug", {"M-1": "12.00"})
    with pytest.raises(KeyboardInterrupt), death(monkeypatch, 1, "before"), transaction.atomic():
        Variant.objects.filter(pk="M-1").update(price=Decimal(15))
        publish_product(product=Product.objects.get(pk=product.pk))
    assert Publication.objects.get().card["price_from"]["amount"] == "12.00"
    (card,) = read_cards([Product.objects.get()]).values()
    assert card["price_from"] == {"amount": "15.00", "currency": "EUR"}
    assert "15.00 EUR" in manager.get(LIST).content.decode()


def test_of_a_product_that_is_current_nothing_is_written(
    make_product: Callable[..., Product], calls: Any
) -> None:
    product = make_product("Mug")
    with calls() as made:
        assert project_product(product_id=product.pk) is Projected.CURRENT
    assert [call.operation for call in made] == ["BatchGetItem"]


def test_what_a_save_and_its_projection_cost(
    make_product: Callable[..., Product], calls: Any
) -> None:
    """One price of a product on three shelves that is not its cheapest."""
    product = make_product("Mug", {"M-1": "12.00", "M-2": "14.00"})
    with calls() as made, transaction.atomic():
        dearer = Variant.objects.get(pk="M-2")
        dearer.price = Decimal(15)
        dearer.save()
        publish_product(product=product)
    operations = [call.operation for call in made]
    assert operations == [
        "GetItem",  # the variant
        "GetItem",  # the product
        "GetItem",  # what it consists of
        "Query",  # variants
        "Query",  # pictures
        "GetItem",  # the category
        "TransactWriteItems",
        "BatchGetItem",  # the product, its contents, what is published of it
        "BatchGetItem",  # rows
        "BatchGetItem",  # what is written
        "TransactWriteItems",
        "BatchGetItem",  # the stock, once more
        "DeleteItem",  # the event
    ]


def test_two_who_project_a_new_product(
    make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither had a note of it to hold: one inserts it, the other finds all done."""
    product = make_product("Mug", {"M-1": "12.00"})
    for model in (Publication, Listing, ProductPage):
        model._default_manager.all().delete()
    late(monkeypatch, product, lambda: project_product(product_id=product.pk))
    assert (Publication.objects.get().version, follow_up()) == (2, 0)


def test_two_who_withdraw_it(
    make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product("Mug", {"M-1": "12.00"})
    read, left = read_notes, [lambda: project_product(product_id=product.pk)]

    def slowly(product_id: int) -> Any:
        notes = read(product_id)
        if left:
            at_once(left.pop())
        return notes

    monkeypatch.setattr(projecting, "read_notes", slowly)
    delete_product(product_id=product.pk)
    assert (Publication.objects.count(), Listing.objects.count(), follow_up()) == (0, 0, 0)


def test_two_who_project_the_same_version(
    make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product("Mug", {"M-1": "12.00"})
    late(monkeypatch, product, lambda: project_product(product_id=product.pk))
    assert Publication.objects.get().version == Product.objects.get().version
    assert follow_up() == 0
