"""Editing in the list: each row by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from backoffice import lists
from backoffice.forms import CLASH
from backoffice.receipts import find_entry
from catalog.models import Listing, Product
from catalog.services import delete_product
from dynamodb.errors import ConflictError
from tests.backoffice.browser import Tab, errors_of, said
from tests.backoffice.elsewhere import elsewhere
from tests.catalog.forms import LIST
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(make_product: Callable[..., Product]) -> list[Product]:
    """As the list shows them: newest first."""
    return [make_product(name) for name in ("Red Mug", "Blue Mug", "Green Mug")][::-1]


def brands() -> list[str]:
    return [product.brand for product in Product.objects.order_by("-pk")]


def statuses() -> list[str]:
    return [product.status for product in Product.objects.order_by("-pk")]


def test_a_stale_list_undoes_nothing(ada: Staff, bob: Staff, three: list[Product]) -> None:
    ours, theirs = Tab(ada, LIST), Tab(bob, LIST)
    theirs.type(form__0__status="archived", form__1__brand="Theirs").save()
    assert ours.type(form__1__status="draft", form__2__brand="Ours").save_and_look() == [
        "Saved 2 products: Blue Mug and Red Mug."
    ]
    assert statuses() == ["archived", "draft", "active"]
    assert brands() == ["", "Theirs", "Ours"]
    assert Listing.objects.filter(shelf="all").count() == 1


def test_the_rows_that_fail_keep_what_was_typed(
    ada: Staff, bob: Staff, three: list[Product]
) -> None:
    ours, theirs = Tab(ada, LIST), Tab(bob, LIST)
    theirs.type(form__0__brand="Theirs").save()
    ours.type(form__0__brand="Ours", form__1__brand="x" * 101, form__2__brand="Clay")

    response = ours.save()

    assert said(response) == [
        "Saved 1 product: Red Mug.",
        "Not saved 2 products: Blue Mug and Green Mug. See below.",
    ]
    assert errors_of(response) == [
        "Yours: “Ours”. Meanwhile nothing became “Theirs”.",
        CLASH,
        "Ensure this value has at most 100 characters (it has 101).",
    ]
    assert brands() == ["Theirs", "", "Clay"]
    ours.show(response)
    shown = [ours.fields[f"form-{n}-brand"] for n in range(3)]
    assert shown == [["Ours"], ["x" * 101], ["Clay"]]
    assert ours.type(form__1__brand="Oak").save().status_code == 302
    assert brands() == ["Ours", "Oak", "Clay"]


def test_what_only_the_commit_shows_is_told_in_its_row(
    ada: Staff, three: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = lists.ListAdmin.write_row

    def conflicting(self: Any, request: Any, form: Any) -> None:
        if form.instance.name == "Blue Mug":
            raise ConflictError("somebody was faster")
        write(self, request, form)

    monkeypatch.setattr(lists.ListAdmin, "write_row", conflicting)
    ours = Tab(ada, LIST)
    response = ours.type(form__0__brand="A", form__1__brand="B", form__2__brand="C").save()
    assert errors_of(response) == ["Not saved: others kept changing it: try again."]
    assert brands() == ["A", "", "C"]
    ours.show(response)
    assert ours.fields["form-1-brand"] == ["B"]


def test_a_full_page_of_rows_that_change_much(
    ada: Staff, make_product: Callable[..., Product]
) -> None:
    """Twenty rows are some 140 writes: more than a transaction holds."""
    for number in range(20):
        make_product(f"Mug {number}")
    ours = Tab(ada, LIST)
    ours.type(**{f"form__{n}__status": "archived" for n in range(20)})
    (told,) = ours.save_and_look()
    assert told.startswith("Saved 20 products: Mug 0, Mug 1, Mug 10,")
    assert statuses() == ["archived"] * 20
    assert not Listing.objects.exists()


def test_a_row_that_was_deleted_meanwhile(ada: Staff, three: list[Product]) -> None:
    ours = Tab(ada, LIST)
    for product in three[:2]:
        delete_product(product_id=product.pk)
    ours.type(form__0__brand="Lost", form__2__brand="Clay")
    assert ours.save_and_look() == [
        "Saved 1 product: Red Mug.",
        f"Since this list was shown, product {three[0].pk} was deleted, which you changed: that "
        "was not saved.",
    ]
    assert brands() == ["Clay"]


def test_a_row_that_the_filter_has_lost(ada: Staff, bob: Staff, three: list[Product]) -> None:
    """Saved elsewhere out of this list: here it is shown until it is saved."""
    ours = Tab(ada, f"{LIST}?status__exact=active")
    Tab(bob, LIST).type(form__1__status="archived", form__1__brand="Theirs").save()
    response = ours.type(form__1__brand="Ours", form__0__brand="Oak").save()
    assert errors_of(response) == [
        "Yours: “Ours”. Meanwhile nothing became “Theirs”.",
        CLASH,
    ]
    ours.show(response)
    assert ours.fields["form-2-brand"] == ["Ours"]
    assert ours.fields["form-2-status"] == ["archived"]
    assert ours.save().status_code == 302
    assert brands() == ["Oak", "Ours", ""]


def test_the_same_list_twice(ada: Staff, bob: Staff, three: list[Product]) -> None:
    ours = Tab(ada, LIST).type(form__0__status="archived", form__1__brand="Ours")
    ours.save()
    Tab(bob, LIST).type(form__0__status="active").save()
    assert ours.save_and_look() == [
        "Saved 2 products: Blue Mug and Green Mug.",
        "2 products already saved: the same list came again, and changed nothing more.",
    ]
    assert statuses() == ["active", "active", "active"]
    assert LogEntry.objects.count() == 3


def test_the_same_list_twice_at_once(
    ada: Staff, three: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Tab(ada, LIST).type(form__0__status="archived", form__0__brand="Ours")
    write = lists.ListAdmin.write_row
    second: list[Any] = []

    def interrupted(self: Any, request: Any, form: Any) -> None:
        if not second:
            second.append("sent")
            second[0] = elsewhere(lambda: ours.save().status_code)
        write(self, request, form)

    monkeypatch.setattr(lists.ListAdmin, "write_row", interrupted)
    assert ours.save_and_look() == [
        "1 product already saved: the same list came again, and changed nothing more."
    ]
    assert second == [302]
    assert statuses() == ["archived", "active", "active"]
    assert LogEntry.objects.count() == 1


def test_the_other_click_between_two_readings(
    ada: Staff, three: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has saved the row when this one has looked for its receipt, and not yet for the row."""
    tab = Tab(ada, LIST).type(form__0__brand="Clay")
    clicks = [tab.save]

    def late(receipt: int | None) -> LogEntry | None:
        found = find_entry(receipt)
        if clicks:
            elsewhere(clicks.pop())
        return found

    monkeypatch.setattr(lists, "find_entry", late)
    assert tab.save_and_look() == [
        "1 product already saved: the same list came again, and changed nothing more."
    ]
    assert brands() == ["Clay", "", ""]
    assert LogEntry.objects.count() == 1
