"""The tariff in force, from the settings."""

from decimal import Decimal

from django.conf import settings

from pricing.money import Money
from pricing.totals import Tariff


def current_tariff() -> Tariff:
    """`SHOP_SHIPPING`, `SHOP_FREE_SHIPPING_FROM` and `SHOP_TAX_RATE` in `SHOP_CURRENCY`."""
    return Tariff(
        shipping=Money(Decimal(settings.SHOP_SHIPPING), settings.SHOP_CURRENCY),
        free_from=Money(Decimal(settings.SHOP_FREE_SHIPPING_FROM), settings.SHOP_CURRENCY),
        tax_rate=Decimal(settings.SHOP_TAX_RATE),
    )
