"""A double click, F5, the back button, a lost answer: one submission counts once.

At once: the second arrives between the reading and the commit of the first, on a connection
of its own.
"""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from backoffice import ground, receipts
from backoffice.forms import CLASH
from catalog.models import Category, Product, Stock, Variant
from catalog.services import reserve_stock
from dynamodb.rows import commit
from tests.backoffice.browser import Tab, errors_of
from tests.backoffice.elsewhere import elsewhere
from tests.catalog.forms import ADD, LIST, change_url
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)

AGAIN = "was already saved: the same form came again, and changed nothing more."


def at_once(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> list[HttpResponse]:
    """Press twice: the second arrives whole before the first one's commit. First the first."""
    write: Any = receipts.write_entry
    answers: list[Any] = []

    def interrupted(*args: Any) -> Any:
        if not answers:
            answers.append(None)  # a second interruption would be a third click
            answers[0] = elsewhere(lambda: Client.post(tab.client, tab.url, pressed))
        return write(*args)

    pressed = {**tab.fields, "_save": "Save"}
    monkeypatch.setattr(ground, "write_entry", interrupted)
    first = tab.save()
    return [first, answers[0]]


def new_mug(staff: Staff, category: Category, slug: str = "red-mug") -> Tab:
    variant = {"sku": "MUG-1", "price": "12.00", "currency": "EUR", "stock": "5", "position": "0"}
    tab = Tab(staff, ADD).type(name="Red Mug", slug=slug, status="active", category=category.pk)
    tab.type(**{f"variants__0__{name}": value for name, value in variant.items()})
    return tab.type(variants__0__weight_grams="0")


def stock_of(sku: str) -> int:
    return Stock.objects.get(pk=sku).available


def test_a_stock_change_that_comes_twice(ada: Staff, mug: Product) -> None:
    tab = Tab(ada, change_url(mug)).type(variants__0__stock="30", name="Crimson Mug")
    first = tab.save()
    reserve_stock(sku="MUG-S", quantity=1)
    Product.objects.update(name="Blue Mug")

    second = tab.save()

    assert (first.status_code, second.status_code) == (302, 302)
    assert (first["Location"], second["Location"]) == (LIST, LIST)
    assert stock_of("MUG-S") == 29
    assert Product.objects.get().name == "Blue Mug"
    assert LogEntry.objects.count() == 1
    assert tab.save_and_look()[-1] == f"The product “Crimson Mug” {AGAIN}"


def test_a_stock_change_that_comes_twice_at_once(
    ada: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(ada, change_url(mug)).type(variants__0__stock="30")
    answers = at_once(tab, monkeypatch)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [answer["Location"] for answer in answers] == [LIST, LIST]
    assert stock_of("MUG-S") == 30
    assert LogEntry.objects.count() == 1


def test_one_new_product_of_two_clicks(
    ada: Staff, mugs: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = at_once(new_mug(ada, mugs), monkeypatch)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [product.name for product in Product.objects.all()] == ["Red Mug"]
    assert stock_of("MUG-1") == 5
    assert LogEntry.objects.count() == 1


def without_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard out: no submission is known again."""
    monkeypatch.setattr(ground, "receipt_of", lambda request: None)


def test_without_receipts_two_clicks_ask_about_their_own_stock(
    ada: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_receipts(monkeypatch)
    tab = Tab(ada, change_url(mug)).type(variants__0__stock="30", name="Crimson Mug")
    reserve_stock(sku="MUG-S", quantity=1)
    first, second = at_once(tab, monkeypatch)
    assert (first.status_code, second.status_code) == (200, 302)
    assert errors_of(first) == ["Yours: “30”. Meanwhile “10” became “29”.", CLASH]


def test_without_receipts_the_second_is_told_that_it_failed(
    ada: Staff, mugs: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_receipts(monkeypatch)
    tab = new_mug(ada, mugs)
    tab.save()
    assert errors_of(tab.save()) == [
        "Product with this Slug already exists.",
        "Variant with this SKU already exists.",
    ]


def test_the_answer_of_dynamodb_is_lost(
    ada: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether it was saved; who sends it again learns it."""
    tab = Tab(ada, change_url(mug)).type(variants__0__stock="30")
    write = commit.write_together

    def lost(writes: Any, client: Any) -> None:
        write(writes, client)
        raise OperationalError("The connection was reset.")

    with monkeypatch.context() as patch:
        patch.setattr(commit, "write_together", lost)
        assert tab.save_and_look() == [
            "The database did not answer: this may be saved or not. Look, or send the same form "
            "again: it counts once."
        ]
    assert tab.save_and_look() == [f"The product “Red Mug” {AGAIN}"]
    assert stock_of("MUG-S") == 30


@pytest.mark.parametrize("guarded", [True, False])
def test_a_lost_answer_after_somebody_else_s_change(
    ada: Staff, bob: Staff, mugs: Category, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Sent again, it would be a stale form; but it was saved, and says so."""
    if not guarded:
        without_receipts(monkeypatch)
    url = reverse("admin:catalog_category_change", args=[mugs.pk])
    ours = Tab(ada, url).type(name="Cups")
    ours.save()
    Tab(bob, url).type(name="Beakers").save()
    response = ours.save()
    assert response.status_code == (302 if guarded else 200)
    assert Category.objects.get(pk=mugs.pk).name == "Beakers"
    assert LogEntry.objects.count() == 2


def test_back_and_something_else_is_another_submission(ada: Staff, mug: Product) -> None:
    tab = Tab(ada, change_url(mug)).type(name="Crimson Mug")
    tab.save()
    assert tab.type(brand="Clay").save().status_code == 302
    found = Product.objects.get()
    assert (found.name, found.brand) == ("Crimson Mug", "Clay")
    assert LogEntry.objects.count() == 2


def test_a_user_of_two_clicks(superuser: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    password = "correct horse battery staple"
    tab = Tab(superuser, reverse("admin:auth_user_add")).type(
        username="new", password1=password, password2=password
    )
    answers = at_once(tab, monkeypatch)
    user = User.objects.get(username="new")
    assert [answer.status_code for answer in answers] == [302, 302]
    assert {answer["Location"] for answer in answers} == {
        reverse("admin:auth_user_change", args=[user.pk])
    }
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == ["Added."]


def test_what_was_added_and_deleted_again_stays_deleted(ada: Staff, mugs: Category) -> None:
    tab = new_mug(ada, mugs)
    tab.save()
    ada.post(reverse("admin:catalog_product_delete", args=[Product.objects.get().pk]), {"post": 1})
    response = tab.save()
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert not Product.objects.exists()
    assert not Variant.objects.exists()


def test_deleting_twice_at_once(ada: Staff, mug: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog.admin.products import ProductAdmin

    url = reverse("admin:catalog_product_delete", args=[mug.pk])
    delete: Any = ProductAdmin.delete_model
    second: list[Any] = []

    def interrupted(self: Any, request: Any, obj: Any) -> None:
        if not second:
            second.append(None)
            second[0] = elsewhere(lambda: Client.post(ada, url, {"post": "yes"}))
        delete(self, request, obj)

    monkeypatch.setattr(ProductAdmin, "delete_model", interrupted)
    assert ada.post(url, {"post": "yes"}).status_code == 302
    assert second[0].status_code == 302
    assert not Product.objects.exists()
    assert LogEntry.objects.count() == 1
