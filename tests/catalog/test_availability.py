"""What cards say of the stock follows it, whoever moves it, repeats what and dies where."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from catalog.events import StockMoved
from catalog.models import Listing, Product, ProductPage, Stock, Variant
from catalog.rules import availability_of
from catalog.services import (
    availability,
    open_stock,
    publish_product,
    publishing,
    release_stock,
    request_counting,
    reserve_stock,
    set_status,
)
from dynamodb.errors import ConflictError
from outbox.consumers import consume
from outbox.models import OutboxMessage
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
    return {card["availability"] for card in [fresh(product).card, *cards]}


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
    """On three shelves: the first time the card is written, then found right."""
    make_product("Mug", {"M-1": "1.00", "M-2": "1.00"}, stock=2)
    sell("M-1", 2)
    (message,) = messages()
    read = ["GetItem", "GetItem", "BatchGetItem"]
    for write in (["GetItem"] * 3 + ["TransactWriteItems"], []):
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


@pytest.mark.parametrize("step", ["refresh_card", "acknowledge"])
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
    Product.objects.filter(pk=product.pk).update(published={}, card={})
    assert (republish(), fresh(product).card) == (1, {})
    Variant.objects.filter(pk="M-1").delete()
    gone = stored(StockMoved(["M-1"]), pk=1)
    assert deliver(gone) == []


def test_a_draft_s_card_follows(make_product, republish):
    product = make_product("Mug", {"M-1": "1.00"}, stock=4, status="draft")
    sell("M-1", 4)
    assert republish() == 1
    assert fresh(product).card["availability"] == "sold_out"
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
    another consumer finds the card right as it still is, the card is right in the end."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=stock)
    before = words(product)
    sell("M-1", stock)
    (message,) = messages()
    meanwhile(
        monkeypatch,
        availability,
        "hold_availability",
        lambda: give_back("M-1", stock),
        lambda: deliver(messages()[-1]),
    )
    assert deliver(message) == []
    assert words(product) == before


def test_a_release_while_a_manager_saves(make_product, monkeypatch):
    """The same with a publication, which has counted none."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 4)
    meanwhile(
        monkeypatch,
        publishing,
        "hold_availability",
        lambda: give_back("M-1", 4),
        consume_all,
    )
    with pytest.raises(ConflictError):
        publish_product(product=fresh(product))
    assert words(product) == {"in_stock"}


def test_a_sale_while_a_manager_saves(make_product, monkeypatch):
    """GIVEN a publication of another name that has counted four, the consumer's word stays."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    meanwhile(monkeypatch, publishing, "hold_availability", lambda: sell("M-1", 4), consume_all)
    with pytest.raises(ConflictError), transaction.atomic():
        changed = fresh(product)
        changed.name = "Cup"
        changed.save()
        publish_product(product=changed)
    assert words(product) == {"sold_out"}


def test_a_sale_while_a_variant_is_added(make_product, monkeypatch):
    """GIVEN a second variant on its way, which leaves the word as it is, and a consumer who
    counts without it: one of the two counts again."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=10)
    meanwhile(monkeypatch, publishing, "hold_availability", lambda: sell("M-1", 9), consume_all)

    def add() -> None:
        with transaction.atomic():
            Variant(sku="M-2", product=product, price=1, position=1).save()
            open_stock(sku="M-2", available=5)
            publish_product(product=fresh(product))

    with pytest.raises(ConflictError):
        add()
    assert words(product) == {"few_left"}
    add()
    assert words(product) == {"in_stock"}


def test_a_variant_is_added_while_a_consumer_counts(make_product, monkeypatch, republish):
    product = make_product("Mug", {"M-1": "1.00"}, stock=10)
    sell("M-1", 9)

    def add() -> None:
        with transaction.atomic():
            Variant(sku="M-2", product=product, price=1, position=1).save()
            open_stock(sku="M-2", available=5)
            publish_product(product=fresh(product))

    meanwhile(monkeypatch, availability, "hold_availability", add)
    assert republish() == 1
    assert words(product) == {"in_stock"}


def test_without_the_hold_the_card_is_wrong(make_product, monkeypatch):
    """The guard out: what the tests above would find."""
    product = make_product("Mug", {"M-1": "1.00"}, stock=4)
    sell("M-1", 4)
    (message,) = messages()
    monkeypatch.setattr(availability, "hold_availability", lambda product, skus: unheld(skus))
    meanwhile(
        monkeypatch,
        availability,
        "hold_availability",
        lambda: give_back("M-1", 4),
        lambda: deliver(messages()[-1]),
    )
    assert deliver(message) == []
    assert words(product) == {"sold_out"}


def unheld(skus: Any) -> str:
    stock = Stock.objects.in_bulk(list(skus)).values()
    return availability_of(sum(row.available for row in stock))


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
    assert fresh(product).card["availability"] == "sold_out"


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
