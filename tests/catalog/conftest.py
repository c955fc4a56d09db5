"""A small catalogue, and what tests put into it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.events import ProductChanged
from catalog.models import Category, Product, Variant
from catalog.models.category import TREE
from catalog.projections import Projected, project_product
from catalog.services import open_stock, publish_product, save_category
from outbox.models import OutboxMessage
from tests.outbox.deliveries import deliver_message

numbers = count(1)


@pytest.fixture
def kitchen(db: None) -> Category:
    return save_category(category=Category(name="Kitchen", slug="kitchen", position=1))


@pytest.fixture
def mugs(kitchen: Category) -> Category:
    """A category below `kitchen`."""
    return save_category(category=Category(name="Mugs", slug="mugs", parent=kitchen))


@pytest.fixture
def make_product(mugs: Category) -> Callable[..., Product]:
    """`make_product("Red Mug", {"MUG-1": "12.00"}, stock=5)`: published, on the shelf of mugs."""

    def make(
        name: str,
        prices: dict[str, str] | None = None,
        *,
        stock: int = 5,
        status: str = "active",
        category: Category = mugs,
        **values: Any,
    ) -> Product:
        product = Product(
            name=name,
            slug=name.lower().replace(" ", "-"),
            category=category,
            status=status,
            **values,
        )
        product.save()
        wanted = {f"SKU-{next(numbers)}": "10.00"} if prices is None else prices
        for place, (sku, price) in enumerate(wanted.items()):
            Variant(sku=sku, product=product, price=Decimal(price), position=place).save()
            open_stock(sku=sku, available=stock)
        publish(product)
        return product

    return make


@pytest.fixture
def picture() -> Callable[..., SimpleUploadedFile]:
    """`picture("a.png", "PNG")`: an upload of a small picture in that format."""

    def make(name: str = "a.png", kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> Any:
        content = BytesIO()
        Image.new("RGB", size, "red").save(content, kind)
        return SimpleUploadedFile(name, content.getvalue())

    return make


@pytest.fixture
def republish() -> Callable[[], int]:
    """`republish()` consumes the catalogue's messages until there are none; how many there were."""

    def consume_all() -> int:
        consumed = 0
        while message := OutboxMessage.objects.filter(queue=settings.QUEUES["catalog"]).first():
            assert deliver(message) == []
            consumed += 1
        return consumed

    return consume_all


def publish(product: Product) -> None:
    """Publish it, and have customers see it also where a test's transaction never commits."""
    publish_product(product=product)
    if project_product(product_id=product.pk) is Projected.WRITTEN:
        OutboxMessage.objects.filter(type=ProductChanged.type).delete()


def settle_categories() -> None:
    """As if some time had passed since something was put into them: indexes know of it."""
    Category.objects.filter(tree=TREE).update(filled_at=None)


def give_options(options: dict[str, dict[str, str]]) -> None:
    """Options for variants, by SKU; to be published."""
    for sku, pairs in options.items():
        Variant.objects.filter(pk=sku).update(options=pairs)


deliver = deliver_message


@pytest.fixture
def written() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with written() as statements:` lists, at its end, the SQL that changed something."""

    @contextmanager
    def capture() -> Iterator[list[str]]:
        statements: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield statements
        for query in captured:
            if query["sql"].startswith(("INSERT", "UPDATE", "DELETE")):
                statements.append(query["sql"])

    return capture


@pytest.fixture
def product(make_product) -> Product:
    return make_product("Red Mug", {"MUG-1": "12.00"}, brand="Tide")
