"""A customer is one item: who they are, where they live, what they allow."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from backoffice.beginnings import LONGEST, START
from mails.addresses import LONGEST as LONGEST_MAIL_ADDRESS


class Channel(models.TextChoices):
    """Ways to reach a customer."""

    EMAIL = "email", _("email")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("phone")
    POST = "post", _("post")


class Purpose(models.TextChoices):
    """What a customer may allow, each by itself (GDPR, Article 7)."""

    NEWSLETTER = "newsletter", _("newsletter by mail")
    SMS = "sms", _("offers by SMS")
    POST = "post", _("offers by post")
    PROFILING = "profiling", _("recommendations from what was bought and seen")
    ANALYTICS = "analytics", _("measurement of visits")


class Source(models.TextChoices):
    """Where a consent was given or withdrawn."""

    ACCOUNT = "account", _("account")
    CHECKOUT = "checkout", _("checkout")
    STAFF = "staff", _("staff")
    IMPORT = "import", _("import")
    CLAIM = "claim", _("claim")  # copied from the guest that an account has claimed


def new_customer_id() -> str:
    """128 random bits: an id tells nothing of its customer, nor how many there are."""
    return secrets.token_hex(16)


class CustomerGroup(models.Model):
    """What customers share: prices, promotions. It stays, since customers name it by its code."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """With an account (`user`) or, as a guest, without; see docs/customers.md.

    `addresses` is a list of {id, label, address}, the last as `check_address` keeps it;
    `consents` is {purpose: {given, version, at}}, the latest of the customer's ConsentRecords.
    `version` counts the writes: each is on condition that it is as it was read.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_customer_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("user"),
        related_name="customers",
        db_index=False,
        help_text=_("Empty for a guest, and when the account is gone."),
    )
    email = models.EmailField(_("email"), blank=True, help_text=_("In ASCII, lower case"))
    guest_email = models.CharField(  # noqa: DJ001  unique: many have none
        max_length=LONGEST_MAIL_ADDRESS, null=True, unique=True, editable=False
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    surname_first = models.CharField(max_length=LONGEST, default="", editable=False)
    language = models.CharField(
        _("language"), max_length=35, blank=True, help_text=_("BCP 47: en, de-AT")
    )
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, help_text=_("ISO 4217, if preferred")
    )
    groups = models.JSONField(_("groups"), default=list, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    addresses = models.JSONField(_("addresses"), default=list)
    default_shipping_address = models.CharField(
        _("default shipping address"), max_length=8, blank=True
    )
    default_billing_address = models.CharField(
        _("default billing address"), max_length=8, blank=True
    )
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=40, blank=True)
    company = models.CharField(_("company"), max_length=100, blank=True)
    vat_id = models.CharField(max_length=20, blank=True, verbose_name=_("VAT id"))
    consents = models.JSONField(default=dict)
    notes = models.TextField(
        _("notes"), max_length=5000, blank=True, help_text=_("Only staff see them")
    )
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))
    version = models.PositiveIntegerField(default=1)
    erased_at = models.DateTimeField(_("erased at"), null=True)
    merged_into = models.CharField(
        _("merged into"), max_length=32, blank=True, help_text=_("The id of another")
    )

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = (
            models.Index(fields=["user"], name="customer_user"),
            models.Index(
                Substr("email", 1, START), F("email"), name="customer_email_start",
                include=["created_at"],
            ),
            models.Index(
                Substr("surname_first", 1, START), F("surname_first"), name="customer_name_start",
                include=["created_at"],
            ),
        )  # fmt: skip
        constraints = (
            # The condition always holds. With it the look-up by user is one Query; without, it
            # would be two reads: the guard and its row.
            models.UniqueConstraint(
                fields=["user"], condition=Q(user__isnull=False), name="one_customer_of_a_user"
            ),
        )

    def __str__(self) -> str:
        return self.pk  # no name: it is what the admin's history keeps

    @property
    def is_gone(self) -> bool:
        """Whether the customer was erased, or went into another."""
        return self.erased_at is not None


class ConsentRecord(models.Model):
    """That a consent was given or withdrawn: the proof. Written once, never changed.

    It holds nothing of the person but the customer's id, so that it outlives an erasure.
    """

    pk = models.CompositePrimaryKey("customer", "entry")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="consent_records", db_index=False
    )
    entry = models.CharField(max_length=50, help_text="The moment, and the purpose")
    at = models.DateTimeField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    given = models.BooleanField()
    version = models.CharField(max_length=32, blank=True, help_text="Of the text that was shown")
    source = models.CharField(max_length=12, choices=Source.choices)
    language = models.CharField(max_length=35, blank=True)
    by = models.CharField(max_length=40, help_text="customer, or staff: and a user's id")

    def __str__(self) -> str:
        return self.entry

    @staticmethod
    def entry_of(*, at: datetime, purpose: str) -> str:
        """The sort key: records of a customer lie in the order of their moments (UTC)."""
        return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z {purpose}"

    @property
    def state(self) -> dict[str, Any]:
        return {"given": self.given, "version": self.version, "at": self.entry.split()[0]}
