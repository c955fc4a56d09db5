"""Columns of orders."""

from typing import Any

from django.conf import settings
from django.db import models


class WordField(models.CharField):
    """One of the choices. Rows of before there was the column, or of older code that runs beside
    this one, have none, and are read as if they had the default."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return str(self.get_default()) if value is None else value


class LanguageField(models.CharField):
    """One of the shop's languages. Its first is not stored: most orders are in it, and each byte
    counts where an order is just within a unit."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return value or settings.LANGUAGE_CODE

    def get_prep_value(self, value: Any) -> str | None:
        return None if value == settings.LANGUAGE_CODE else value
