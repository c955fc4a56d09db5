"""Products of renamed categories are listed anew, whatever is repeated or dies."""

import json

import pytest
from django.conf import settings

from catalog.models import Category, Listing, Product, ProductPage
from catalog.services import republishing, save_category
from catalog.services.categories import INDEX_LAG
from outbox.models import OutboxMessage
from tests.cart.races import at_once
from tests.catalog.conftest import deliver, settle_categories
from tests.catalog.lagging import lag_behind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(republishing, "PAGE", 2)


def rename(category, slug):
    settle_categories()
    category = Category.objects.get(pk=category.pk)
    category.slug = slug
    save_category(category=category)


def shelved(slug):
    return Listing.objects.filter(shelf=f"category:{slug}").count()


def stored():
    return list(OutboxMessage.objects.filter(queue=settings.QUEUES["catalog"]))


def test_page_by_page(make_product, mugs, kitchen, republish):
    for number in range(5):
        make_product(f"Mug {number}")
    make_product("Pan", category=kitchen)
    rename(kitchen, "cooking")
    assert [message.body for message in stored()] == [
        {"categories": [kitchen.pk, mugs.pk], "after": 0}
    ]
    assert (shelved("kitchen"), shelved("cooking")) == (6, 0)
    # One page of the kitchen's pan, three of the mugs.
    assert republish() == 4
    assert (shelved("kitchen"), shelved("cooking"), shelved("mugs")) == (0, 6, 5)


def test_a_full_last_page_is_followed_by_an_empty_one(make_product, mugs, republish):
    for number in range(4):
        make_product(f"Mug {number}")
    rename(mugs, "cups")
    assert republish() == 3
    assert shelved("cups") == 4


def test_a_page_is_one_query_of_its_index(make_product, mugs, calls):
    for number in range(3):
        make_product(f"Mug {number}")
    rename(mugs, "cups")
    with calls() as made:
        deliver(stored()[0])
    assert [
        call.index for call in made if call.table.endswith("catalog_product") and call.index
    ] == ["product_category"]


def test_a_consumer_that_dies_is_followed(make_product, mugs, republish, monkeypatch):
    for number in range(3):
        make_product(f"Mug {number}")
    rename(mugs, "cups")

    def killed(**options):
        raise KeyboardInterrupt

    for step in ("publish_again", "turn_page"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(republishing, step, killed)
            deliver(stored()[0])
    assert republish() == 2
    assert shelved("cups") == 3


def test_a_message_that_comes_twice_turns_one_page(make_product, mugs):
    for number in range(3):
        make_product(f"Mug {number}")
    rename(mugs, "cups")
    (first,) = stored()
    assert [deliver(first) for _ in range(2)] == [[], []]
    assert len(stored()) == 1


def test_a_message_that_comes_three_times_at_once_turns_one_page(make_product, mugs):
    for number in range(3):
        make_product(f"Mug {number}")
    rename(mugs, "cups")
    (first,) = stored()
    assert at_once(*[lambda: deliver(first)] * 3) == [[], [], []]
    (second,) = stored()
    assert second.pk != first.pk
    assert (deliver(second), shelved("cups"), stored()) == ([], 3, [])


def test_a_message_leaves_with_the_rename_only(make_product, mugs, monkeypatch):
    make_product("Red Mug")

    def fail(*args, **options):
        raise RuntimeError

    monkeypatch.setattr(republishing, "emit", fail)
    with pytest.raises(RuntimeError):
        rename(mugs, "cups")
    assert Category.objects.get(pk=mugs.pk).slug == "mugs"


def test_a_product_that_is_gone_is_passed_over(make_product, mugs):
    republishing.publish_again(product_id=1)
    assert not Product.objects.exists()


@pytest.mark.parametrize(("moment", "name"), [("just now", "Cups"), ("long ago", "Mugs")])
def test_an_index_that_does_not_know_of_a_product_yet(
    make_product, mugs, republish, monkeypatch, moment, name
):
    """GIVEN a product that was put into a category just before that is renamed THEN its page is
    made anew when the index must know of it; were it thought settled, it would keep the name."""
    make_product("Red Mug")
    if moment == "long ago":
        settle_categories()
    category = Category.objects.get(pk=mugs.pk)
    category.name = "Cups"
    with monkeypatch.context() as patch:
        lag_behind(patch, Product.objects.get().pk)
        save_category(category=category)
        *later, first = sorted(stored(), key=lambda message: message.due_at)
        assert deliver(first) == []
    assert [message.due_at - message.created_at for message in later] == [INDEX_LAG] * len(later)
    assert republish() == len(later)
    assert ProductPage.objects.get().document["breadcrumbs"][-1]["name"] == name


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"categories": [1], "after": 0},
        {"message": 1, "after": 0},
        {"message": 1, "categories": [], "after": 0},
        {"message": 1, "categories": ["1"], "after": 0},
        {"message": 1, "categories": 1, "after": 0},
        {"message": 1, "categories": [1], "after": "0"},
        {"message": 1, "skus": []},
        {"message": 1, "skus": [1]},
        {"skus": ["MUG-1"]},
        {"message": 1, "words": [], "after": 0},
        [],
    ],
)
def test_a_bad_message_fails(body, db):
    from outbox.consumers import consume

    event = {"Records": [{"messageId": "bad", "body": json.dumps(body)}]}
    assert consume(event, None) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
