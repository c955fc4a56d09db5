"""Messages that must reach a queue, stored with the change that they tell of."""

from django.db import models

SHARDS = 4  # partitions of the index by due time: one would be hot
DEAD = 99  # a shard that no sweeper visits


class OutboxMessage(models.Model):
    """A message that nobody has consumed yet. It is sent again when it falls due; after
    MOST_ATTEMPTS it is dead: kept, with its reason, until a person sends it again.
    """

    queue = models.CharField(max_length=80, help_text="The queue's name")
    body = models.JSONField()
    shard = models.PositiveSmallIntegerField(help_text="0 to 3 at random; 99: dead")
    due_at = models.DateTimeField(help_text="Sent again from then on, unless consumed")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Times sent by the sweeper")
    created_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, help_text="Why it is dead")

    class Meta:
        indexes = (models.Index(fields=["shard", "due_at"], name="outbox_due"),)

    def __str__(self) -> str:
        return f"{self.queue} {self.pk}"

    @property
    def is_dead(self) -> bool:
        return self.shard == DEAD
