"""An order is one item: a snapshot of what was bought, where to, and what became of it."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Substr

from backoffice.beginnings import START
from customers.addresses import address_lines
from orders.states import Status
from pricing.fields import AmountField
from pricing.money import Money
from pricing.totals import Totals


class Order(models.Model):
    """Nothing in it but status, history and mail marks changes after checkout.

    `lines` is a list of {sku, name, slug, image, options, quantity, unit_price,
    line_total}, amounts as strings in `currency`; `history` one of {status, at}.
    """

    number = models.CharField(max_length=14, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="orders",
        db_index=False,
        help_text="Empty for a guest's order, and when the account is gone.",
    )
    email = models.EmailField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CREATED)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was cancelled, or held")
    lines = models.JSONField()
    currency = models.CharField(max_length=3)
    subtotal = AmountField(max_digits=19)
    shipping = AmountField(max_digits=19)
    tax = AmountField(max_digits=19, help_text="Part of the total")
    total = AmountField(max_digits=19)
    shipping_address = models.JSONField()
    recipient = models.CharField(
        max_length=100, default="", editable=False, help_text="Of the address: surname first"
    )
    payment_method = models.CharField(max_length=32)
    origin = models.JSONField(
        default=dict, editable=False, help_text="Cart and network, for limits on abuse"
    )
    history = models.JSONField()
    placed_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    mail_claimed_at = models.DateTimeField(null=True)
    mail_sent_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(
        max_length=200, blank=True, default="", help_text="Why no mail told how it ended"
    )

    class Meta:
        indexes = (
            models.Index(fields=["user", "-placed_at"], name="order_user"),
            models.Index(fields=["status", "-placed_at"], name="order_status"),
            models.Index(fields=["email", "-placed_at"], name="order_email"),
            models.Index(
                Substr("email", 1, START), F("email"), name="order_email_start",
                include=["placed_at"],
            ),
            models.Index(
                Substr("recipient", 1, START), F("recipient"), name="order_recipient",
                include=["placed_at"],
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def totals(self) -> Totals:
        return Totals(
            subtotal=self.money(self.subtotal),
            shipping=self.money(self.shipping),
            tax=self.money(self.tax),
            total=self.money(self.total),
        )

    @property
    def was_held(self) -> bool:
        """Whether something was charged that had to be refunded."""
        return any(entry["status"] == Status.HELD for entry in self.history)

    @property
    def priced_lines(self) -> list[dict[str, Any]]:
        """The lines, their amounts with the currency."""
        amounts = ("unit_price", "line_total")
        return [
            {**line, **{name: self.money(line[name]) for name in amounts}} for line in self.lines
        ]

    @property
    def address_lines(self) -> list[str]:
        """Where it goes, as a label has it."""
        return address_lines(self.shipping_address)

    @property
    def is_told(self) -> bool:
        """Whether nobody has to tell the customer any more how it ended."""
        return self.mail_sent_at is not None or bool(self.mail_problem)

    def money(self, amount: Decimal | str) -> Money:
        return Money(Decimal(amount), self.currency)
