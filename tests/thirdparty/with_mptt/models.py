"""A tree by the numbers at which a node begins and ends."""

from typing import Any, ClassVar

from django.db import models
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey


class Genre(MPTTModel):
    objects: ClassVar[Any] = TreeManager()

    name = models.CharField(max_length=50, unique=True)
    parent = TreeForeignKey("self", models.CASCADE, null=True, related_name="children")

    class MPTTMeta:
        order_insertion_by = ["name"]

    def __str__(self) -> str:
        return self.name
