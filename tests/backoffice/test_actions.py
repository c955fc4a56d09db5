"""Actions on several things: each by itself, each told by its name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from catalog.admin import products
from catalog.models import Category, Listing, Product
from catalog.services import delete_product, set_status
from dynamodb.conflicts import ATTEMPTS
from dynamodb.errors import ConflictError
from tests.backoffice.browser import Tab, said
from tests.backoffice.elsewhere import elsewhere
from tests.catalog.forms import LIST
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(make_product: Callable[..., Product]) -> list[Product]:
    return [
        make_product(name, status=status)
        for name, status in (("Red", "active"), ("Blue", "draft"), ("Green", "active"))
    ]


def look(staff: Staff) -> list[str]:
    return said(staff.get(LIST))


def test_what_was_done_with_each(
    ada: Staff, three: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def conflicting(*, product_id: int, status: Any) -> None:
        if product_id == three[2].pk:
            tries.append(product_id)
            raise ConflictError("somebody was faster")
        set_status(product_id=product_id, status=status)

    monkeypatch.setattr(products, "set_status", conflicting)
    Product.objects.filter(pk=three[0].pk).update(status="archived")
    tab = Tab(ada, LIST)
    assert tab.act("archive", *(product.pk for product in three)).status_code == 302
    assert look(ada) == [
        "1 product now archived: Blue.",
        "1 product archived already: Red.",
        "1 product not changed: Green (others kept changing it: try again).",
    ]
    assert len(tries) == ATTEMPTS  # and not as often as that each time
    assert [p.status for p in Product.objects.order_by("pk")] == ["archived", "archived", "active"]


def test_the_history_of_an_action(ada: Staff, three: list[Product]) -> None:
    Tab(ada, LIST).act("publish", three[1].pk)
    (entry,) = LogEntry.objects.all()
    assert (entry.object_repr, entry.get_change_message()) == (
        "Blue",
        "Changed Status “Draft” → “Active”.",
    )


def test_an_action_that_comes_twice(ada: Staff, three: list[Product]) -> None:
    """In between somebody else has archived it again: F5 does not undo that."""
    tab = Tab(ada, LIST)
    tab.act("publish", three[1].pk)
    set_status(product_id=three[1].pk, status=Product.Status.ARCHIVED)
    tab.act("publish", three[1].pk)
    assert Product.objects.get(pk=three[1].pk).status == "archived"
    assert look(ada) == [
        "1 product now active: Blue.",
        "1 product done already: the same choice came again, and changed nothing more: Blue.",
    ]
    # Another page is another choice.
    Tab(ada, LIST).act("publish", three[1].pk)
    assert Product.objects.get(pk=three[1].pk).status == "active"


def test_one_that_is_gone_by_then(ada: Staff, three: list[Product], monkeypatch: Any) -> None:
    def vanishing(*, product_id: int, status: Any) -> None:
        if product_id == three[2].pk:
            raise Product.DoesNotExist
        set_status(product_id=product_id, status=status)

    monkeypatch.setattr(products, "set_status", vanishing)
    Tab(ada, LIST).act("archive", three[0].pk, three[2].pk)
    assert look(ada) == [
        "1 product now archived: Red.",
        "1 product not changed: Green (it was deleted meanwhile).",
    ]


def test_deleting_some_of_which_one_conflicts(
    ada: Staff, three: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    def conflicting(*, product_id: int) -> None:
        if product_id == three[0].pk:
            raise ConflictError("somebody was faster")
        delete_product(product_id=product_id)

    monkeypatch.setattr(products, "delete_product", conflicting)
    keys = [product.pk for product in three]
    data = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert said(ada.post(LIST, data, follow=True)) == [
        "2 products deleted: Blue and Green.",
        "1 product not changed: Red (others kept changing it: try again).",
    ]
    assert [product.name for product in Product.objects.all()] == ["Red"]
    assert Listing.objects.filter(shelf="all").count() == 1
    assert sorted(entry.object_repr for entry in LogEntry.objects.all()) == ["Blue", "Green"]
    again = {**data, "_selected_action": keys[1:]}
    assert said(ada.post(LIST, again, follow=True)) == [
        "What you chose is not in this list any more: nothing was done."
    ]


def test_categories_of_which_one_is_in_use(
    ada: Staff, kitchen: Category, mugs: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts = Category.objects.create(name="Gifts", slug="gifts")
    mugs.mark_filled()
    url = "/admin/catalog/category/"
    data = {"action": "delete_selected", "_selected_action": [gifts.pk, mugs.pk], "post": "yes"}
    assert said(ada.post(url, data, follow=True)) == [
        "1 category deleted: Gifts.",
        "1 category not changed: Kitchen / Mugs (it is in use, or was until a moment ago).",
    ]


def test_an_action_that_comes_twice_at_once(
    ada: Staff, three: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(ada, LIST)
    second: list[Any] = []

    def interrupted(*, product_id: int, status: Any) -> None:
        if not second:
            second.append("sent")
            second[0] = elsewhere(lambda: tab.act("publish", three[1].pk).status_code)
        set_status(product_id=product_id, status=status)

    monkeypatch.setattr(products, "set_status", interrupted)
    tab.act("publish", three[1].pk)
    assert second == [302]
    assert Product.objects.get(pk=three[1].pk).status == "active"
    assert LogEntry.objects.count() == 1
