"""Which of a SKU's prices holds: for whom, where, when, and from which quantity on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from pricing.calculation.rules import PriceContext
from pricing.money import Money, is_payable, minor_digits

BASE = ""  # the prices that stand in no list


class ListedPrice(NamedTuple):
    """A unit price and what it holds for; empty is everything.

    From `valid_from` on and before `valid_until`, both aware. `market` is a market's name,
    `country` its ISO code, `group` a customer group.
    """

    money: Money
    price_list: str = BASE
    from_quantity: int = 1
    group: str = ""
    market: str = ""
    country: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def problem(self) -> str:
        """Why it can be no price, in a sentence; empty if it can."""
        amount, currency = self.money.amount, self.money.currency
        if not is_payable(amount, currency):
            digits = minor_digits(currency) or "no"
            return f"{currency} has {digits} digits after the point: {amount} cannot be paid."
        if amount < 0:
            return f"{amount} is below zero."
        if self.from_quantity < 1:
            return f"A quantity begins with 1, not with {self.from_quantity}."
        if self.valid_from and self.valid_until and self.valid_from >= self.valid_until:
            return f"It ends ({self.valid_until}) before it begins ({self.valid_from})."
        return ""

    def fits(self, context: PriceContext, quantity: int) -> bool:
        market = context.market
        return (
            self.money.currency == context.currency
            and self.from_quantity <= quantity
            and (self.valid_from is None or self.valid_from <= context.at)
            and (self.valid_until is None or context.at < self.valid_until)
            and (not self.group or self.group in context.customer_groups)
            and self.market in ("", market.name)
            and self.country in ("", market.country)
        )

    @property
    def is_dated(self) -> bool:
        return self.valid_from is not None or self.valid_until is not None

    def as_data(self) -> dict[str, Any]:
        """For JSON; what is not said is left out."""
        data: dict[str, Any] = {
            "currency": self.money.currency,
            "amount": str(self.money.amount),
        }
        values, usual = self._asdict(), self._field_defaults
        said = {name: values[name] for name in usual if values[name] != usual[name]}
        dates = {name: at.isoformat() for name, at in said.items() if isinstance(at, datetime)}
        return data | said | dates

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> ListedPrice:
        """What `as_data` gave."""
        said = {name: data[name] for name in data if name not in ("currency", "amount")}
        for name in ("valid_from", "valid_until"):
            if name in said:
                said[name] = datetime.fromisoformat(said[name])
        return cls(Money(Decimal(data["amount"]), data["currency"]), **said)


Rank = tuple[bool, bool, bool, int, bool]


class ChosenPrice(NamedTuple):
    """A unit price, and why it is this one."""

    money: Money
    price_list: str
    group: str
    from_quantity: int


def choose_price(
    prices: Iterable[ListedPrice],
    context: PriceContext,
    quantity: int,
    priorities: Mapping[str, int] | None = None,
) -> ChosenPrice | None:
    """The price of one of `quantity` units; None where there is none.

    Of those that fit, the most specific: a customer group counts more than a market, a market more
    than a country. Of equally specific ones the list of the highest priority, then those with
    dates. Of each list and group the largest quantity reached; of several groups the lowest price.
    `priorities` of the active lists (those missing in it are out; base prices never are); without
    it all lists are active and alike.
    """
    ranked: dict[Rank, list[ListedPrice]] = {}
    for price in prices:
        priority = priority_of(price, priorities)
        if priority is not None and price.fits(context, quantity):
            ranked.setdefault(rank_of(price, priority), []).append(price)
    if not ranked:
        return None
    best = lowest(ranked[max(ranked)])
    return ChosenPrice(best.money, best.price_list, best.group, best.from_quantity)


def rank_of(price: ListedPrice, priority: int) -> Rank:
    return bool(price.group), bool(price.market), bool(price.country), priority, price.is_dated


def priority_of(price: ListedPrice, priorities: Mapping[str, int] | None) -> int | None:
    if priorities is None or price.price_list == BASE:
        return 0
    return priorities.get(price.price_list)


def lowest(prices: Iterable[ListedPrice]) -> ListedPrice:
    reached: dict[tuple[str, str], ListedPrice] = {}
    for price in sorted(prices, key=lambda each: (each.from_quantity, -each.money.amount)):
        reached[price.price_list, price.group] = price  # the largest quantity comes last
    return min(reached.values(), key=lambda each: (each.money.amount, each.price_list, each.group))
