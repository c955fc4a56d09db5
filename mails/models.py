"""Addresses that get no mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    BOUNCE = "bounce", _("bounced")  # there is no such mailbox
    COMPLAINT = "complaint", _("complained")  # whoever has it called a mail of ours unwanted


class Suppression(models.Model):
    """What SES last told of an address, or who let it have mail again.

    The address is in clear: a person must find and lift it, and its orders hold it anyway.
    """

    address = models.CharField(
        _("address"), max_length=254, primary_key=True, help_text=_("In ASCII, lower case")
    )
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    detail = models.CharField(
        _("detail"), max_length=200, blank=True, help_text=_("What the other side said")
    )
    lifted = models.BooleanField(_("lifted"), default=False, help_text=_("Gets mail again"))
    changed_at = models.DateTimeField(
        _("changed at"),
        help_text=_("When that happened, or it was lifted; what is older tells nothing"),
    )

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")

    def __str__(self) -> str:
        return self.address


class Mail(models.Model):
    """One mail about something, of one kind: who has taken it on, and what became of it."""

    pk = models.CompositePrimaryKey("about", "kind")
    about = models.CharField(max_length=40, help_text="Such as an order's number")
    kind = models.CharField(max_length=20, help_text="What it tells: confirmed")
    claimed_at = models.DateTimeField(help_text="When somebody took it on")
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True, help_text="Why it never will be sent")

    def __str__(self) -> str:
        return f"{self.about} {self.kind}"

    @property
    def is_done(self) -> bool:
        return self.sent_at is not None or bool(self.problem)
