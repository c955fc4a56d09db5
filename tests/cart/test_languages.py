"""What a line is called, in the language of who asks."""

from typing import Any

import pytest

from catalog.models import Variant
from tests.cart.articles import stock_article
from tests.cart.shoppers import Shopper

pytestmark = pytest.mark.django_db(transaction=True)
GERMAN = {"Accept-Language": "de"}


@pytest.fixture
def becher(db: None) -> Variant:
    return stock_article("MUG-BLUE", product_names={"de": "Blauer Becher"})


def test_a_cart(shopper: Shopper, mug: Variant, becher: Variant) -> None:
    """The red one has no German name: it keeps its own."""
    for sku in ("MUG-RED", "MUG-BLUE"):
        added = shopper.post("/api/v1/cart/lines/", {"sku": sku, "quantity": 1}, headers=GERMAN)
    names = ["Product MUG-RED", "Blauer Becher"]
    assert [line["name"] for line in added.json()["lines"]] == names
    english = shopper.get("/api/v1/cart/").json()
    assert [line["name"] for line in english["lines"]] == ["Product MUG-RED", "Product MUG-BLUE"]


def test_it_costs_what_it_did(shopper: Shopper, becher: Variant, calls: Any) -> None:
    shopper.post("/api/v1/cart/lines/", {"sku": "MUG-BLUE", "quantity": 1})
    with calls() as made:
        shopper.get("/api/v1/cart/", headers=GERMAN)
    assert [call.operation for call in made] == ["GetItem", "BatchGetItem"]
