"""How often may be ordered: so that nobody floods a stranger with the shop's mails, or tries
stolen cards on it.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from cart.keys import GUEST, GUEST_HASH, user_key
from cart.services import count_decline
from limits.services import Counter, note
from mails.addresses import normal_form
from orders.models import Order

SHORT = 43  # letters of a guest's cart
OWN = "user"  # for the key of a user's cart, which follows from the order's user
TAG = re.compile(r"\+[^@]*")  # ada+1@example.com is ada's too

FLOOD = _("Too many orders from your address.")
RECIPIENT = _("Too many orders for this email address.")
DECLINED = _("Too many payments were declined.")


class Origin(NamedTuple):
    """Where an order comes from: the cart's key, and the network of who sent it."""

    cart: str
    network: str


def counters_of_checkout(*, origin: Origin, email: str) -> list[Counter]:
    """What an order counts under beside its cart, and what must have room besides."""
    return [
        Counter("checkout-address", origin.network, FLOOD),
        # As it is mailed to: a domain can be spelt in many ways.
        Counter("checkout-recipient", TAG.sub("", normal_form(email), count=1), RECIPIENT),
    ]


def declines_from(network: str) -> Counter:
    return Counter("declined-address", network, DECLINED)


def remembered(origin: Origin) -> dict[str, str]:
    """The origin as an order keeps it: a guest's cart by 43 letters for its 70."""
    guest = GUEST_HASH.fullmatch(origin.cart)
    if guest is None:
        return {"cart": OWN, "network": origin.network}
    short = urlsafe_b64encode(bytes.fromhex(guest[1])).decode().rstrip("=")
    return {"cart": short, "network": origin.network}


def cart_of(order: Order) -> str | None:
    """The key of the cart that it came from; None where it is not known: of code of before, or
    when the account is gone."""
    short = order.origin.get("cart", "")
    if short == OWN:
        return user_key(order.user_id) if order.user_id else None
    return GUEST + urlsafe_b64decode(f"{short}=").hex() if len(short) == SHORT else None


def note_declined(*, order: Order) -> None:
    """Count a payment of the order that was declined."""
    if not order.origin:  # older orders have none
        return
    note([declines_from(order.origin["network"])])
    if key := cart_of(order):
        count_decline(key=key)
