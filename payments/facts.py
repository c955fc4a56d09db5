"""What a provider has told of a payment: facts that are only ever added, and their sums.

A fact is known by its kind and the provider's reference. So it does not matter how often it is
told, how late, or in which order: the sums are the same.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import TextChoices

NOTHING = Decimal(0)


class Kind(TextChoices):
    PENDING = "pending"  # asked for; the provider will tell
    ACTION_REQUIRED = "action_required"  # the customer must do something: 3-D Secure, a bank's page
    AUTHORIZED = "authorized"  # promised by the bank; nothing has moved
    CHARGED = "charged"  # taken
    DECLINED = "declined"  # neither; `reason` is a phrase for the customer
    VOIDED = "voided"  # a promise given back
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    CHARGED_BACK = "charged_back"  # taken back by the bank


class Fact(NamedTuple):
    """`reference` is the provider's; `amount` is in `currency`."""

    kind: Kind
    reference: str
    amount: Decimal
    currency: str
    at: datetime
    reason: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Fact":
        """From what `as_data` made. Raises ValueError or KeyError for anything else."""
        return cls(
            Kind(data["kind"]),
            data["reference"],
            Decimal(data["amount"]),
            data["currency"],
            datetime.fromisoformat(data["at"]),
            data.get("reason", ""),
        )

    def as_data(self) -> dict[str, str]:
        data = {
            "kind": self.kind.value,
            "reference": self.reference,
            "amount": str(self.amount),
            "currency": self.currency,
            "at": self.at.isoformat().replace("+00:00", "Z"),
        }
        return {**data, "reason": self.reason} if self.reason else data

    def tells(self) -> tuple[str, str]:
        """What it is known by."""
        return self.kind.value, self.reference


def with_new(known: Iterable[Fact], told: Iterable[Fact]) -> list[Fact]:
    """The known facts and, at the end, those of the told that are new."""
    facts = {fact.tells(): fact for fact in known}
    for fact in told:
        facts.setdefault(fact.tells(), fact)
    return list(facts.values())


class Sums(NamedTuple):
    """The amounts of a payment, or of several in one currency. All are 0 or more."""

    authorized: Decimal = NOTHING  # ever promised
    charged: Decimal = NOTHING  # ever taken
    voided: Decimal = NOTHING
    refunded: Decimal = NOTHING  # ever given or taken back

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> "Sums":
        amounts: dict[Kind, Decimal] = {}
        for fact in facts:
            amounts[fact.kind] = amounts.get(fact.kind, NOTHING) + fact.amount
        back = amounts.get(Kind.REFUNDED, NOTHING) + amounts.get(Kind.CHARGED_BACK, NOTHING)
        return cls(
            authorized=amounts.get(Kind.AUTHORIZED, NOTHING),
            charged=amounts.get(Kind.CHARGED, NOTHING),
            voided=amounts.get(Kind.VOIDED, NOTHING),
            refunded=back,
        )

    def __add__(self, other: "Sums") -> "Sums":  # type: ignore[override]  # no tuples are joined
        return Sums(
            self.authorized + other.authorized,
            self.charged + other.charged,
            self.voided + other.voided,
            self.refunded + other.refunded,
        )

    @property
    def open(self) -> Decimal:
        """Promised, and neither taken nor given back. What is told late makes it no less than 0."""
        return max(NOTHING, self.authorized - self.charged - self.voided)

    @property
    def kept(self) -> Decimal:
        """What the shop has of it now."""
        return self.charged - self.refunded
