"""Something to have permissions on, to import, to filter and to revert."""

from typing import Any, ClassVar

from django.db import models


class Author(models.Model):
    objects: ClassVar[Any] = models.Manager()

    name = models.CharField(max_length=50, unique=True)

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    objects: ClassVar[Any] = models.Manager()

    title = models.CharField(max_length=50)
    author = models.ForeignKey(Author, models.CASCADE, null=True, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    published = models.DateField(null=True, blank=True)
    in_print = models.BooleanField(default=True)

    class Meta:
        ordering = ["title"]
        permissions = [("lend_book", "Can lend a book")]

    def __str__(self) -> str:
        return self.title
