"""The smoke test, against a shop that is well and one that sells at no price."""

import pytest

from cart.models import Cart
from infrastructure import smoke
from infrastructure.errors import DeploymentError
from infrastructure.purchase import Shop
from infrastructure.smoke import smoke_test
from tests.catalog.conftest import kitchen, make_product, mugs

__all__ = ["kitchen", "make_product", "mugs"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_shop_that_is_well(live_server):
    assert smoke_test(live_server.url, {}, live_server.url) > 0
    (cart,) = Cart.objects.all()
    assert (cart.lines, cart.expires_at > cart.updated_at) == ({}, True)


def test_a_shop_whose_settings_are_wrong(live_server, settings, monkeypatch):
    """Its health and its products look as ever."""
    monkeypatch.setattr(smoke, "DEADLINE", 0.0)
    settings.SHOP_TAX_RATE = "abc"
    with pytest.raises(DeploymentError) as stopped:
        smoke_test(live_server.url, {}, live_server.url)
    first, _, rest = stopped.value.message.partition("\n")
    assert first == f"POST {live_server.url}/api/v1/cart/: 500"
    assert rest.endswith("\nSee the log group of the function.")


def test_a_shop_that_knows_itself_by_another_address(live_server):
    """Asked where it answers: its links lead elsewhere, and nobody should follow them."""
    with pytest.raises(DeploymentError) as stopped:
        smoke_test(live_server.url, {}, "https://shop.test")
    assert stopped.value.message == (
        f"The shop links to {live_server.url}/api/v1/products/, which is not below "
        "https://shop.test/api/v1/: is SHOP_PUBLIC_URL right?"
    )


def test_links_are_followed(live_server, make_product, monkeypatch):
    """To the list and to its second page."""
    for number in (1, 2):
        make_product(f"Mug {number}", {f"MUG-{number}": "12.00"})
    followed = []
    follow = Shop.follow

    def noted(self, link, headers=None):
        followed.append(link)
        return follow(self, link, headers)

    monkeypatch.setattr(Shop, "follow", noted)
    smoke_test(live_server.url, {}, live_server.url)
    products = f"{live_server.url}/api/v1/products/"
    assert followed[0] == products
    assert followed[1].startswith(f"{products}?cursor=")
    assert len(followed) == 2
