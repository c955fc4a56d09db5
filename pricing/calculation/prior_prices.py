"""The prior price that a reduction must name: Directive 98/6/EC, art. 6a; CJEU C-330/23 (Aldi
Süd): a reduction is announced from that price, not from the one just before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pricing.calculation.units import in_units
from pricing.money import Money

PERIOD = timedelta(days=30)


class Change(NamedTuple):
    """From `at` (aware) on the price was `price`, with tax, for everybody."""

    at: datetime
    price: Money


def prior_price(
    changes: Sequence[Change], reduced_at: datetime, *, first_reduced_at: datetime | None = None
) -> Money | None:
    """The lowest price in force at any moment of the 30 days before the reduction begins.

    None where there was none. Give `first_reduced_at` where a Member State lets a reduction that
    grew step by step keep the price of before its first one (DE: PAngV § 11(2)). `changes` may be
    in any order; what is later than the reduction is ignored.
    """
    until = first_reduced_at or reduced_at
    since = until - PERIOD
    before = [change for change in changes if change.at < until]
    started = max((change.at for change in before if change.at <= since), default=since)
    return min((change.price for change in before if change.at >= started), default=None)


def reduction_percent(prior: Money | None, price: Money) -> int | None:
    """Whole percent, cut off, so that none is overstated; None where no reduction may be announced,
    since the price is not below the prior one."""
    if prior is None or price >= prior:
        return None
    before, now = in_units(prior, prior.currency), in_units(price, prior.currency)
    return (before - now) * 100 // before
