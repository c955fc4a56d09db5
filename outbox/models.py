"""What subscribers must be told, stored with the change that it tells of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LIVING = 0
DEAD = 99  # what no sweeper sends


class OutboxMessage(models.Model):
    """An event that not all of its subscribers have taken yet. It is sent again when it falls
    due; after MOST_ATTEMPTS, or when a subscriber refuses it, it is dead: kept, with its reason,
    until a person sends it again or discards it.

    Messages of before there were events have no `type` and no `open`; code of that time reads
    `queue` and `body` alone.
    """

    queue = models.CharField(_("queue"), max_length=80, help_text=_("Of its first subscriber"))
    type = models.CharField(
        _("type"), max_length=40, default="", help_text=_("Of the event: order.placed")
    )
    version = models.PositiveSmallIntegerField(
        _("version"), default=1, help_text=_("Of the event's data")
    )
    key = models.CharField(_("key"), max_length=100, default="", help_text=_("What it happened to"))
    body = models.JSONField(_("body"), help_text=_("The event's data"))
    open = models.CharField(
        _("open"),
        max_length=400,
        default="",
        help_text=_("Subscribers that have not taken it, by commas"),
    )
    event = models.BigIntegerField(
        _("event"),
        null=True,
        help_text=_("The event's id, where it is not this message's: of one cut off"),
    )
    shard = models.PositiveSmallIntegerField(_("shard"), help_text=_("99: dead"))
    due_at = models.DateTimeField(_("due at"), help_text=_("Sent again from then on, unless taken"))
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("Times sent by the sweeper")
    )
    created_at = models.DateTimeField(_("created at"))
    reason = models.CharField(
        _("reason"), max_length=200, blank=True, help_text=_("Why it is dead")
    )

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")

    def __str__(self) -> str:
        return f"{self.type or self.queue} {self.key or self.pk}"

    @property
    def is_dead(self) -> bool:
        return self.shard == DEAD

    @property
    def open_subscribers(self) -> list[str]:
        return self.open.split(",") if self.open else []
