"""Rates as settings write them: `20/15min` is twenty in a quarter of an hour."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: Each thing that is limited, and how often it may happen; SHOP_LIMITS changes one by its name.
#: Customers of one office or one mobile network share an address: where that would hinder them
#: the limit is a flood's.
DEFAULTS: Mapping[str, str] = {
    "sign-in-address": "20/15min",  # wrong passwords from an address, of people new to it
    "sign-in-user": "200/h",  # wrong passwords for a user, from wherever nobody knows them
    "refresh-address": "60/15min",  # refresh tokens that are none
    "cart-address": "600/min",  # new carts of guests
    "checkout-address": "600/min",  # orders
    "checkout-recipient": "10/h",  # orders whose mails go to one address
    "checkout-cart": "10/min",  # orders from one cart
    "consent-user": "30/h",  # consents that a customer gives or withdraws: each is kept for good
    "declined-address": "100/h",  # payments that were declined, of orders from an address
    "declined-cart": "5/h",  # the same, of one cart
}

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}  # seconds
# A period is known by its first letter: a month would count as a minute.
RATE = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)?(s|sec|second|m|min|minute|h|hour|d|day)")


class Rate(NamedTuple):
    """`most` in each window of `seconds`. Windows are fixed: whole multiples of their length."""

    most: int
    seconds: int

    def window(self, now: float) -> tuple[int, int]:
        """The number of the window at this moment (epoch seconds), and the seconds it has left."""
        number, passed = divmod(int(now), self.seconds)
        return number, self.seconds - passed


def parse_rate(text: str) -> Rate:
    """Raises ValueError for what is none."""
    found = RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no rate such as 10/min or 20/15min")
    most, times, period = found.groups()
    return Rate(int(most), int(times or 1) * PERIODS[period[0]])


def with_changes(changes: Iterable[str]) -> dict[str, str]:
    """The rates by name, some changed as in `checkout-recipient=30/h`.

    Raises ValueError for a name that there is not. What the rates are like is checked later.
    """
    rates = dict(DEFAULTS)
    for change in changes:
        name, _, rate = change.partition("=")
        if name not in rates:
            raise ValueError(f"{change!r} is none of {', '.join(rates)}, with = and its rate")
        rates[name] = rate
    return rates
