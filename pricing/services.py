"""What changes prices, and what notes their changes."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dynamodb.duplicates import deferred_duplicates
from dynamodb.errors import ConflictError
from dynamodb.reads import get_many
from pricing.calculation.price_lists import BASE, ListedPrice
from pricing.models import PriceChange, PriceList, SkuPrices, moment_of
from pricing.money import Money


def set_prices(*, sku: str, prices: Sequence[ListedPrice], price_list: str = BASE) -> None:
    """These are the SKU's prices in a list from now on; those in other lists stay.

    One read and one write, in a transaction of its own if there is none: two who set prices of
    one SKU at the same moment undo nothing of each other, the second gets a ConflictError. Raises
    ValidationError for a list that there is not, another currency than the list's, and what can be
    no price (500.50 JPY).
    """
    try:
        with transaction.atomic(savepoint=False):
            store_prices(sku, prices, price_list)
    except IntegrityError as error:
        raise ConflictError(f"Somebody else has just made the first price of {sku}.") from error


def store_prices(sku: str, prices: Sequence[ListedPrice], price_list: str) -> None:
    """The row is read in the transaction that writes it, so that its commit compares them."""
    found = get_many({SkuPrices: [sku], PriceList: [price_list] if price_list else []})
    if price_list:
        check_list(price_list, found[PriceList].get(price_list), prices)
    row = found[SkuPrices].get(sku) or SkuPrices(sku=sku)
    row.prices = with_prices(row.listed, price_list, prices)
    with deferred_duplicates():
        row.save(force_insert=row._state.adding, force_update=not row._state.adding)


def check_list(name: str, known: PriceList | None, prices: Sequence[ListedPrice]) -> None:
    if known is None:
        raise ValidationError({"price_list": f"There is no price list {name}."})
    others = {price.money.currency for price in prices} - {known.currency}
    if others:
        raise ValidationError({"prices": f"{name} is in {known.currency}, not {min(others)}."})


def with_prices(
    listed: Sequence[ListedPrice], price_list: str, prices: Sequence[ListedPrice]
) -> list[dict[str, object]]:
    """All of a SKU, those of one list replaced."""
    others = [price for price in listed if price.price_list != price_list]
    mine = [price._replace(price_list=price_list) for price in prices]
    return [price.as_data() for price in (*others, *mine)]


def note_price(*, sku: str, money: Money, at: datetime) -> None:
    """From `at` (aware) on the SKU costs `money`, with tax, for everybody: its base price.

    To be called with each change, in its transaction, to which it adds one write. Raises
    ValidationError for what the currency cannot pay, IntegrityError (at the commit) for a moment
    that has a price.
    """
    if problem := ListedPrice(money).problem():
        raise ValidationError({"price": problem})
    moment = moment_of(money.currency, at)
    with deferred_duplicates():
        PriceChange(sku=sku, moment=moment, amount=money.amount).save(force_insert=True)
