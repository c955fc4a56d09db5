"""Payments of orders, their refunds, what providers told; and what the test gateway remembers."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from payments.facts import Fact, Sums, with_new
from payments.states import State, state_of
from pricing.fields import AmountField
from pricing.money import Money


class Payment(models.Model):
    """One means by which an order is paid.

    `facts` are only added to; amounts and state are what they say. `refunds_pending` is the sum of
    the refunds that were requested and of which nobody has said what became of them.
    """

    pk = models.CompositePrimaryKey("order", "number")
    order = models.CharField(max_length=14, help_text="The order's number")
    number = models.PositiveSmallIntegerField(help_text="Of the order's payments: 1, 2, ...")
    gateway = models.CharField(max_length=20)
    method = models.CharField(max_length=32)
    amount = AmountField(max_digits=19, help_text="To be paid by it")
    currency = models.CharField(max_length=3)
    facts = models.JSONField(default=list)
    refunds_pending = AmountField(max_digits=19, default=Decimal(0))
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def reference(self) -> str:
        """By which the gateway knows it, and does each thing once."""
        return reference_of(self.order, self.number)

    @property
    def known(self) -> list[Fact]:
        return [Fact.of(each) for each in self.facts]

    @property
    def sums(self) -> Sums:
        return Sums.of(self.known)

    @property
    def state(self) -> State:
        return state_of(self.known)

    @property
    def refundable(self) -> Decimal:
        return max(Decimal(0), self.sums.kept - self.refunds_pending)

    @property
    def is_odd(self) -> bool:
        """Whether anything has happened in another currency: no sum of it says anything."""
        return any(fact.currency != self.currency for fact in self.known)

    @property
    def reason(self) -> str:
        """The last that a provider said of why not."""
        return next((fact.reason for fact in reversed(self.known) if fact.reason), "")

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)

    def learn(self, told: Iterable[Fact]) -> bool:
        """Add what is new; False if nothing is. Not stored by itself."""
        before = self.known
        after = with_new(before, told)
        self.facts = [fact.as_data() for fact in after]
        return len(after) > len(before)


def reference_of(order: str, number: int) -> str:
    """A first payment is known by the order's number alone, as all were before there could be
    several."""
    return order if number == 1 else f"{order}/{number}"


def order_of(reference: str) -> tuple[str, int]:
    """The order's number and the payment's. Raises ValueError."""
    order, _, number = reference.partition("/")
    return order, int(number or 1)


class Refund(models.Model):
    """Money that goes back by the payment that it came by."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        PENDING = "pending", _("Pending")  # the provider will tell
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")

    pk = models.CompositePrimaryKey("order", "number")
    order = models.CharField(max_length=14)
    number = models.PositiveSmallIntegerField(help_text="Of the order's refunds: 1, 2, ...")
    payment = models.PositiveSmallIntegerField(help_text="The number of the payment")
    amount = AmountField(max_digits=19)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    problem = models.CharField(max_length=200, blank=True, help_text="Why it failed")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def reference(self) -> str:
        return f"{self.order}/r{self.number}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class NotificationEntry(models.Model):
    """What a provider told, kept as it came until it is taken, and for as long as it might come
    again. The key says that it came once: `test:evt_1`."""

    key = models.CharField(max_length=200, primary_key=True, help_text="Gateway, and its own id")
    reference = models.CharField(max_length=64, help_text="The payment's")
    facts = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "notification entries"

    def __str__(self) -> str:
        return self.key


class TestCharge(models.Model):
    """A payment as the test gateway knows it, which plays a provider with a store of its own.

    `refunds` is {refund's reference: amount}, `refunded_at` when each was; `settled_at` is when
    what did not happen at once did.
    """

    __test__ = False  # not a test, whatever pytest reads in the name

    class Status(models.TextChoices):
        WAITING = "waiting"  # for the customer, or for a slow bank
        AUTHORIZED = "authorized"
        CHARGED = "charged"
        DECLINED = "declined"
        VOIDED = "voided"

    reference = models.CharField(max_length=64, primary_key=True)
    amount = AmountField(max_digits=19)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=32, default="")
    capture = models.BooleanField(default=True)
    status = models.CharField(max_length=16, choices=Status.choices)
    captured = AmountField(max_digits=19, null=True, help_text="Where it is not all")
    was_authorized = models.BooleanField(default=False)
    refunds = models.JSONField(default=dict)
    refunded_at = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"
