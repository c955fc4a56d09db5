"""A price is one that its currency can pay, whoever writes it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Variant
from tests.catalog.forms import change_url, errors_of, with_one_variant

REASON = "JPY has no digits after the point: 500.50 cannot be paid."


@pytest.mark.parametrize(
    ("price", "currency", "reason"),
    [
        ("500.50", "JPY", REASON),
        ("12.255", "EUR", "EUR has 2 digits after the point: 12.255 cannot be paid."),
    ],
)
def test_in_the_admin(manager, product, price, currency, reason):
    data = with_one_variant(product, price=price, currency=currency)
    assert errors_of(manager.post(change_url(product), data)) == [reason]
    assert str(Variant.objects.get(pk="MUG-1").money) == "12.00 EUR"


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [("500", "JPY", "500 JPY"), ("500.00", "JPY", "500 JPY"), ("1.255", "KWD", "1.255 KWD")],
)
def test_what_can_be_paid_is_saved(manager, product, price, currency, shown, settings):
    settings.SHOP_CURRENCY = currency
    data = with_one_variant(product, price=price, currency=currency)
    assert manager.post(change_url(product), data).status_code == 302
    assert str(Variant.objects.get(pk="MUG-1").money) == shown


@pytest.mark.parametrize("changes", [{"price": Decimal("500.50")}, {"currency": "JPY"}])
def test_past_every_form(product, changes):
    variant = Variant.objects.get(pk="MUG-1")
    variant.price, variant.currency = Decimal("500.50"), "EUR"
    variant.save()
    variant.price, variant.currency = changes.get("price", variant.price), "JPY"
    for fields in (None, list(changes)):
        with pytest.raises(ValidationError) as refused:
            variant.save(update_fields=fields)
        assert refused.value.message_dict == {"price": [REASON]}
    assert str(Variant.objects.get(pk="MUG-1").money) == "500.50 EUR"


def test_the_form_shows_cents(manager, product):
    page = manager.get(change_url(product)).content.decode()
    assert 'name="variants-0-price" value="12.00" style="width: 5em' in page
    assert 'step="any"' in page
