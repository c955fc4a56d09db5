"""What is in a cart, and how it is sent."""

from typing import NamedTuple

from pricing.calculation.rules import STANDARD
from pricing.money import Money


class Tier(NamedTuple):
    """The unit price of a whole line from a quantity on."""

    from_quantity: int
    unit_price: Money


class CartLine(NamedTuple):
    """An article in a cart, once. Prices are meant as its market shows them: with tax, or without.

    `unit_price` is in force before `tiers`, `list_price` what it was reduced from. A `gift` counts
    for no threshold and only a gift's promotion takes its price off; `no_discount` (a gift card)
    gets no discount at all. `needs_shipping` is False for what is not sent.
    """

    sku: str
    unit_price: Money
    quantity: int
    tax_category: str = STANDARD
    list_price: Money | None = None
    tiers: tuple[Tier, ...] = ()
    gift: bool = False
    no_discount: bool = False
    needs_shipping: bool = True

    @property
    def price_in_force(self) -> Money:
        """Of one unit: the lowest of its price and that of the largest tier reached."""
        reached = [tier for tier in self.tiers if tier.from_quantity <= self.quantity]
        if not reached:
            return self.unit_price
        largest = max(reached, key=lambda tier: tier.from_quantity)
        return min(self.unit_price, largest.unit_price)


class Shipping(NamedTuple):
    """A method and its price. `free_from_applies`: the shop's threshold holds for it."""

    method: str
    price: Money
    free_from_applies: bool = True
