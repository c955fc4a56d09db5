"""Addresses that get no mail."""

from django.db import models


class Cause(models.TextChoices):
    BOUNCE = "bounce", "bounced"  # there is no such mailbox
    COMPLAINT = "complaint", "complained"  # whoever has it called a mail of ours unwanted


class Suppression(models.Model):
    """What SES last told of an address, or who let it have mail again.

    The address is in clear: a person must find and lift it, and its orders hold it anyway.
    """

    address = models.CharField(max_length=254, primary_key=True, help_text="In ASCII, lower case")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    detail = models.CharField(max_length=200, blank=True, help_text="What the other side said")
    lifted = models.BooleanField(default=False, help_text="Gets mail again")
    changed_at = models.DateTimeField(
        help_text="When that happened, or it was lifted; what is older tells nothing"
    )

    def __str__(self) -> str:
        return self.address
