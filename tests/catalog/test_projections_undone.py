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
from tests.catalog.deaths import death, follow_up

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


def die_after_parts(monkeypatch: pytest.MonkeyPatch, save: Callable[[], Any]) -> None:
    """The save is done, and parts are written, but not the page that names them."""

    def dead(self: Any, card: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(projecting.Projection, "write_lists", dead)
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
        monkeypatch.setattr(projecting, "note_ahead", lambda published, slug, places: None)
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


def test_parts_under_a_slug_that_was_never_published(
    mugs: Category, guest: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a large product that is renamed, projections that die after its parts, and the slug of
    before again, or that it goes altogether, THEN nothing is under the others."""
    product = save_shirt(mugs)
    die_after_parts(monkeypatch, lambda: rename(product, "blouse"))
    assert {part.slug for part in PagePart.objects.all()} == {"shirt", "blouse"}
    die_after_parts(monkeypatch, lambda: rename(product, "tunic"))
    assert {part.slug for part in PagePart.objects.all()} == {"shirt", "tunic"}
    rename(product, "shirt")
    follow_up()
    assert guest.get("/api/v1/products/tunic/variants/?page=2").status_code == 404
    assert {part.slug for part in PagePart.objects.all()} == {"shirt"}
    die_after_parts(monkeypatch, lambda: rename(product, "blouse"))
    delete_product(product_id=product.pk)
    follow_up()
    assert not PagePart.objects.exists()


@pytest.mark.parametrize("slug", ["shirt", "blouse"])
def test_parts_that_are_too_many_in_the_end(
    mugs: Category, monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    """GIVEN a projection that dies after three parts more, and variants that go again THEN there
    are as many as before, also under a slug that was new."""
    product = save_shirt(mugs)

    def grow() -> None:
        with transaction.atomic():
            stored = Product.objects.get(pk=product.pk)
            stored.slug = slug
            rows = [
                Variant(
                    sku=f"T-{n:03d}", options={"size": f"t{n}"}, price=Decimal(20), position=MANY
                )
                for n in range(300)
            ]
            save_product(product=stored, rows=rows)

    die_after_parts(monkeypatch, grow)
    assert PagePart.objects.filter(slug=slug).count() == 5
    with transaction.atomic():
        Variant.objects.filter(pk__in=[f"T-{n:03d}" for n in range(40)]).delete()
        publish_product(product=Product.objects.get(pk=product.pk))
    for first in range(40, 300, 40):
        with transaction.atomic():
            gone = [f"T-{n:03d}" for n in range(first, min(300, first + 40))]
            Variant.objects.filter(pk__in=gone).delete()
            publish_product(product=Product.objects.get(pk=product.pk))
    follow_up()
    assert sorted((part.slug, part.number) for part in PagePart.objects.all()) == [
        (slug, 2),
        (slug, 3),
    ]
