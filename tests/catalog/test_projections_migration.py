"""A catalogue of code of before, brought to projections while customers read and buy."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from catalog.models import Category, Listing, Product, ProductContents, ProductPage, Publication
from catalog.services import set_status
from catalog.synthetic import make_rows
from dynamodb import bulk
from dynamodb.client.client import Client
from dynamodb.paginator import BoundedPaginator
from tests.catalog.forms import LIST
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)

#: Of whole proofs 2,000 (`make upgrade`); a share of them in each run of the tests.
SIZE = int(os.environ.get("SHOP_TEST_PRODUCTS", "60"))
SIDE_BY_SIDE, AFTER = "0007_projections", "0008_without_copies_on_products"
fill = import_module(f"catalog.migrations.{SIDE_BY_SIDE}").fill
have_all_made_anew = import_module(f"catalog.migrations.{AFTER}").have_all_made_anew
NEW = (Product, Publication, ProductContents)


def migrate(name: str) -> None:
    call_command("migrate", "catalog", name, verbosity=0)


def apps_at(name: str) -> Any:
    return MigrationExecutor(connection).loader.project_state(("catalog", name)).apps


@contextmanager
def tables_at(name: str) -> Iterator[Any]:
    """In the block SQL sees products as code of that migration does; its models."""
    registry: Any = connection.registry  # type: ignore[attr-defined]
    found = apps_at(name)
    try:
        registry.show(connection, [found.get_model("catalog", "Product")])
        yield found
    finally:
        registry.show(connection, [Product])


@pytest.fixture
def size(mugs: Category) -> int:
    """A catalogue as code of before has left it."""
    with tables_at(SIDE_BY_SIDE) as then:
        old = then.get_model("catalog", "Product")
        columns = {field.attname for field in old._meta.concrete_fields}
        made: list[Any] = []
        for rows in make_rows(size=SIZE, categories=[mugs]):
            by_kind: dict[Any, Any] = {type(row): row for row in rows}
            product, published = by_kind[Product], by_kind[Publication]
            values = {name: getattr(product, name, None) for name in columns}
            values |= {
                "version": None,
                "card": published.card,
                "search_text": published.search_text,
                "published": {
                    "slug": published.slug,
                    "category": mugs.pk,
                    "shelves": published.shelves,
                    "skus": by_kind[ProductContents].skus,
                    "images": [],
                },
            }
            made.append(old(**values))
            made += [row for row in rows if type(row) not in NEW]
        bulk.load(made)
    return SIZE


def kill_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the migration die at its write of this number."""
    call, left = Client.call, iter(range(writes))

    def mortal(self: Client, operation: str, params: dict[str, Any], **options: Any) -> Any:
        if operation == "PutItem" and next(left, None) is None:
            raise KeyboardInterrupt
        return call(self, operation, params, **options)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Client, "call", mortal)
        run_fill()


def run_fill() -> None:
    with tables_at(SIDE_BY_SIDE) as then:
        fill(then, None)


def test_killed_twice_and_resumed(
    size: int,
    guest: APIClient,
    manager: Staff,
    monkeypatch: pytest.MonkeyPatch,
    republish: Callable[[], int],
    calls: Any,
) -> None:
    kill_after(size // 2, monkeypatch)
    answer = guest.get("/api/v1/products/?page_size=100").json()
    assert len(answer["results"]) == min(size, 100)
    kill_after(size // 2, monkeypatch)
    first, second = Product.objects.order_by("pk")[1:3]
    url = f"/api/v1/products/{first.slug}/"
    before = guest.get(url).json()

    # Code of before renames a product meanwhile, as it did: rows, cards and its own notes. Code of
    # today saves another.
    with tables_at(SIDE_BY_SIDE) as then:
        old = then.get_model("catalog", "Product").objects.filter(pk=first.pk)
        (card,) = old.values_list("card", flat=True)
        old.update(name="Renamed", card=card | {"name": "Renamed"})
    Listing.objects.filter(position=first.pk).update(card=card | {"name": "Renamed"})
    run_fill()
    assert (Publication.objects.count(), ProductContents.objects.count()) == (size, size)
    assert Publication.objects.get(pk=first.pk).card["name"] == "Renamed"
    set_status(product_id=second.pk, status=Product.Status.ARCHIVED)
    run_fill()  # once more, after the code
    assert Publication.objects.get(pk=second.pk).slug == ""

    have_all_made_anew(apps, None)
    assert republish() == size // 20 + 1
    assert {each.format for each in Publication.objects.all()} == {1}
    with calls() as made:
        after = guest.get(url).json()
    assert [call.operation for call in made] == ["GetItem", "BatchGetItem"]
    assert after == before | {"name": "Renamed"}
    assert ProductPage.objects.count() == size - 1
    listed = manager.get(LIST).context["cl"]
    assert (listed.result_count, len(listed.result_list)) == (min(size, BoundedPaginator.most), 20)


def test_there_and_back(make_product: Callable[..., Product], republish: Callable[[], int]) -> None:
    """What code of before reads of a product is there again; and the other way all is made anew."""
    product = make_product("Mug", {"M-1": "12.00"}, brand="Tide")
    before = ProductPage.objects.get().document
    try:
        migrate(SIDE_BY_SIDE)
        with tables_at(SIDE_BY_SIDE) as models:
            then = models.get_model("catalog", "Product").objects.get()
        assert then.published == {
            "slug": "mug",
            "category": product.category_id,
            "shelves": ["all", "category:kitchen", "category:mugs"],
            "skus": ["M-1"],
            "images": [],
        }
        assert (then.card["brand"], then.search_text) == ("Tide", "mug tide m-1")
    finally:
        call_command("migrate", verbosity=0)
    assert republish() == 1
    assert ProductPage.objects.get().document == before
