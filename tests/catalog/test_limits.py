"""The largest product allowed still fits into one transaction, whatever a save changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from catalog.models import Category, Listing, Product, ProductImage, ProductPage, Stock, Variant
from catalog.models.category import MAX_DEPTH
from catalog.models.product import MAX_IMAGES, MAX_VARIANTS
from catalog.services import save_category
from dynamodb import commit
from tests.catalog.forms import change_url, errors_of, form, management, variant

pytestmark = pytest.mark.django_db(transaction=True)


def deep(prefix: str) -> Category:
    """A category as deep as they may be."""
    parent = None
    for depth in range(MAX_DEPTH):
        slug = f"{prefix}-{depth}"
        parent = save_category(category=Category(name=slug, slug=slug, parent=parent))
    assert parent is not None
    return parent


def variants(stock: int, **values: object) -> dict[str, object]:
    data: dict[str, object] = {}
    for number in range(MAX_VARIANTS):
        own = {"stock": str(stock), "options": f"size={number}", **values}
        data |= variant(number, f"SKU-{number}", **own)
    return data


def counting(sizes: list[int]) -> Callable[[list[Any], Any], None]:
    """The engine's function, noting how many writes a transaction has."""
    write = commit.write_together

    def counted(writes: list[Any], client: Any) -> None:
        sizes.append(len(writes))
        write(writes, client)

    return counted


def test_everything_of_the_largest_product_at_once(manager, picture, monkeypatch):
    new = form(
        deep("old"),
        **management("variants", total=MAX_VARIANTS),
        **variants(5),
        **management("images", total=MAX_IMAGES),
        **{f"images-{number}-position": number for number in range(MAX_IMAGES)},
    )
    files = {f"images-{number}-file": picture() for number in range(MAX_IMAGES)}
    response = manager.post(reverse("admin:catalog_product_add"), {**new, **files})
    assert response.status_code == 302, errors_of(response)
    product = Product.objects.get()
    images = {
        f"images-{number}-{name}": value
        for number, image in enumerate(product.images.all())
        for name, value in {
            "id": image.pk, "product": product.pk, "position": number, "alt": "new"
        }.items()
    }  # fmt: skip
    changed = form(
        deep("new"),
        name="Blue Mug",
        slug="blue-mug",
        **management("variants", total=MAX_VARIANTS, initial=MAX_VARIANTS),
        **variants(6),
        **{f"variants-{number}-product": product.pk for number in range(MAX_VARIANTS)},
        **management("images", total=MAX_IMAGES, initial=MAX_IMAGES),
        **images,
    )
    sizes: list[int] = []
    monkeypatch.setattr(commit, "write_together", counting(sizes))
    response = manager.post(change_url(product), changed)
    assert response.status_code == 302, errors_of(response)
    assert Listing.objects.filter(shelf="category:new-5").count() == 1
    assert ProductPage.objects.get().pk == "blue-mug"
    assert {stock.available for stock in Stock.objects.all()} == {6}
    assert sizes == [100]
    url = reverse("admin:catalog_product_delete", args=[product.pk])
    assert manager.post(url, {"post": "yes"}).status_code == 302
    for model in (Product, Variant, Stock, Listing, ProductPage, ProductImage):
        assert not model.objects.exists()
