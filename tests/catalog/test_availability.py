"""What cards say of the stock follows it, whoever moves it, repeats what and dies where."""

import json
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from catalog.events import ProjectionsOutdated, StockMoved
from catalog.models import Listing, Product, ProductPage, Publication, Stock, Variant
from catalog.projections import availability as counting
from catalog.projections import projecting
from catalog.services import (
    adjust_stock,
    availability,
    open_stock,
    publish_product,
    release_stock,
    request_counting,
    reserve_stock,
    set_status,
)
from outbox.consumers import consume
from outbox.models import OutboxMessage
from outbox.services import emit
from tests.cart.races import at_once
from tests.catalog.conftest import deliver
from tests.catalog.forms import change_url, with_one_variant
from tests.outbox.deliveries import delivery_of, stored

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(product: Product) -> Product:
    return Product.objects.get(pk=product.pk)


def words(product: Product) -> set[str]:
    """What the product and its cards say; they always say the same."""
    cards = [listing.card for listing in Listing.objects.filter(position=product.pk)]
    return {card["availability"] for card in [card_of(product), *cards]}


def card_of(product: Product) -> Any:
    return Publication.objects.get(pk=product.pk).card


def messages() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(queue=settings.QUEUES["catalog"]))


def sell(sku: str, quantity: int) -> None:
    """As the order's way does."""
    with transaction.atomic():
        assert reserve_stock(sku=sku, quantity=quantity)
        request_counting(moved={sku: -quantity})


def give_back(sku: str, quantity: int) -> None:
    with transaction.atomic():
        assert release_stock(sku=sku, quantity=quantity)
        request_counting(moved={sku: quantity})


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
        assert found[len(read + write) :] in (["GetItem", "DeleteItem"], ["GetItem"])


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


# Two at once -------------------------------------------------------------------------


def meanwhile(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *runs: Any) -> None:
    """After the next call of the function of this name, and before its caller goes on, these
    happen elsewhere, once."""
    function, left = getattr(module, name), list(runs)

    def called(*args: Any, **options: Any) -> Any:
        found = function(*args, **options)
        while left:
            at_once(left.pop(0))
        return found

    monkeypatch.setattr(module, name, called)


def consume_all() -> None:
    for message in messages():
        assert deliver(message) == []


@pytest.mark.parametrize("stock", [4, 3])
def test_a_release_between_the_counting_and_the_writing(make_product, monkeypatch, stock):
    """GIVEN a consumer that has counted none, and before it writes that some come back and
    another consumer finds the card right as it still is, the card is right in the end: the second
    writes nothing, and what the first writes is found by the message of the release."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=stock)
    before = words(product)
    sell("M-1", stock)
    (message,) = messages()
    meanwhile(monkeypatch, counting, "read_pieces", lambda: give_back("M-1", stock))
    assert deliver(message) == []
    consume_all()
    assert words(product) == before


def test_two_who_count_at_once(make_product, monkeypatch):
    """GIVEN one that has counted none, and another that writes a word and the next before it does,
    the first counts again, though the word is as it had read it."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 2)
    (message,) = messages()
    meanwhile(
        monkeypatch,
        counting,
        "read_pieces",
        lambda: sell("M-1", 2),
        consume_all,
        lambda: give_back("M-1", 4),
        consume_all,
    )
    deliver(message)
    assert words(product) == {"in_stock"}
    assert Publication.objects.get(pk=product.pk).counted == 3


def test_without_the_count_the_card_is_wrong(make_product, monkeypatch):
    """The guard out, and nobody looks once more: what the test above would find."""
    monkeypatch.setattr(counting, "to_say", lambda pieces: None)
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 2)
    (message,) = messages()
    save = Publication.save
    monkeypatch.setattr(Publication, "save", lambda self, **_: save(self, update_fields=["card"]))
    meanwhile(
        monkeypatch,
        counting,
        "read_pieces",
        lambda: sell("M-1", 2),
        consume_all,
        lambda: give_back("M-1", 4),
        consume_all,
    )
    deliver(message)
    assert words(product) == {"few_left"}


