"""A page of a product's form still fits into one transaction, whatever a save changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from catalog.admin.inlines import IMAGES, VARIANTS
from catalog.models import (
    Category,
    Listing,
    Product,
    ProductContents,
    ProductImage,
    ProductPage,
    Publication,
    Stock,
    Variant,
)
from catalog.models.category import MAX_DEPTH
from catalog.services import save_category
from dynamodb.rows import commit
from pricing.models import PriceChange
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


def variants(first: int, count: int, **values: object) -> dict[str, object]:
    data: dict[str, object] = {}
    for place in range(count):
        number = first + place
        own = {"options": f"size={number}", "position": number, **values}
        data |= variant(place, f"SKU-{number:03d}", **own)
    return data


def counting(sizes: list[int]) -> Callable[[list[Any], Any], None]:
    """The engine's function, noting how many writes a transaction has."""
    write = commit.write_together

    def counted(writes: list[Any], client: Any) -> None:
        sizes.append(len(writes))
        write(writes, client)

    return counted


def pictures(of: Any, first: int = 0, count: int = IMAGES) -> dict[str, Any]:
    return {f"images-{n}-position": first + n for n in range(count)} | {
        f"images-{n}-file": of() for n in range(count)
    }


def test_everything_of_a_page_at_once(manager, picture, monkeypatch):
    new = form(
        deep("old"),
        **management("variants", total=VARIANTS),
        **variants(0, VARIANTS, stock="5"),
        **management("images", total=IMAGES),
    )
    response = manager.post(reverse("admin:catalog_product_add"), {**new, **pictures(picture)})
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
        **management("variants", total=VARIANTS, initial=VARIANTS),
        **variants(0, VARIANTS, stock="6", price="13.00"),
        **{f"variants-{number}-product": product.pk for number in range(VARIANTS)},
        **management("images", total=IMAGES, initial=IMAGES),
        **images,
    )
    sizes: list[int] = []
    monkeypatch.setattr(commit, "write_together", counting(sizes))
    response = manager.post(change_url(product), changed)
    assert response.status_code == 302, errors_of(response)
    assert Listing.objects.filter(shelf="category:new-5").count() == 1
    assert ProductPage.objects.get().pk == "blue-mug"
    assert {stock.available for stock in Stock.objects.all()} == {6}
    # All there can be; then what customers read: the product held, variants' copies, one shelf that
    # stays, six old and six new ones, two pages, the note.
    assert sizes == [100, 1 + VARIANTS + 13 + 2 + 1]
    assert PriceChange.objects.count() == 2 * VARIANTS
    url = reverse("admin:catalog_product_delete", args=[product.pk])
    assert manager.post(url, {"post": "yes"}).status_code == 302
    for model in (
        Product, Variant, Stock, Listing, ProductPage, ProductImage, ProductContents, Publication,
    ):  # fmt: skip
        assert not model.objects.exists()


def test_more_than_a_page(manager, mugs, make_product):
    """The second page's rows are saved as the second page's; new ones come at the end."""
    skus = {f"SKU-{number:03d}": "12.00" for number in range(VARIANTS)}
    product = make_product("Red Mug", skus)
    for number, sku in enumerate(skus):
        Variant.objects.filter(pk=sku).update(options={"size": str(number)})
    url = change_url(product)
    assert "?variants=2#variants-group" in manager.get(url).content.decode()
    shown = manager.get(f"{url}?variants=2&_changelist_filters=q%3Dmug").content.decode()
    assert 'action="?_changelist_filters=q%3Dmug&amp;variants=2"' in shown
    assert manager.get(f"{url}?variants=2").context["inline_admin_formsets"][0].formset.pages == [
        1, 2
    ]  # fmt: skip

    def page(first: int, count: int, initial: int, **values: Any) -> dict[str, Any]:
        return form(
            mugs,
            **management("variants", total=count, initial=initial),
            **variants(first, count, **values),
            **{f"variants-{place}-product": product.pk for place in range(initial)},
            _continue="1",
        )

    added = manager.post(f"{url}?variants=2", page(VARIANTS, 3, 0, stock="1"))
    assert (added.status_code, added["Location"]) == (302, f"{url}?variants=2"), errors_of(added)
    assert Variant.objects.count() == VARIANTS + 3
    dearer = manager.post(f"{url}?variants=2", page(VARIANTS, 3, 3, stock="1", price="15.00"))
    assert dearer.status_code == 302, errors_of(dearer)
    dear = Variant.objects.filter(price=15).values_list("sku", flat=True)
    assert sorted(dear) == [f"SKU-{VARIANTS + place:03d}" for place in range(3)]
    assert len(ProductPage.objects.get().document["variants"]) == VARIANTS + 3
    clash = manager.post(f"{url}?variants=2", page(VARIANTS, 3, 3, stock="1", options="size=0"))
    assert clash.status_code == 200
    clash = manager.post(
        f"{url}?variants=2", page(VARIANTS, 3, 3, stock="1") | {"variants-0-options": "size=0"}
    )
    formset = clash.context["inline_admin_formsets"][0].formset
    assert formset.non_form_errors() == [
        "SKU-000 and SKU-025 have the same options: each variant differs from the others."
    ]
    assert formset.forms[0]["options"].value() == "size=0"


@pytest.mark.parametrize("page", ["0", "-1", "two", "\u00b2", "9" * 60, "9" * 5000])
def test_a_page_that_is_no_number_is_the_first(manager, product, page):
    formset = (
        manager.get(f"{change_url(product)}?variants={page}")
        .context["inline_admin_formsets"][0]
        .formset
    )
    assert [row.pk for row in formset.get_queryset()] == ["MUG-1"]
