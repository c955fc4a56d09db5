"""What cards say of the stock follows it, whoever moves it, repeats what and dies where."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from catalog.events import StockMoved
from catalog.models import Product, ProductPage, Publication, Stock, Variant
from catalog.services import (
    availability,
    request_counting,
    reserve_stock,
    set_status,
)
from outbox.consumers import consume
from tests.catalog.cards import card_of, give_back, messages, sell, words
from tests.catalog.conftest import deliver
from tests.catalog.forms import change_url, with_one_variant
from tests.outbox.deliveries import delivery_of, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("stock", "word"), [(0, "sold_out"), (1, "few_left"), (3, "few_left"), (4, "in_stock")]
)
def test_a_new_product(make_product, stock, word):
    assert words(make_product("Mug", stock=stock)) == {word}


def test_variants_count_together(make_product):
    assert words(make_product("Mug", {"M-1": "1.00", "M-2": "1.00"}, stock=2)) == {"in_stock"}


def test_down_and_up_again(make_product, republish):
    product = make_product("Mug", {"M-1": "1.00"}, stock=10)
    for move, pieces, consumed, word in (
        (sell, 6, 0, "in_stock"),  # 4 left: nothing is asked for
        (sell, 1, 1, "few_left"),
        (sell, 2, 1, "few_left"),
        (sell, 1, 1, "sold_out"),
        (give_back, 3, 1, "few_left"),
        (give_back, 7, 1, "in_stock"),
    ):
        move("M-1", pieces)
        assert republish() == consumed
        assert words(product) == {word}


def test_another_variant_is_left(make_product, republish):
    product = make_product("Mug", {"M-1": "1.00", "M-2": "1.00"}, stock=5)
    sell("M-1", 5)
    assert (republish(), words(product)) == (1, {"in_stock"})
    sell("M-2", 5)
    assert (republish(), words(product)) == (1, {"sold_out"})


def test_one_message_for_what_was_moved_together(make_product, republish):
    products = [make_product(f"Mug {n}", {f"M-{n}": "1.00"}, stock=4) for n in range(3)]
    with transaction.atomic():
        for number, quantity in ((0, 1), (1, 4), (2, 0)):
            reserve_stock(sku=f"M-{number}", quantity=quantity)
        request_counting(moved={"M-0": -1, "M-1": -4, "M-2": 0})
    assert [message.body for message in messages()] == [{"skus": ["M-0", "M-1"]}]
    assert republish() == 1
    assert [words(product) for product in products] == [{"few_left"}, {"sold_out"}, {"in_stock"}]


def test_no_message_without_the_move(make_product):
    make_product("Mug", {"M-1": "1.00"}, stock=4)
    with pytest.raises(RuntimeError), transaction.atomic():
        sell("M-1", 4)
        raise RuntimeError
    assert (messages(), Stock.objects.get(pk="M-1").available) == ([], 4)


def test_a_message_costs_no_call(make_product, calls):
    make_product("Mug", {"M-1": "1.00"}, stock=4)
    with calls() as made:
        sell("M-1", 4)
    assert [call.operation for call in made] == ["GetItem", "TransactWriteItems"]


def test_what_a_count_costs(make_product, calls):
    """On three shelves: the first time the card is written, and the stock looked at once more; then
    it is found right."""
    make_product("Mug", {"M-1": "1.00", "M-2": "1.00"}, stock=2)
    sell("M-1", 2)
    (message,) = messages()
    read = ["GetItem", "BatchGetItem", "BatchGetItem"]  # whose it is, its note, its stock
    for write in (["BatchGetItem", "TransactWriteItems", "BatchGetItem"], []):
        with calls() as made:
            delivery = delivery_of(message, StockMoved(["M-1"]))
            availability.count_again(delivery=delivery, skus=["M-1"])
        found = [call.operation for call in made]
        assert found[: len(read + write)] == read + write
        assert found[len(read + write) :] in (["DeleteItem"], ["DeleteItem", "GetItem"])


def test_a_message_that_comes_twice_changes_nothing(make_product, written):
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 4)
    (message,) = messages()
    assert deliver(message) == []
    with written() as statements:
        assert deliver(message) == []
    assert [each for each in statements if "outbox" not in each] == []
    assert words(product) == {"sold_out"}


@pytest.mark.parametrize("step", ["count_availability", "acknowledge"])
def test_a_consumer_that_dies_is_followed(make_product, republish, monkeypatch, step):
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 4)

    def killed(**options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(availability, step, killed)
        deliver(messages()[0])
    assert (republish(), words(product)) == (1, {"sold_out"})


def test_what_has_no_card_is_passed_over(make_product, republish):
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 4)
    Publication.objects.filter(pk=product.pk).delete()
    assert republish() == 1
    Variant.objects.filter(pk="M-1").delete()
    gone = stored(StockMoved(["M-1"]), pk=1)
    assert deliver(gone) == []


def test_a_draft_is_counted_when_it_is_seen(make_product, republish):
    product = make_product("Mug", {"M-1": "1.00"}, stock=4, status="draft")
    sell("M-1", 4)
    assert republish() == 1
    set_status(product_id=product.pk, status=Product.Status.ACTIVE)
    assert words(product) == {"sold_out"}


def test_the_page_is_left_alone(make_product, republish):
    make_product("Mug", {"M-1": "1.00"}, stock=4)
    before = ProductPage.objects.get().document
    sell("M-1", 4)
    republish()
    assert ProductPage.objects.get().document == before


# Managers ----------------------------------------------------------------------------


def test_the_admin_s_stock_shows_at_once(manager, make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00"}, stock=5)
    for stock, word in (("2", "few_left"), ("0", "sold_out"), ("9", "in_stock")):
        data = with_one_variant(product, stock=stock)
        assert manager.post(change_url(product), data).status_code == 302
        assert words(product) == {word}
    assert messages() == []


def test_a_deleted_variant_counts_no_more(manager, make_product):
    product = make_product("Red Mug", {"MUG-1": "12.00"}, stock=2)
    data = with_one_variant(product, **{"variants-0-DELETE": "on"})
    assert manager.post(change_url(product), data).status_code == 302
    assert card_of(product)["availability"] == "sold_out"


def test_a_bad_message_is_not_the_catalogue_s():
    event = {"Records": [{"messageId": "bad", "body": json.dumps({"skus": ["M-1"]})}]}
    assert consume(event, None) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}


def test_the_list_is_one_query(guest, make_product, calls, republish):
    make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 4)
    republish()
    with calls() as made:
        (card,) = guest.get(reverse("product-list")).json()["results"]
    assert ([call.operation for call in made], card["availability"]) == (["Query"], "sold_out")
