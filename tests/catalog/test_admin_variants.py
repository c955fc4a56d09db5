"""Variants in a product's form: what they must be to each other, and their order."""

from functools import partial
from typing import Any

import pytest

from catalog.models import Product, ProductImage, Variant
from catalog.services import publishing
from tests.backoffice.elsewhere import elsewhere
from tests.catalog.forms import (
    ADD,
    LIST,
    change_url,
    errors_of,
    form,
    management,
    variant,
    with_one_variant,
)

pytestmark = pytest.mark.django_db(transaction=True)


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def two(mugs: Any, first: str, second: str) -> dict[str, Any]:
    return form(
        mugs,
        **management("variants", total=2),
        **variant(0, "MUG-1", options=first),
        **variant(1, "MUG-2", options=second),
    )


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        ("", "", "MUG-1 and MUG-2 have no options: say in what they differ, as in size=M."),
        (
            "size=S",
            "size=s",
            "MUG-1 and MUG-2 have the same options: each variant differs from the others.",
        ),
        (
            "size=S",
            "colour=Red; size=M",
            "MUG-1 lacks colour: all variants of a product have the same options.",
        ),
    ],
)
def test_options_that_nobody_could_choose_by(manager, mugs, first, second, error):
    assert errors_of(manager.post(ADD, two(mugs, first, second))) == [error]
    assert not Product.objects.exists()


def test_a_line_for_each_option(manager, mugs):
    data = two(mugs, "colour=Red\r\nsize=S", "colour=Red; size=M")
    assert manager.post(ADD, data).status_code == 302
    assert Variant.objects.get(pk="MUG-1").options == {"colour": "Red", "size": "S"}


def test_a_variant_without_options_may_be_the_only_one(manager, mugs):
    data = form(mugs, **management("variants", total=1), **variant(0, "MUG-1"))
    assert manager.post(ADD, data).status_code == 302
    data = form(
        mugs,
        **management("variants", total=2, initial=1),
        **variant(0, "MUG-1"),
        **{"variants-0-product": Product.objects.get().pk},
        **variant(1, "MUG-2", options="size=M"),
    )
    assert errors_of(manager.post(change_url(Product.objects.get()), data)) == [
        "MUG-1 lacks size: all variants of a product have the same options."
    ]


def test_an_old_mistake_does_not_stop_another_change(manager, make_product):
    """Two variants without options, from before there was the rule."""
    product = make_product("Red Mug", {"MUG-1": "12.00", "MUG-2": "13.00"})
    data = form(
        product.category,
        name="Crimson Mug",
        **management("variants", total=2, initial=2),
        **variant(0, "MUG-1"),
        **variant(1, "MUG-2", price="14.00"),
        **{f"variants-{number}-product": product.pk for number in range(2)},
    )
    assert manager.post(change_url(product), data).status_code == 302
    assert Product.objects.get().name == "Crimson Mug"
    assert str(Variant.objects.get(pk="MUG-2").price) == "14.00"


def add_second(manager, product, sku):
    """A form that shows MUG-1 alone, and adds a variant of size M."""
    return manager.post(
        change_url(product),
        {
            **with_one_variant(product, options="size=S"),
            **management("variants", total=2, initial=1),
            **variant(1, sku, options="size=M"),
        },
        follow=True,
    )


def test_two_managers_add_the_same_at_once(manager, product, monkeypatch):
    """Each form is right by itself; the other one's variant is stored between look and commit."""
    note = publishing.note_contents
    others: list[Any] = []

    def meanwhile(product: Product, *args: Any) -> Any:
        contents = note(product, *args)
        if not others:
            others.append(None)
            others.append(elsewhere(partial(add_second, manager, product, "MUG-2")))
        return contents

    monkeypatch.setattr(publishing, "note_contents", meanwhile)
    answer = add_second(manager, product, "MUG-3")

    assert answer.context["adminform"].form.non_field_errors() == [
        "Nothing was saved: MUG-2 and MUG-3 have the same options: "
        "each variant differs from the others."
    ]
    assert b"MUG-3" in answer.content  # what was typed is still there
    assert sorted(Variant.objects.values_list("pk", flat=True)) == ["MUG-1", "MUG-2"]


@pytest.mark.parametrize("position", ["", "0"])
def test_variants_keep_the_order_typed(manager, mugs, position):
    data = form(mugs, **management("variants", total=3))
    for number, sku in enumerate(("MUG-L", "MUG-S", "MUG-M")):
        data |= variant(number, sku, options=f"size={sku[-1]}", position=position)
    assert manager.post(ADD, data).status_code == 302
    stored = Variant.objects.order_by("position").values_list("pk", "position")
    assert list(stored) == [("MUG-L", 0), ("MUG-S", 1), ("MUG-M", 2)]


def test_a_new_variant_comes_last_and_a_typed_position_counts(manager, make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00", "MUG-2": "13.00"})
    data = form(
        product.category,
        **management("variants", total=4, initial=2),
        **variant(0, "MUG-1", options="size=S", position=7),
        **variant(1, "MUG-2", options="size=M", position=0),
        **variant(2, "MUG-3", options="size=L", position=0),
        **variant(3, "MUG-4", options="size=XL", position=3),
        **{f"variants-{number}-product": product.pk for number in range(2)},
    )
    response = manager.post(change_url(product), data)
    assert response.status_code == 302, errors_of(response)
    stored = Variant.objects.order_by("position").values_list("pk", "position")
    assert list(stored) == [("MUG-2", 0), ("MUG-4", 3), ("MUG-1", 7), ("MUG-3", 8)]


def test_pictures_keep_their_order(manager, mugs, picture):
    data = form(mugs, **management("images", total=2))
    for number, alt in enumerate(("zebra", "ape")):
        data |= {f"images-{number}-file": picture(), f"images-{number}-alt": alt}
        data |= {f"images-{number}-position": ""}
    assert manager.post(ADD, data).status_code == 302
    stored = ProductImage.objects.order_by("position").values_list("alt", "position")
    assert list(stored) == [("zebra", 0), ("ape", 1)]


def test_the_form_s_new_rows_have_no_position(manager, mugs):
    page = manager.get(ADD).content.decode()
    assert '<input type="number" name="variants-0-position"' in page
    field = page.split('name="variants-0-position"')[1].partition(">")[0]
    assert "value" not in field


UNSEEN = "Red Mug is active, but has no variant: customers do not see it."


def test_an_active_product_without_a_variant_is_told_of(manager, mugs):
    saved = "The product “<a href"
    said = messages_of(manager.post(ADD, form(mugs), follow=True))
    assert [text if text == UNSEEN else text[: len(saved)] for text in said] == [UNSEEN, saved]
    assert Product.objects.get().status == "active"
    assert messages_of(manager.post(ADD, form(mugs, slug="b", status="draft"), follow=True)) != said


def test_publishing_one_tells_it_too(manager, make_product):
    product = make_product("Red Mug", {}, status="draft")
    data = {"action": "publish", "_selected_action": [product.pk]}
    assert UNSEEN in messages_of(manager.post(LIST, data, follow=True))
