"""Prices beside the one that a variant has, and what prices were before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from pricing.fields import AmountField
from pricing.money import Money

if TYPE_CHECKING:
    from pricing.calculation.price_lists import ListedPrice
    from pricing.calculation.prior_prices import Change

#: One item that a cart reads for each line: a hundred prices are some 10 KB.
MOST_PRICES = 100
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class PriceList(models.Model):
    """Prices that managers look after together, in one currency. Of lists that hold for the same
    customers the one with the highest priority wins; none of one that is not active holds."""

    name = models.CharField(max_length=50, primary_key=True)
    currency = models.CharField(max_length=3)
    priority = models.SmallIntegerField(default=0, help_text="The highest wins")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class SkuPrices(models.Model):
    """All prices of a SKU: one row, so that a cart reads them by key with its variants and stock.

    `prices` is a list of {currency, amount} with, where they are said, {price_list, from_quantity,
    group, market, country, valid_from, valid_until}: `ListedPrice.as_data()`.
    """

    sku = models.CharField("SKU", max_length=64, primary_key=True)
    prices = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "SKU prices"

    def __str__(self) -> str:
        return self.sku

    @property
    def listed(self) -> list[ListedPrice]:
        from pricing.calculation.price_lists import ListedPrice  # as in `totals.price_cart`

        return [ListedPrice.of_data(each) for each in self.prices]

    def check_prices(self) -> None:
        """Raises ValidationError for what can be no price: 500.50 JPY."""
        if len(self.prices) > MOST_PRICES:
            raise ValidationError({"prices": f"A SKU has at most {MOST_PRICES} prices."})
        problems = [problem for price in self.listed if (problem := price.problem())]
        if problems:
            raise ValidationError({"prices": problems})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_prices()
        super().save(*args, **kwargs)


class PriceChange(models.Model):
    """From a moment on a SKU cost `amount`, with tax, for everybody. Never changed, never deleted:
    the prior price of a reduction is found in them.

    `moment` is the currency and the time (`EUR 2026-11-27T22:15:57.309543Z`), so that a Query
    of the SKU finds a period of one currency.
    """

    pk = models.CompositePrimaryKey("sku", "moment")
    sku = models.CharField("SKU", max_length=64)
    moment = models.CharField(max_length=31)
    amount = AmountField(max_digits=13)

    @property
    def change(self) -> Change:
        from pricing.calculation.prior_prices import Change  # as in `totals.price_cart`

        currency, _, at = self.moment.partition(" ")
        when = datetime.strptime(at, MOMENT).replace(tzinfo=UTC)
        return Change(when, Money(self.amount, currency))


def moment_of(currency: str, at: datetime) -> str:
    """The sort key of a change. `at` is aware."""
    return f"{currency} {at.astimezone(UTC).strftime(MOMENT)}"
