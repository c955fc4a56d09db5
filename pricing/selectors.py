"""Reading price lists, and what prices were.

A SKU's own prices come with its variant and stock: `get_many({Variant: skus, Stock: skus,
SkuPrices: skus})` is one call, then `choose_price(row.listed, context, quantity)`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from dynamodb.reads import get_many
from pricing.calculation import prior_prices
from pricing.calculation.prior_prices import PERIOD, Change
from pricing.models import PriceChange, PriceList, moment_of
from pricing.money import Money

#: Read at once: more changes than this in 30 days take another call.
PAGE = 40


def list_priorities(*, names: Iterable[str]) -> dict[str, int]:
    """Of the active ones among these lists, for `choose_price`. One call, none for no names."""
    wanted = sorted(set(names) - {""})
    if not wanted:
        return {}
    found: dict[str, PriceList] = get_many({PriceList: wanted})[PriceList]
    return {name: each.priority for name, each in found.items() if each.active}


def prior_price(
    *, sku: str, currency: str, at: datetime, first_reduced_at: datetime | None = None
) -> Money | None:
    """The lowest price in the 30 days before a reduction that begins `at` (aware); of one that
    grew step by step before `first_reduced_at`, where that is allowed. None where there was none.

    One Query, unless the price changed more than PAGE times in that time.
    """
    until = first_reduced_at or at
    changes = list(changes_before(sku, currency, until))
    return prior_prices.prior_price(changes, at, first_reduced_at=first_reduced_at)


def changes_before(sku: str, currency: str, until: datetime) -> Iterator[Change]:
    """The latest first, back to the one whose price was in force 30 days before."""
    before = moment_of(currency, until)
    while True:
        rows = PriceChange.objects.filter(
            sku=sku, moment__gte=currency, moment__lt=before
        ).order_by("-moment")[:PAGE]
        page = list(rows)
        for row in page:
            change = row.change
            yield change
            if change.at <= until - PERIOD:
                return
        if len(page) < PAGE:
            return
        before = page[-1].moment
