"""What subscribers must be told, stored with the change that it tells of."""

from django.db import models

SHARDS = 4  # partitions of the index by due time: one would be hot
DEAD = 99  # a shard that no sweeper visits


class OutboxMessage(models.Model):
    """An event that not all of its subscribers have taken yet. It is sent again when it falls
    due; after MOST_ATTEMPTS, or when a subscriber refuses it, it is dead: kept, with its reason,
    until a person sends it again or discards it.

    Messages of before there were events have no `type` and no `open`; code of that time reads
    `queue` and `body` alone.
    """

    queue = models.CharField(max_length=80, help_text="Of its first subscriber")
    type = models.CharField(max_length=40, default="", help_text="Of the event: order.placed")
    version = models.PositiveSmallIntegerField(default=1, help_text="Of the event's data")
    key = models.CharField(max_length=100, default="", help_text="What it happened to")
    body = models.JSONField(help_text="The event's data")
    open = models.CharField(
        max_length=400, default="", help_text="Subscribers that have not taken it, by commas"
    )
    event = models.BigIntegerField(
        null=True, help_text="The event's id, where it is not this message's: of one cut off"
    )
    shard = models.PositiveSmallIntegerField(help_text="0 to 3 at random; 99: dead")
    due_at = models.DateTimeField(help_text="Sent again from then on, unless taken")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Times sent by the sweeper")
    created_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, help_text="Why it is dead")

    class Meta:
        indexes = (models.Index(fields=["shard", "due_at"], name="outbox_due"),)

    def __str__(self) -> str:
        return f"{self.type or self.queue} {self.key or self.pk}"

    @property
    def is_dead(self) -> bool:
        return self.shard == DEAD

    @property
    def open_subscribers(self) -> list[str]:
        return self.open.split(",") if self.open else []
