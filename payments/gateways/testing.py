"""A gateway that takes no money: for development, demonstrations and tests."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from payments.errors import GatewayUnavailable, PaymentDeclined
from payments.gateways.base import Charge
from payments.models import TestCharge
from pricing.money import Money

OK, DECLINED, UNAVAILABLE = "test-ok", "test-declined", "test-unavailable"


class TestGateway:
    """The chosen method decides what happens: success, a refusal, or no answer at all."""

    __test__ = False  # not a test, whatever pytest reads in the name

    methods = (OK, DECLINED, UNAVAILABLE)

    def charge(self, *, amount: Money, reference: str, method: str) -> Charge:
        if method == UNAVAILABLE:
            raise GatewayUnavailable("The test gateway does not answer.")
        row = record_charge(
            TestCharge(
                reference=reference,
                amount=amount.amount,
                currency=amount.currency,
                status=TestCharge.Status.DECLINED
                if method == DECLINED
                else TestCharge.Status.CHARGED,
                created_at=timezone.now(),
            )
        )
        if row.status == TestCharge.Status.DECLINED:
            raise PaymentDeclined("the card was refused")
        return Charge(reference=row.reference, amount=Money(row.amount, row.currency))


def record_charge(row: TestCharge) -> TestCharge:
    """Store the charge, or find the one that has its reference: the insertion decides races."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return TestCharge.objects.get(pk=row.reference)
    return row
