"""What is changed and changed back while what customers read is behind: it is as it was, and what
was written over in between is written again."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from catalog.models import Category, PagePart, Product, ProductPage, Variant
from catalog.projections import projecting
from catalog.services import delete_product, publish_product, save_product
from tests.catalog.test_projections import death, follow_up

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = "/api/v1/products/shirt/variants/?page=2"
MANY = 201  # variants: more than a transaction holds, and a page with two parts


def save_shirt(category: Category, count: int = MANY) -> Product:
    product = Product(name="Shirt", slug="shirt", category=category, status="active")
    rows = [
        Variant(sku=f"S-{n:03d}", options={"size": str(n)}, price=Decimal(20), position=n)
        for n in range(count)
    ]
    save_product(product=product, rows=rows)
    return product


def rename(product: Product, slug: str) -> None:
    with transaction.atomic():
        stored = Product.objects.get(pk=product.pk)
        stored.slug = slug
        stored.save(update_fields=["slug"])
        publish_product(product=stored)


def die_before_it_is_seen(monkeypatch: pytest.MonkeyPatch, save: Callable[[], Any]) -> None:
    """The save is done, and nothing of what customers read."""
    with pytest.raises(KeyboardInterrupt), death(monkeypatch, 1, "before"):
        save()


def owners() -> dict[str, int]:
    return {page.slug: page.product_id for page in ProductPage.objects.all()}


@pytest.mark.parametrize("guarded", [True, False])
def test_a_slug_that_another_product_had_meanwhile(
    make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """GIVEN a product that was renamed and is not projected yet, and another that took its slug and
    left it WHEN the first takes it again THEN it has its page there."""
    if not guarded:
        monkeypatch.setattr(projecting, "forget_all", lambda product_id: None)
    mug = make_product("Mug", {"M-1": "12.00"})
    die_before_it_is_seen(monkeypatch, lambda: rename(mug, "old"))
    cup = make_product("Mug", {"N-1": "9.00"})
    assert owners() == {"mug": cup.pk}
    rename(cup, "cup")
    rename(mug, "mug")
    follow_up()
    assert owners() == ({"mug": mug.pk, "cup": cup.pk} if guarded else {"cup": cup.pk})


def test_two_large_products_swap_their_slugs(
    mugs: Category, make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN one whose projection is behind all the time THEN each has its page and its parts."""
    shirt = save_shirt(mugs)
    mug = make_product("Mug", {"M-1": "12.00"})
    die_before_it_is_seen(monkeypatch, lambda: rename(shirt, "between"))
    rename(mug, "shirt")
    die_before_it_is_seen(monkeypatch, lambda: rename(shirt, "mug"))
    follow_up()
    assert owners() == {"shirt": mug.pk, "mug": shirt.pk}
    parts = PagePart.objects.values_list("slug", "number", "product_id")
    assert sorted(parts) == [("mug", 2, shirt.pk), ("mug", 3, shirt.pk)]
    rename(mug, "between")
    rename(shirt, "shirt")
    delete_product(product_id=mug.pk)
    parts = PagePart.objects.values_list("slug", "number", "product_id")
    assert sorted(parts) == [("shirt", 2, shirt.pk), ("shirt", 3, shirt.pk)]


def change(product: Product, name: str, price: str) -> None:
    """All variants' copies, and a part: several transactions."""
    with transaction.atomic():
        stored = Product.objects.get(pk=product.pk)
        stored.name = name
        stored.save(update_fields=["name"])
        variant = Variant.objects.get(pk="S-150")
        variant.price = Decimal(price)
        variant.save()
        publish_product(product=stored)


@pytest.mark.parametrize("guarded", [True, False])
def test_a_part_that_was_written_without_its_page(
    mugs: Category, guest: APIClient, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """GIVEN a projection that dies anywhere, and a manager who takes the change back WHEN all is
    done THEN customers read what they read before."""
    if not guarded:
        monkeypatch.setattr(projecting, "forget_parts", lambda published, places: None)
    product = save_shirt(mugs)
    before = guest.get(PARTS).json()
    with death(monkeypatch) as writes:
        change(product, "Blouse", "21.00")
    change(product, "Shirt", "20.00")
    wrong = []
    for number in range(1, len(writes)) if guarded else [5]:
        with pytest.raises(KeyboardInterrupt), death(monkeypatch, number, "before"):
            change(product, "Blouse", "21.00")
        change(product, "Shirt", "20.00")
        follow_up()
        if guest.get(PARTS).json() != before:
            wrong.append(number)
    # The save, three times copies, the part, page and note, the event.
    assert (len(writes), wrong) == (7, [] if guarded else [5])


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="nothing notes a slug under which only parts were written",
)
def test_parts_under_a_slug_that_was_never_published(
    mugs: Category, guest: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a large product that is renamed, a projection that dies after its parts, and the slug
    of before again THEN nothing is under the other. There is: a part, which answers 200."""
    product = save_shirt(mugs)
    with pytest.raises(KeyboardInterrupt), death(monkeypatch, 5, "before"):
        rename(product, "blouse")
    rename(product, "shirt")
    follow_up()
    assert guest.get("/api/v1/products/blouse/").status_code == 404
    assert guest.get("/api/v1/products/blouse/variants/?page=2").status_code == 404