@pytest.mark.parametrize(("guarded", "word"), [(True, "in_stock"), (False, "sold_out")])
def test_two_who_count_at_once_and_one_finds_all_right(make_product, monkeypatch, guarded, word):
    """GIVEN one that has counted none, and before it writes some come back, and another finds the
    card right, the first looks once more; without that it would have the last word."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 4)
    (message,) = messages()
    if not guarded:
        monkeypatch.setattr(counting, "to_say", lambda pieces: None)
    meanwhile(monkeypatch, counting, "read_pieces", lambda: give_back("M-1", 4), consume_all)
    assert deliver(message) == []
    assert (messages(), words(product)) == ([], {word})


def save_again(product: Product) -> None:
    publish_product(product=fresh(product))


def rebuild(product: Product) -> None:
    Publication.objects.filter(pk=product.pk).update(format=0)
    with transaction.atomic():
        message = emit(ProjectionsOutdated())
    assert message is not None
    deliver(message)


@pytest.mark.parametrize("project", [save_again, rebuild])
def test_a_death_before_the_second_look(make_product, monkeypatch, project):
    """GIVEN a projection that dies when all is written, after a move whose consumer found the card
    of before right WHEN its event comes THEN the stock is looked at."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=8)
    sell("M-1", 4)
    adjust_stock(sku="M-1", delta=-4, counted_at=counted_at("M-1"))

    def dead(skus: list[str]) -> None:
        raise KeyboardInterrupt

    def back() -> None:
        give_back("M-1", 4)
        for message in OutboxMessage.objects.filter(type=StockMoved.type):
            assert deliver(message) == []

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        meanwhile(patch, projecting, "take_snapshot", back)
        patch.setattr(projecting, "read_pieces", dead)
        project(product)
    assert words(product) == {"sold_out"}
    consume_all()
    assert words(product) == {"in_stock"}


@pytest.mark.parametrize("before", [0, 4])
def test_stock_that_moves_while_a_version_is_projected(make_product, monkeypatch, before):
    """GIVEN a projection that has read the stock, and before it writes a move whose consumer finds
    the card of before right, the card is right when the projection is done."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=before + 4)
    sell("M-1", 4)
    consume_all()
    first = words(product)
    adjust_stock(sku="M-1", delta=4 - before or -4, counted_at=counted_at("M-1"))
    done = []

    def back() -> None:
        move = partial(sell, "M-1", 4) if before == 0 else partial(give_back, "M-1", 4)
        move()
        consume_all()
        done.append(words(product))

    meanwhile(monkeypatch, projecting, "take_snapshot", back)
    publish_product(product=fresh(product))
    assert (done, words(product)) == ([first], first)


def test_a_sale_while_a_variant_is_added(make_product, monkeypatch):
    """GIVEN a second variant on its way, which leaves the word as it is, and a consumer who
    counts without it: the card is right when the variant is there."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=10)
    meanwhile(monkeypatch, projecting, "take_snapshot", lambda: sell("M-1", 9), consume_all)
    add_variant(product)
    assert words(product) == {"in_stock"}


def test_a_variant_is_added_while_a_consumer_counts(make_product, monkeypatch, republish):
    product = make_product("Mug", {"M-1": "1.00"}, stock=10)
    sell("M-1", 9)
    meanwhile(monkeypatch, counting, "read_pieces", lambda: add_variant(product))
    assert republish() == 1
    assert words(product) == {"in_stock"}


def add_variant(product: Product) -> None:
    with transaction.atomic():
        Variant(sku="M-2", product=product, price=1, position=1).save()
        open_stock(sku="M-2", available=5)
        publish_product(product=fresh(product))


def counted_at(sku: str) -> Any:
    return Stock.objects.get(pk=sku).counted_at


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
