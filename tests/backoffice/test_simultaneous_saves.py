"""Two managers save one product at the same moment: both are done, or the second is asked.

The other one comes between the reading and the writing of what customers read, over HTTP,
on a connection of their own.
"""

from collections.abc import Callable
from typing import Any

import pytest

from backoffice.forms import CLASH
from catalog.models import Listing, Product, ProductContents, ProductPage
from catalog.services import publishing
from dynamodb.conflicts import ATTEMPTS, retry_on_conflict
from dynamodb.errors import ConflictError
from tests.backoffice.browser import Tab, errors_of
from tests.backoffice.elsewhere import elsewhere
from tests.catalog.forms import LIST, change_url
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)


def between(monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> list[Any]:
    """Have it happen once, when the first save has read the product and written nothing."""
    enter = publishing.enter_category
    happened: list[Any] = []

    def interrupted(product: Product, contents: ProductContents) -> None:
        if not happened:
            happened.append(None)
            happened[0] = elsewhere(run)
        enter(product, contents)

    monkeypatch.setattr(publishing, "enter_category", interrupted)
    return happened


@pytest.fixture
def draft(make_product: Callable[..., Product]) -> Product:
    return make_product("Blue Mug", {"MUG-1": "12.00"}, status="draft")


def test_both_publish_it(
    ada: Staff, bob: Staff, draft: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = Tab(ada, change_url(draft)), Tab(bob, LIST)
    answers = between(monkeypatch, lambda: theirs.act("publish", draft.pk))
    assert ours.type(status="active", brand="Clay").save().status_code == 302
    assert answers[0].status_code == 302
    assert sorted(Listing.objects.values_list("shelf", flat=True)) == [
        "all",
        "category:kitchen",
        "category:mugs",
    ]
    assert ProductPage.objects.get().document["brand"] == "Clay"


def test_one_archives_what_the_other_edits(
    ada: Staff, bob: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = Tab(ada, LIST), Tab(bob, LIST)
    between(monkeypatch, lambda: theirs.act("archive", mug.pk))
    assert ours.type(form__0__brand="Ours").save().status_code == 302
    found = Product.objects.get()
    assert (found.status, found.brand) == ("archived", "Ours")
    assert not ProductPage.objects.exists()


def test_the_same_field_at_the_same_moment(
    ada: Staff, bob: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loser runs again on what the winner stored, and there it is a clash."""
    ours = Tab(ada, change_url(mug)).type(variants__0__price="9.00")
    theirs = Tab(bob, change_url(mug)).type(variants__0__price="8.00")
    between(monkeypatch, theirs.save)
    assert errors_of(ours.save()) == ["Yours: “9.00”. Meanwhile “12.00” became “8.00”.", CLASH]


def test_stock_by_two_people_at_the_same_moment(
    ada: Staff, bob: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Tab(ada, change_url(mug)).type(variants__0__stock="30")
    theirs = Tab(bob, change_url(mug)).type(variants__0__stock="40")
    between(monkeypatch, theirs.save)
    assert errors_of(ours.save()) == ["Yours: “30”. Meanwhile “10” became “40”.", CLASH]


def test_a_slug_that_somebody_took_is_named(
    ada: Staff, bob: Staff, mug: Product, draft: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save that met it at the commit runs again, and its form sees the other product."""
    ours = Tab(ada, change_url(mug)).type(slug="green-mug")
    theirs = Tab(bob, change_url(draft)).type(slug="green-mug")
    between(monkeypatch, theirs.save)
    assert errors_of(ours.save()) == ["Product with this Slug already exists."]
    assert Product.objects.get(pk=mug.pk).slug == "red-mug"


def test_a_retry_within_a_retry_is_no_retry() -> None:
    calls: list[int] = []

    def conflicting() -> None:
        calls.append(1)
        raise ConflictError("always")

    with pytest.raises(ConflictError):
        retry_on_conflict(lambda: retry_on_conflict(conflicting))
    assert len(calls) == ATTEMPTS == 12

    with pytest.raises(ConflictError):
        retry_on_conflict(conflicting, attempts=3)
    assert len(calls) == 15
