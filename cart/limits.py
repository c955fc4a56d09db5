"""How often may be ordered from a cart. It is counted in the cart itself, which checkout writes
anyway: for as long as there is the cart, a week after its last change."""

from django.utils.translation import gettext as _

from cart.models import Cart
from limits.tallies import Tally


def checkouts_of(cart: Cart) -> Tally:
    return Tally("checkout-cart", _("Too many orders from this cart."), cart.checkouts)


def declines_of(cart: Cart) -> Tally:
    """Of payments for orders from it."""
    return Tally("declined-cart", _("Too many payments were declined."), cart.declines)
