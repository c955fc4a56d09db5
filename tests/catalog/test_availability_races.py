"""What cards say of the stock when several count it, or project a version, at once."""

from functools import partial
from typing import Any

import pytest
from django.db import transaction

from catalog.events import ProjectionsOutdated, StockMoved
from catalog.models import Product, Publication, Stock, Variant
from catalog.projections import availability as counting
from catalog.projections import projecting
from catalog.services import (
    adjust_stock,
    open_stock,
    publish_product,
)
from outbox.models import OutboxMessage
from outbox.services import emit
from tests.cart.races import at_once
from tests.catalog.cards import fresh, give_back, messages, sell, words
from tests.catalog.conftest import deliver

pytestmark = pytest.mark.django_db(transaction=True)


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


def another_counts_meanwhile(monkeypatch):
    """A word and the next one, between another's count and its writing."""
    meanwhile(
        monkeypatch,
        counting,
        "read_pieces",
        lambda: sell("M-1", 2),
        consume_all,
        lambda: give_back("M-1", 4),
        consume_all,
    )


def test_two_who_count_at_once(make_product, monkeypatch):
    """GIVEN one that has counted none, and another that writes a word and the next before it does,
    the first counts again, though the word is as it had read it."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 2)
    (message,) = messages()
    another_counts_meanwhile(monkeypatch)
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
    another_counts_meanwhile(monkeypatch)
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
