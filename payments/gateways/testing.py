"""A provider that takes no money: for development, demonstrations and tests.

It has a store of its own (`TestCharge`) and behaves as providers do: each thing once by its
reference, some at once, some later and told by signed notifications, which may come late, twice
and in any order. `manage.py test_payment` plays the customer and the bank.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from dynamodb.conflicts import retry_on_conflict
from dynamodb.duplicates import deferred_duplicates
from payments.errors import GatewayUnavailable, UntrustedNotification
from payments.facts import Fact, Kind
from payments.gateways.base import Notification
from payments.models import TestCharge
from pricing.money import Money

OK, DECLINED, UNAVAILABLE = "test-ok", "test-declined", "test-unavailable"
ACTION, LATER = "test-action", "test-later"
SIGNATURE = "Test-Signature"
REFUSAL = gettext_noop("the card was refused")

Status = TestCharge.Status
FIRST = {
    DECLINED: Status.DECLINED,
    ACTION: Status.WAITING,
    LATER: Status.WAITING,
}


class TestGateway:
    """The chosen method decides what happens: success, a refusal, no answer at all, an action
    that the customer must take first, or an answer that comes later."""

    __test__ = False  # not a test, whatever pytest reads in the name

    name = "test"
    timeout = 5.0
    methods = (OK, DECLINED, UNAVAILABLE, ACTION, LATER)

    def pay(self, *, amount: Money, reference: str, method: str, capture: bool) -> list[Fact]:
        if method == UNAVAILABLE:
            raise GatewayUnavailable("The test gateway does not answer.")
        taken = Status.CHARGED if capture else Status.AUTHORIZED
        row = record_charge(
            TestCharge(
                reference=reference,
                amount=amount.amount,
                currency=amount.currency,
                method=method,
                capture=capture,
                status=FIRST.get(method, taken),
                was_authorized=method not in FIRST and not capture,
                created_at=timezone.now(),
            )
        )
        return facts_of(row)

    def capture(self, *, amount: Money, reference: str) -> list[Fact]:
        authorized = TestCharge.objects.filter(pk=reference, status=Status.AUTHORIZED)
        authorized.filter(amount__gte=amount.amount).update(
            status=Status.CHARGED, captured=amount.amount, settled_at=timezone.now()
        )
        return facts_of(TestCharge.objects.get(pk=reference))

    def void(self, *, reference: str) -> list[Fact]:
        open_ = (Status.WAITING, Status.AUTHORIZED)
        TestCharge.objects.filter(pk=reference, status__in=open_).update(
            status=Status.VOIDED, settled_at=timezone.now()
        )
        row = TestCharge.objects.filter(pk=reference).first()
        return facts_of(row) if row else []

    def refund(self, *, amount: Money, reference: str, refund: str) -> list[Fact]:
        return retry_on_conflict(partial(give_back, amount, reference, refund))

    def read_notification(self, *, body: bytes, headers: Mapping[str, str]) -> Notification:
        given = headers.get(SIGNATURE, "").encode()  # a text that is not ASCII is not compared
        if not hmac.compare_digest(signature_of(body).encode(), given):
            raise UntrustedNotification
        try:
            data = json.loads(body)
            facts = tuple(Fact.of(each) for each in data["facts"])
            return Notification(str(data["id"]), str(data["reference"]), facts)
        except (ValueError, KeyError, TypeError, ArithmeticError) as error:
            raise UntrustedNotification(f"Not a notification: {error}.") from error


def give_back(amount: Money, reference: str, refund: str) -> list[Fact]:
    with transaction.atomic():
        row = TestCharge.objects.get(pk=reference)
        known = row.refunds or {}
        if refund not in known:
            back = sum(map(Decimal, known.values()), amount.amount)
            if row.status != Status.CHARGED or back > charged_amount(row):
                failed = Fact(
                    Kind.REFUND_FAILED, refund, amount.amount, amount.currency, timezone.now()
                )
                return [*facts_of(row), failed]
            row.refunds = {**known, refund: str(amount.amount)}
            row.refunded_at = {**(row.refunded_at or {}), refund: timezone.now().isoformat()}
            row.save(update_fields=["refunded_at", "refunds"])
    return facts_of(row)


def record_charge(row: TestCharge) -> TestCharge:
    """Store the charge, or find the one that has its reference: the insertion decides races."""
    try:
        with transaction.atomic(), deferred_duplicates():
            row.save(force_insert=True)
    except IntegrityError:
        return TestCharge.objects.get(pk=row.reference)
    return row


def settle(*, reference: str, succeeds: bool) -> TestCharge:
    """What customer and bank do to a payment that waits: it succeeds, or is refused."""
    waiting = TestCharge.objects.filter(pk=reference, status=Status.WAITING)
    row = waiting.first()
    if row is not None:
        taken = Status.CHARGED if row.capture else Status.AUTHORIZED
        waiting.update(
            status=taken if succeeds else Status.DECLINED,
            was_authorized=succeeds and not row.capture,
            settled_at=timezone.now(),
        )
    return TestCharge.objects.get(pk=reference)


def facts_of(row: TestCharge) -> list[Fact]:
    """All that has happened to it; the same facts however often they are asked for."""
    began, settled = row.created_at, row.settled_at or row.created_at

    def fact(kind: Kind, amount: Decimal = row.amount, at: Any = settled, reason: str = "") -> Fact:
        return Fact(kind, f"{row.reference}:{kind.value}", amount, row.currency, at, reason)

    facts = []
    if row.method == ACTION:
        facts.append(fact(Kind.ACTION_REQUIRED, at=began))
    if row.method == LATER:
        facts.append(fact(Kind.PENDING, at=began))
    if row.was_authorized:
        facts.append(fact(Kind.AUTHORIZED, at=settled if row.method in FIRST else began))
    if row.status == Status.DECLINED:
        facts.append(fact(Kind.DECLINED, reason=REFUSAL))
    if row.status == Status.VOIDED:
        facts.append(fact(Kind.VOIDED, row.amount if row.was_authorized else Decimal(0)))
    if row.status == Status.CHARGED:
        facts.append(fact(Kind.CHARGED, charged_amount(row)))
        rest = row.amount - charged_amount(row)
        if rest:  # a bank lets go of what is not taken
            facts.append(fact(Kind.VOIDED, rest))
    facts += [
        Fact(Kind.REFUNDED, refund, Decimal(amount), row.currency, moment_of(row, refund))
        for refund, amount in (row.refunds or {}).items()
    ]
    return facts


def moment_of(row: TestCharge, refund: str) -> datetime:
    at = (row.refunded_at or {}).get(refund)
    return datetime.fromisoformat(at) if at else row.created_at


def charged_amount(row: TestCharge) -> Decimal:
    return row.amount if row.captured is None else row.captured


def notification_of(row: TestCharge, fact: Fact) -> tuple[bytes, dict[str, str]]:
    """How the provider tells a fact: the body, and the header that signs it."""
    message: dict[str, Any] = {
        "id": f"evt:{fact.reference}:{fact.kind.value}",
        "reference": row.reference,
        "facts": [fact.as_data()],
    }
    body = json.dumps(message).encode()
    return body, {SIGNATURE: signature_of(body)}


def signature_of(body: bytes) -> str:
    return salted_hmac("payments.gateways.testing", body, algorithm="sha256").hexdigest()
