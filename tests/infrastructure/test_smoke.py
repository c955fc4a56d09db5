"""The smoke test, against a shop that is well and one that sells at no price."""

import pytest

from cart.models import Cart
from infrastructure import smoke
from infrastructure.errors import DeploymentError
from infrastructure.smoke import smoke_test

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_shop_that_is_well(live_server):
    assert smoke_test(live_server.url, {}) > 0
    (cart,) = Cart.objects.all()
    assert (cart.lines, cart.expires_at > cart.updated_at) == ({}, True)


def test_a_shop_whose_settings_are_wrong(live_server, settings, monkeypatch):
    """Its health and its products look as ever."""
    monkeypatch.setattr(smoke, "DEADLINE", 0.0)
    settings.SHOP_TAX_RATE = "abc"
    with pytest.raises(DeploymentError) as stopped:
        smoke_test(live_server.url, {})
    first, _, rest = stopped.value.message.partition("\n")
    assert first == f"POST {live_server.url}/api/v1/cart/: 500"
    assert rest.endswith("\nSee the log group of the function.")
