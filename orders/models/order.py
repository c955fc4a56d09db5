"""An order is one item: a snapshot of what was bought, where to, and what became of it."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from backoffice.beginnings import START
from customers.addresses import address_lines
from orders.fields import LanguageField, WordField
from orders.history import Reached, read_entry
from orders.lines import TAX_INCLUDED, OrderLine, read_line
from orders.reasons import told
from orders.states import FulfilmentStatus, State, Status, status_of
from payments.states import PaymentStatus
from pricing.fields import AmountField
from pricing.money import Money
from pricing.totals import Totals

if TYPE_CHECKING:
    from pricing.calculation.priced import PricedTotals, SourceSum, TaxSum


class Order(models.Model):
    """What was bought never changes; what becomes of it is told by states and statuses, which are
    written by the process alone, from what hangs on the order.

    `lines` is a list of what `orders.lines` keeps of each, `shipping_parts` one of shipping's
    `PricedLine.as_data()` by tax rate; amounts are strings in `currency`. `history` is a list of
    what `orders.history` keeps of each state.
    """

    #: Of an order whose stock this consumer has reserved only now: nobody has paid for it yet.
    just_reserved = False

    number = models.CharField(_("number"), max_length=14, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("user"),
        related_name="orders",
        db_index=False,
        help_text=_("Empty for a guest's order, and when the account is gone."),
    )
    email = models.EmailField(_("email"))
    language = LanguageField(
        _("language"),
        max_length=2, default=settings.LANGUAGE_CODE, null=True, db_column="lang",
        editable=False, help_text=_("Which its mails are in"),
    )  # fmt: skip
    state = models.CharField(
        _("state"),
        max_length=12, choices=State.choices, default=State.CREATED, db_column="status",
        help_text=_("How far its process has come"),
    )  # fmt: skip
    standing = WordField(
        _("standing"),
        max_length=12, choices=Status.choices, default=Status.OPEN, null=True,
        editable=False, help_text=_("Its status, for the index"),
    )  # fmt: skip
    payment_status = WordField(
        _("payment status"),
        max_length=20,
        choices=PaymentStatus.choices,
        default=PaymentStatus.NONE,
        null=True,
    )
    fulfilment_status = WordField(
        _("fulfilment status"),
        max_length=20, choices=FulfilmentStatus.choices,
        default=FulfilmentStatus.UNFULFILLED, null=True,
    )  # fmt: skip
    reason = models.CharField(
        _("reason"), max_length=200, blank=True, help_text=_("Why it was cancelled, or held")
    )
    lines = models.JSONField(_("lines"))
    shipping_parts = models.JSONField(null=True, editable=False, db_column="parts")
    currency = models.CharField(_("currency"), max_length=3)
    subtotal = AmountField(_("subtotal"), max_digits=19)
    shipping = AmountField(_("shipping"), max_digits=19)
    tax = AmountField(_("tax"), max_digits=19, help_text=_("Part of the total"))
    total = AmountField(_("total"), max_digits=19)
    shipping_address = models.JSONField(_("shipping address"))
    recipient = models.CharField(
        _("recipient"),
        max_length=100,
        default="",
        editable=False,
        help_text=_("Of the address: surname first"),
    )
    payment_method = models.CharField(_("payment method"), max_length=32)
    origin = models.JSONField(
        default=dict, editable=False, help_text=_("Cart and network, for limits on abuse")
    )
    history = models.JSONField()
    placed_at = models.DateTimeField(_("placed at"))
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = (
            models.Index(fields=["user", "-placed_at"], name="order_user"),
            models.Index(
                fields=["standing", "-placed_at"], name="order_standing",
                include=["email", "total", "currency"],
            ),
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
    def status(self) -> Status:
        """What its parts say it is."""
        return status_of(
            State(self.state),
            PaymentStatus(self.payment_status or PaymentStatus.NONE),
            FulfilmentStatus(self.fulfilment_status or FulfilmentStatus.UNFULFILLED),
        )

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
        return any(entry["status"] == State.HELD for entry in self.history)

    @property
    def told_reason(self) -> str:
        """Why it ended, in the language that is active."""
        return told(self.reason)

    @property
    def reached(self) -> list[Reached]:
        """The history: when it came to which state."""
        return [read_entry(entry, self.placed_at) for entry in self.history]

    @cached_property
    def priced_lines(self) -> list[OrderLine]:
        return [read_line(line, self.currency) for line in self.lines]

    @cached_property
    def priced(self) -> PricedTotals | None:
        """What the totals are sums of; None for an order of before it was kept."""
        lines = [line.priced for line in self.priced_lines]
        kept = tuple(line for line in lines if line is not None)
        if len(kept) < len(lines):
            return None
        from pricing.calculation.priced import PricedLine, PricedTotals  # as in `price_cart`

        parts = tuple(
            PricedLine.of_data(
                part, sku=None, quantity=1, amount=Money.zero(self.currency), included=TAX_INCLUDED
            )
            for part in self.shipping_parts or ()
        )
        return PricedTotals(self.currency, kept, parts)

    @property
    def tax_sums(self) -> list[TaxSum]:
        """By rate; none for an order of before."""
        return self.priced.taxes if self.priced else []

    @property
    def adjustment_sums(self) -> list[SourceSum]:
        """By kind and source; none for an order of before."""
        return self.priced.by_source if self.priced else []

    @property
    def address_lines(self) -> list[str]:
        """Where it goes, as a label has it."""
        return address_lines(self.shipping_address)

    def money(self, amount: Decimal | str) -> Money:
        return Money(Decimal(amount), self.currency)
