"""The counters as rows, to be read with other rows in one call."""

from django.db import models


class Count(models.Model):
    """What the cache keeps of one counter, by the key that it has there.

    Only to be read: `limits.services` counts. Each window has keys of its own, so that one is over
    needs no look at its time to live.
    """

    id = models.CharField(primary_key=True, max_length=250)
    value = models.BigIntegerField()

    class Meta:
        managed = False  # the cache's table; `migrate` makes it as that
        db_table = "cache"

    def __str__(self) -> str:
        return f"{self.id}: {self.value}"
