"""Rows that keep what they were."""

from typing import Any, ClassVar

from django.db import models
from simple_history.models import HistoricalRecords


class Writer(models.Model):
    objects: ClassVar[Any] = models.Manager()

    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Poem(models.Model):
    objects: ClassVar[Any] = models.Manager()

    title = models.CharField(max_length=50)
    text = models.TextField(blank=True)
    writer = models.ForeignKey(Writer, models.CASCADE, null=True, blank=True)
    tags = models.ManyToManyField(Writer, related_name="mentioned_in", blank=True)
    history: Any = HistoricalRecords(m2m_fields=[tags])

    def __str__(self) -> str:
        return self.title
