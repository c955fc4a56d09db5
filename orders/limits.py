"""How often may be ordered: so that nobody floods a stranger with the shop's mails, or tries
stolen cards on it.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from limits.services import Counter, hashed, note
from mails.addresses import normal_form

TAG = re.compile(r"\+[^@]*")  # ada+1@example.com is ada's too

FLOOD = _("Too many orders from your address.")
RECIPIENT = _("Too many orders for this email address.")
CART = _("Too many orders from this cart.")
DECLINED = _("Too many payments were declined.")


@dataclass(frozen=True)
class Origin:
    """Where an order comes from: the cart's key, and the network of who sent it."""

    cart: str
    network: str


def cart_name(key: str) -> str:
    """A cart's key in sixteen letters: enough to tell carts apart."""
    return hashed(key)[:16]


def counters_of_checkout(*, origin: Origin, email: str) -> list[Counter]:
    """What an order counts under, and what must have room besides."""
    cart = cart_name(origin.cart)
    return [
        Counter("checkout-address", origin.network, FLOOD),
        # As it is mailed to: a domain can be spelt in many ways.
        Counter("checkout-recipient", TAG.sub("", normal_form(email), count=1), RECIPIENT),
        Counter("checkout-cart", cart, CART),
        Counter("declined-address", origin.network, DECLINED, adds=0),
        Counter("declined-cart", cart, DECLINED, adds=0),
    ]


def note_declined(*, origin: dict[str, str]) -> None:
    """Count a payment that was declined. `origin` as an order keeps it."""
    if origin:  # older orders have none
        note(
            [
                Counter("declined-address", origin["network"], DECLINED),
                Counter("declined-cart", origin["cart"], DECLINED),
            ]
        )
