"""The built-in gateway: once per reference, whatever happens."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.errors import GatewayUnavailable, PaymentDeclined
from payments.gateways.base import Charge, get_gateway
from payments.gateways.testing import TestGateway, record_charge
from payments.models import TestCharge
from pricing.money import Money

pytestmark = pytest.mark.django_db

AMOUNT = Money(Decimal("24.90"), "EUR")


def charge(method: str = "test-ok", reference: str = "A") -> Charge:
    return TestGateway().charge(amount=AMOUNT, reference=reference, method=method)


def test_it_is_the_default() -> None:
    assert isinstance(get_gateway(), TestGateway)
    assert get_gateway().methods == ("test-ok", "test-declined", "test-unavailable")


def test_the_same_reference_is_charged_once() -> None:
    assert charge() == charge() == Charge(reference="A", amount=AMOUNT)

    row = TestCharge.objects.get(pk="A")
    assert (row.amount, row.currency, row.status) == (Decimal("24.90"), "EUR", "charged")


def test_a_refusal_is_final() -> None:
    with pytest.raises(PaymentDeclined) as refused:
        charge("test-declined")
    assert refused.value.reason == "the card was refused"
    with pytest.raises(PaymentDeclined):
        charge("test-ok")


def test_no_answer_leaves_nothing() -> None:
    with pytest.raises(GatewayUnavailable):
        charge("test-unavailable")
    assert not TestCharge.objects.filter(pk="A").exists()


def test_the_loser_of_a_race_gets_the_winner_s_charge() -> None:
    charge()
    late = TestCharge(
        reference="A",
        amount=Decimal("24.90"),
        currency="EUR",
        status=TestCharge.Status.DECLINED,
        created_at=timezone.now(),
    )
    assert record_charge(late).status == TestCharge.Status.CHARGED
