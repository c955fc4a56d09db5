"""What a price was: noted with each change, and found by one call."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pricing.models import PriceChange
from pricing.money import Money
from pricing.selectors import PAGE, prior_price
from pricing.services import note_price
from tests.cart.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SALE = datetime(2026, 11, 27, tzinfo=UTC)


def ago(days: float) -> datetime:
    return SALE - timedelta(days=days)


def note(amount: str, days: float, currency: str = "EUR", sku: str = "MUG") -> None:
    note_price(sku=sku, money=Money(Decimal(amount), currency), at=ago(days))


def prior(at: datetime = SALE, currency: str = "EUR", **how: datetime) -> str | None:
    found = prior_price(sku="MUG", currency=currency, at=at, **how)
    return None if found is None else str(found)


def test_the_lowest_of_thirty_days() -> None:
    note("90.00", 100)
    note("100.00", 40)
    note("80.00", 20)
    note("120.00", 10)
    note("60.00", 0)  # the reduction itself
    assert prior() == "80.00 EUR"


def test_the_price_in_force_when_the_period_begins_counts() -> None:
    note("90.00", 100)
    note("100.00", 29.9)
    assert prior() == "90.00 EUR"


def test_a_price_that_ends_as_the_period_begins_does_not_count() -> None:
    note("90.00", 100)
    note("100.00", 30)
    assert prior() == "100.00 EUR"


def test_a_reduction_step_by_step() -> None:
    note("100.00", 60)
    note("90.00", 28)
    note("70.00", 14)
    assert prior() == "70.00 EUR"
    assert prior(first_reduced_at=ago(28)) == "100.00 EUR"


def test_before_a_first_price_there_is_none() -> None:
    assert prior() is None
    note("60.00", 0)
    assert prior() is None


def test_other_currencies_and_articles_do_not_count() -> None:
    note("100.00", 50)
    note("1", 20, currency="JPY")
    note("1.00", 20, currency="AUD")
    note("1.00", 20, currency="USD")
    note("1.00", 20, sku="MUG-2")
    assert prior() == "100.00 EUR"
    assert prior(currency="JPY") == "1 JPY"


def test_it_is_one_query(calls) -> None:
    for number in range(PAGE):
        note(f"{100 + number}.00", 60 - number)
    with calls() as made:
        assert prior() == "130.00 EUR"
    assert [call.operation for call in made] == ["Query"]


def test_more_changes_than_a_page_are_read_on(calls) -> None:
    for number in range(PAGE + 1):
        note(f"{10 + number}.00", 20 - number / 10)
    with calls() as made:
        assert prior() == "10.00 EUR"
    assert [call.operation for call in made] == ["Query"] * 2


def test_noting_is_one_write(calls) -> None:
    with calls() as made:
        note("12.00", 1)
    assert [call.operation for call in made] == ["PutItem"]


def test_noted_in_the_transaction_of_the_change() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note("12.00", 1)
        1 / 0  # noqa: B018  the change fails
    assert not PriceChange.objects.filter(sku="MUG").exists()


def test_in_a_transaction_it_adds_no_read(calls) -> None:
    with calls() as made, transaction.atomic():
        note("12.00", 1)
        note("13.00", 1, sku="CUP")
    assert [call.operation for call in made] == ["TransactWriteItems"]


def test_what_is_noted_is_never_changed() -> None:
    note("12.00", 1)
    with pytest.raises(IntegrityError):
        note("13.00", 1)
    change = PriceChange.objects.get(sku="MUG").change
    assert (str(change.price), change.at) == ("12.00 EUR", ago(1))


def test_of_five_at_one_moment_one_is_noted() -> None:
    def try_to_note() -> bool:
        try:
            note("13.00", 0.5)
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(*[try_to_note] * 5)) == [False] * 4 + [True]


def test_what_cannot_be_paid_is_not_noted() -> None:
    with pytest.raises(ValidationError, match=r"JPY has no digits after the point: 1\.5"):
        note("1.5", 1, currency="JPY")
